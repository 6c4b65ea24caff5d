import { type Connector, mysqlConnector, type MysqlPool } from "@miniprivacy/node";

/** Orders stay for the books, as nobody's; `pool` is `mysql.createPool(…)` of `mysql2/promise`. */
export function connectMysql(pool: MysqlPool): Connector {
  return mysqlConnector({
    pool,
    tables: {
      order: {
        table: "t_order",
        key: "id",
        subject: "member_id",
        columns: { phone: "rcv_mobile", address: "rcv_address" },
        erase: { set: { phone: "" } },
      },
    },
    undo: { keptDays: 1 },
    binlog: { keptDays: 7 },
  });
}
