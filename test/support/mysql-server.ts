import { randomUUID } from "node:crypto";
import mysql from "mysql2/promise";

const inCi = process.env["CI"] === "true";
const offered = process.env["TEST_MYSQL_URL"];
const server = offered ?? "mysql://root@127.0.0.1:3306";

/** Why tests on a real MariaDB or MySQL do not run here; undefined where they do. In CI there is no excuse. */
export async function mysqlMissing(): Promise<string | undefined> {
  if (!inCi && offered === undefined) return "TEST_MYSQL_URL names no MySQL server";
  try {
    await (await mysql.createConnection({ uri: server, connectTimeout: 2000 })).end();
    return undefined;
  } catch (cause) {
    if (inCi) throw new Error("CI needs a MySQL server", { cause });
    return "no MySQL server at TEST_MYSQL_URL";
  }
}

export interface TemporaryMysql {
  readonly url: string;
  readonly pool: mysql.Pool;
  drop(): Promise<void>;
}

/** A database of its own for one test file. */
export async function temporaryMysql(): Promise<TemporaryMysql> {
  const database = `test_${randomUUID().replaceAll("-", "")}`;
  const url = `${server}/${database}`;
  const connection = await mysql.createConnection({ uri: server });
  await connection.query(`create database ${database} character set utf8mb4`);
  const pool = mysql.createPool({ uri: url, charset: "utf8mb4", connectionLimit: 5 });
  return {
    url,
    pool,
    async drop() {
      await pool.end();
      await connection.query(`drop database ${database}`);
      await connection.end();
    },
  };
}
