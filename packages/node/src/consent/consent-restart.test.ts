import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestDatabase, type TestDatabase } from "../database/database.fixture.ts";
import { embeddedDatabase } from "../database/embedded-database.ts";
import { initKeyFolder, keysFromFolder } from "../key/key-folder.ts";
import { openFixture } from "../privacy.fixture.ts";

let dir: string;
/** A server's database, or undefined where the embedded folder is used. */
let server: TestDatabase | undefined;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "consent-"));
  if (process.env["TEST_DATABASE"] !== undefined) server = await openTestDatabase();
  await initKeyFolder(join(dir, "keys"));
});
afterAll(async () => {
  await server?.close();
  await rm(dir, { recursive: true });
});

/** A process that commits a grant and never answers. */
const PROGRAM = `
  import { embeddedDatabase, keysFromFolder, postgresDatabase } from "@miniprivacy/node";
  import { decision, openFixture } from ${JSON.stringify(new URL("../privacy.fixture.ts", import.meta.url).href)};
  const [dir, url] = process.argv.slice(1);
  const opened = url === undefined
    ? await embeddedDatabase(dir)
    : { ...(await postgresDatabase(url)), keys: await keysFromFolder(dir + "/keys") };
  let sent;
  const prepared = async (...statement) => {
    const rows = await opened.prepared(...statement);
    if (sent === undefined || rows[0]?.appended !== true) return rows;
    console.log(JSON.stringify(sent));
    return new Promise(() => {});
  };
  const shop = await openFixture({ ...opened, prepared });
  const path = "/notice?language=en&purposes=delivery";
  const { body } = await shop.call("GET", path, { as: "killed" });
  sent = { decisions: [decision({ notice: body.token })] };
  await shop.call("POST", "/consents", { as: "killed", body: sent });
`;

describe("a server killed between commit and answer", () => {
  it("WX-4.4.3: has recorded the decision, and the retry is answered with the receipt stored then", async () => {
    const args = ["--import", "tsx", "--conditions", "@miniprivacy/source", "--input-type=module"];
    const target = server === undefined ? [dir] : [dir, server.url!];
    const child = spawn(process.execPath, [...args, "-e", PROGRAM, ...target], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    while (!output.includes("\n")) output += String((await once(child.stdout, "data"))[0]);
    child.kill("SIGKILL");
    await once(child, "close");

    const keys = await keysFromFolder(join(dir, "keys"));
    const opened = server === undefined ? await embeddedDatabase(dir) : { ...server, keys };
    const next = await openFixture({ ...opened, close: async () => {} });
    const body = JSON.parse(output) as object;
    const stored = await next.database.tables
      .selectFrom("log_event")
      .select("statement")
      .where("kind", "=", "consent")
      .execute();
    const retry = await next.call("POST", "/consents", { as: "killed", body });
    const again = await next.call("POST", "/consents", { as: "killed", body });
    expect([retry.status, again.text]).toEqual([201, retry.text]);
    const [{ receipt }] = retry.body["results"] as [{ receipt: string }];
    expect(stored).toEqual([{ statement: receipt }]);
    await next.privacy.close();
    if (server === undefined) await opened.close();
  });
});
