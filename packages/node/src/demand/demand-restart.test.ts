import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { filesConnector } from "../connector/files-connector.ts";
import { openTestDatabase, type TestDatabase } from "../database/database.fixture.ts";
import { embeddedDatabase } from "../database/embedded-database.ts";
import { initKeyFolder, keysFromFolder } from "../key/key-folder.ts";
import { openFixture } from "../privacy.fixture.ts";

const PEOPLE = 12;
let dir: string;
let root: string;
/** A server's database, or undefined where the embedded folder is used. */
let server: TestDatabase | undefined;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "demand-restart-"));
  root = join(dir, "orders");
  if (process.env["TEST_DATABASE"] !== undefined) server = await openTestDatabase();
  await initKeyFolder(join(dir, "keys"));
  for (let i = 0; i < PEOPLE; i++) {
    await mkdir(join(root, `p${i}`), { recursive: true });
    await writeFile(join(root, `p${i}`, "order"), "13912345678");
  }
});
afterAll(async () => {
  await server?.close();
  await rm(dir, { recursive: true });
});

const own = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href);
/** Begins a demand, and dies as a process that is killed once some people's files are gone. */
const PROGRAM = `
  import { embeddedDatabase, filesConnector, keysFromFolder, postgresDatabase } from "@miniprivacy/node";
  import { openFixture } from ${own("../privacy.fixture.ts")};
  const [dir, url] = process.argv.slice(1);
  const database = url === undefined
    ? await embeddedDatabase(dir)
    : { ...(await postgresDatabase(url)), keys: await keysFromFolder(dir + "/keys") };
  const files = filesConnector({ root: dir + "/orders", record: "order", path: "{subjectId}/*", fields: { name: "id", content: "phone" } });
  let erased = 0;
  const eraseFields = async (...of) => {
    if (erased++ === 5) process.kill(process.pid, "SIGKILL");
    await files.eraseFields(...of);
  };
  const shop = await openFixture(database, { connectors: { files: { ...files, eraseFields } } });
  const body = { trigger: { kind: "platform-demand", platform: "weixin", number: "N-1" }, selector: { category: "phone" } };
  const { status } = await shop.call("POST", "/staff/demands", { as: "officer", roles: ["privacy-officer"], body });
  if (status !== 201) process.exit(1);
  await new Promise((then) => setTimeout(then, 60000));
`;

it("WX-4.4.5b, WX-4.7a: a demand goes on where a killed process left it, and its gate stays closed", async () => {
  const args = ["--import", "tsx", "--conditions", "@miniprivacy/source", "--input-type=module"];
  const url = server?.url === undefined ? [] : [server.url];
  const child = spawn(process.execPath, [...args, "-e", PROGRAM, dir, ...url], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  expect(await once(child, "exit")).toEqual([null, "SIGKILL"]);
  expect(await readdir(root)).toHaveLength(PEOPLE - 5);
  expect(await readFile(join(root, (await readdir(root))[0]!, "order"), "utf8")).toBe(
    "13912345678",
  );

  const database =
    server === undefined
      ? await embeddedDatabase(dir)
      : { ...server, keys: await keysFromFolder(join(dir, "keys")), close: async () => {} };
  const files = filesConnector({
    root,
    record: "order",
    path: "{subjectId}/*",
    fields: { name: "id", content: "phone" },
  });
  const shop = await openFixture(database, { connectors: { files } });
  const orders = await shop.call("GET", "/staff/orders", { as: "auditor", roles: ["auditor"] });
  expect(orders.body["filings"]).toMatchObject([{ record: { closes: { category: "phone" } } }]);
  await shop.privacy.idle();
  expect(await readdir(root)).toEqual([]);
  const { body } = await shop.call("GET", "/staff/demands", { as: "auditor", roles: ["auditor"] });
  expect(body["demands"]).toMatchObject([
    {
      state: "finished",
      steps: [{ store: "files", record: "order", rows: PEOPLE, outcome: "verified-absent" }],
    },
  ]);
  await shop.privacy.close();
});
