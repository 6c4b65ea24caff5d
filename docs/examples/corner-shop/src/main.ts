import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createSessions } from "./people.ts";
import { startServer } from "./server.ts";
import { openShop } from "./shop.ts";
import { tellStory } from "./story.ts";

const { values } = parseArgs({ options: { once: { type: "boolean" }, out: { type: "string" } } });
const kept = process.env["MINIPRIVACY_DATA"];
const dir = kept ?? (await mkdtemp(join(tmpdir(), "corner-shop-")));
const sessions = createSessions({ testSignIn: process.env["DEMO_TEST_SIGNIN"] === "1" });
const shop = await openShop(dir, sessions);
const server = await startServer(
  shop,
  sessions,
  values.once ? 0 : Number(process.env["PORT"] ?? 4310),
);

async function stop(): Promise<void> {
  await server.close();
  await shop.close();
  if (kept === undefined) await rm(dir, { recursive: true, force: true });
}

if (values.once) {
  try {
    const failed = await tellStory({
      url: server.url,
      folders: [dir, process.env["SHOP_FILES"] || dir],
      ...(values.out !== undefined && { out: values.out }),
    });
    process.exitCode = failed === 0 ? 0 : 1;
  } finally {
    await stop();
  }
} else {
  process.stdout.write(`ready ${server.url}\n`);
  const end = (): void => {
    setTimeout(() => process.exit(1), 5_000).unref();
    void stop().finally(() => process.exit(0));
  };
  process.once("SIGINT", end).once("SIGTERM", end);
}
