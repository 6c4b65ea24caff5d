import { CompiledQuery, type Kysely } from "kysely";
import type pg from "pg";
import { reachServer } from "./connection-fault.ts";
import type { Database } from "./database.ts";
import type { Tables } from "./tables.ts";

/** Runs named statements on a pool: each connection parses and plans one once. */
export function preparedOn(pool: pg.Pool): Database["prepared"] {
  return async <Row>(name: string, text: string, values: readonly unknown[]) =>
    (await reachServer(() => pool.query({ name, text, values: [...values] }))).rows as Row[];
}

/** The same on one connection that must not be lost: `pool.query` gives a connection up at any error. */
export function unpreparedOn(tables: Kysely<Tables>): Database["prepared"] {
  return async <Row>(_name: string, text: string, values: readonly unknown[]) =>
    (await tables.executeQuery<Row>(CompiledQuery.raw(text, [...values]))).rows;
}
