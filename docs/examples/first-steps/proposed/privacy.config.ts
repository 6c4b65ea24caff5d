// Written by miniprivacy init for you, 2026-11-24. It is yours now. 由 miniprivacy init 生成，请按实际情况修改。
import { definePrivacyConfig, mysqlConnector } from "@miniprivacy/node";
import { createPool } from "mysql2/promise";
import { policy, records } from "./policy.js";

// The address has a password in it: it stays in the environment. 地址含密码，放在环境变量里
const uri = process.env["SHOP_DATABASE_URL"] ?? "";
const pool = createPool({ uri, charset: "utf8mb4" });

export default definePrivacyConfig({
  policy,
  records,
  connectors: {
    shop: mysqlConnector({
      pool,
      tables: {
        t_member: {
          table: "t_member",
          key: "id",
          subject: "openid",
        },
        t_order: {
          table: "t_order",
          key: "id",
          subject: ["member_id", "t_member.openid"],
        },
        t_parcel: {
          table: "t_parcel",
          key: "id",
          subject: ["order_id", "t_order.member_id", "t_member.openid"],
        },
      },
      // How long logs and replicas keep old rows: say truthfully. 日志与副本保留旧数据几天，请如实填写
      undo: { keptDays: 1 },
      binlog: { keptDays: 7 },
    }),
  },
  // Reads without a consent are denied. 没有同意就不能读取
  access: "enforce",
  // Who is signed in, from your session; null is nobody. 从会话得知谁已登录
  authenticate: (_request) => null,
});
