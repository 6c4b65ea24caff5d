import pg from "pg";
import { reachServer } from "./connection-fault.ts";
import type { Notifications } from "./database.ts";
import { connectionTo } from "./postgres-connection.ts";

/** How long after a broken connection another one is tried. */
const RECONNECT_MS = 1000;

/** Listens on a channel over a connection outside the pool, and opens another when it breaks. */
export async function listenOn(
  url: string,
  channel: string,
  hear: () => void,
): Promise<Notifications> {
  let client: pg.Client | undefined;
  let retry: NodeJS.Timeout | undefined;
  let closed = false;

  async function connect(): Promise<void> {
    const opened = new pg.Client({ ...connectionTo(url), application_name: "miniprivacy-listen" });
    opened.on("error", () => {});
    opened.on("end", () => {
      client = undefined;
      if (!closed) retry = setTimeout(reconnect, RECONNECT_MS).unref();
    });
    opened.on("notification", hear);
    await opened.connect();
    await opened.query(`listen ${pg.escapeIdentifier(channel)}`);
    client = opened;
  }

  function reconnect(): void {
    connect().then(hear, () => {
      // The connection ended while it was made: "end" tries again.
    });
  }

  await reachServer(connect);
  return {
    notify() {
      client?.query("select pg_notify($1, '')", [channel]).catch(() => {});
    },
    async close() {
      closed = true;
      clearTimeout(retry);
      await client?.end();
    },
  };
}
