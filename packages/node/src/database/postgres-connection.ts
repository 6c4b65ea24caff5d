import type pg from "pg";

/** How long a connection is waited for, be it the server's answer or one of the pool's to come free. */
const CONNECT_MS = 10_000;

/** How every connection to a server is made: a server that does not answer is given up, not waited for. */
export function connectionTo(url: string): pg.ClientConfig {
  return { connectionString: url, connectionTimeoutMillis: CONNECT_MS, keepAlive: true };
}
