import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Connector, fileSafe, filesConnector, redisConnector } from "@miniprivacy/node";
import { createClient } from "@redis/client";

/** What customers write to the courier. */
export interface Notes {
  readonly connectors: { readonly [store: string]: Connector };
  put(memberId: string, name: string, text: string): Promise<void>;
  close(): Promise<void>;
}

const record = "note";
const fields = { name: "name", content: "text" };

/** Opens them in a folder, and with a `redis://` address in a cache the courier's app looks in first. */
export async function openNotes(
  dir: string,
  root = process.env["SHOP_FILES"] || join(dir, "shop-files"),
  redisUrl = process.env["SHOP_REDIS_URL"],
): Promise<Notes> {
  await mkdir(root, { recursive: true });
  const cache = redisUrl ? await openCache(redisUrl) : undefined;
  return {
    connectors: {
      notes: filesConnector({ root, record, path: "{subjectId}/*", fields }),
      ...(cache && { cache: cache.connector }),
    },
    async put(memberId, name, text) {
      const folder = join(root, fileSafe(memberId));
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, name), text);
      await cache?.put(memberId, name, text);
    },
    close: async () => cache?.close(),
  };
}

async function openCache(url: string): Promise<{
  readonly connector: Connector;
  put(memberId: string, name: string, text: string): Promise<void>;
  close(): void;
}> {
  const client = createClient({ url });
  client.on("error", () => {});
  await client.connect();
  return {
    // A server of a demo is thrown away with what it wrote to disk; yours keeps it for some days, and says so here.
    connector: redisConnector({
      url,
      record,
      keys: ["note:{subjectId}:*"],
      fields,
      persistence: { keptDays: 0 },
    }),
    async put(memberId, name, text) {
      await client.set(`note:${memberId}:${name}`, text);
    },
    close: () => client.destroy(),
  };
}
