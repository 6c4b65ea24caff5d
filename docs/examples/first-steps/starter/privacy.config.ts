// Written by miniprivacy init for you, 2026-11-24. It is yours now. 由 miniprivacy init 生成，请按实际情况修改。
import { definePrivacyConfig, filesConnector } from "@miniprivacy/node";
import { deliveryNote, policy } from "./policy.js";

export default definePrivacyConfig({
  policy,
  records: [deliveryNote],
  // Where the data lies; postgresConnector does tables. 数据存放处
  connectors: {
    notes: filesConnector({
      root: "delivery-notes",
      record: "deliveryNote",
      path: "{subjectId}/*",
      fields: { name: "name", content: "text" },
    }),
  },
  // Reads without a consent are denied. 没有同意就不能读取
  access: "enforce",
  // Who is signed in, from your session; null is nobody. 从会话得知谁已登录
  authenticate: (_request) => null,
});
