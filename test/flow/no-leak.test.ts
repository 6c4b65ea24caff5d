import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPrivacyClient } from "@miniprivacy/web";
import pg from "pg";
import type { policy } from "../../docs/examples/corner-shop/src/policy.ts";
import { initKeyFolder } from "../../packages/node/src/key/key-folder.ts";
import type { ServerDatabase } from "../../packages/node/src/database/server-database.fixture.ts";
import { postgresMissing, temporaryDatabase } from "../support/postgres-server.ts";
import { type DemoAnswer, type DemoServer, startDemo } from "../support/demo-server.ts";

/** Values that stand for a person wherever they turn up. */
const MARKS = {
  subject: "marked-subject-4711",
  phone: "13800138473",
  address: "Marked Lane 93",
  note: "marked note 558",
};

const missing = await postgresMissing();

describe.each(["embedded", ...(missing === undefined ? ["PostgreSQL"] : [])])(
  "a whole life of one person, marked, %s",
  (kind) => {
    let dir: string;
    let demo: DemoServer;
    let server: ServerDatabase | undefined;
    const answers: DemoAnswer[] = [];
    const errors: DemoAnswer[] = [];
    /** What her client asked for. */
    const urls: string[] = [];
    beforeAll(async () => {
      dir = await mkdtemp(join(tmpdir(), "no-leak-"));
      if (kind === "PostgreSQL") {
        server = await temporaryDatabase();
        const keys = join(dir, "keys");
        await initKeyFolder(keys);
        demo = await startDemo(dir, { DATABASE_URL: server.url, MINIPRIVACY_KEYS: keys });
      } else demo = await startDemo(dir);
    });
    afterAll(async () => {
      await demo.stop();
      await server?.drop();
      await rm(dir, { recursive: true });
    });

    async function call(
      method: string,
      path: string,
      body?: object,
      headers?: { readonly [name: string]: string },
    ) {
      const answer = await demo.call(method, path, MARKS.subject, body, headers);
      answers.push(answer);
      if (answer.status >= 400) errors.push(answer);
      return answer;
    }

    const client = createPrivacyClient<typeof policy>({
      endpoint: "/privacy",
      language: "zh-CN",
      prompt: async () => "given",
      host: { fetch: () => Promise.reject(new Error("not used")), crypto },
      transport: ({ method, url, headers, body }) => {
        urls.push(url);
        return call(method, url, body === undefined ? undefined : JSON.parse(body), headers);
      },
    });

    it("passes through", async () => {
      expect((await client.consent.ask("delivery")).permitted).toBe(true);
      await call("POST", "/orders", {
        item: "bread",
        phone: MARKS.phone,
        address: MARKS.address,
        allergy: null,
        note: MARKS.note,
      });
      await call("GET", "/orders/label");
      const data = await client.data.view();
      expect(data).toMatchObject({ order: [{ phone: MARKS.phone }], note: [{ text: MARKS.note }] });
      await client.data.rectify("order", String(data["order"]![0]!["id"]), {
        address: `${MARKS.address} b`,
      });
      await client.data.export();
    });

    it("makes every kind of mistake", async () => {
      await call("PUT", "/privacy/data/order/x", { phone: MARKS.phone });
      await call("PUT", "/privacy/data/order/x", { [MARKS.phone]: MARKS.address });
      await call("PUT", `/privacy/data/${MARKS.phone}/x`, { phone: MARKS.phone });
      await call("POST", "/privacy/consents", {
        decisions: [{ purpose: MARKS.phone, note: MARKS.note }],
      });
      await call("POST", "/privacy/requests", { kind: MARKS.note });
      await call("GET", `/privacy/notice?language=${MARKS.phone}`);
      await call("GET", `/privacy/requests/${MARKS.phone}`);
      await call("GET", `/privacy/${MARKS.phone}?phone=${MARKS.phone}`);
      await call(
        "POST",
        "/privacy/staff/breaches",
        { summary: MARKS.note },
        { "x-demo-roles": "privacy-officer" },
      );
      await call("POST", "/orders", { phone: MARKS.phone });
      expect(errors).toHaveLength(10);
    });

    it("nothing of her is in an error, a header, a log line, or a URL her client asks for", () => {
      expect(urls.length).toBeGreaterThan(4);
      const seen = [
        ...errors.map(({ text }) => text),
        ...answers.map(({ headers }) => headers),
        demo.output(),
        ...urls.map(decodeURIComponent),
      ].join("\n");
      for (const mark of Object.values(MARKS)) expect(seen).not.toContain(mark);
    });

    it("nothing of her is in any byte MiniPrivacy keeps, before and after the erasure", async () => {
      const kept = async (): Promise<readonly Uint8Array[]> => {
        if (server !== undefined) return [Buffer.from(await everyRow(server.url))];
        const privacy = join(dir, "privacy");
        const entries = (await readdir(privacy, { recursive: true, withFileTypes: true })).filter(
          (entry) => entry.isFile(),
        );
        return Promise.all(entries.map(({ parentPath, name }) => readFile(join(parentPath, name))));
      };
      const found = async (): Promise<readonly string[]> => {
        const contents = (await kept()).map((bytes) => Buffer.from(bytes));
        return Object.entries(MARKS).flatMap(([kind, mark]) =>
          contents.some(
            (content) =>
              content.includes(mark) || content.includes(Buffer.from(mark).toString("hex")),
          )
            ? [kind]
            : [],
        );
      };
      await new Promise((resolve) => setTimeout(resolve, 700)); // the access log is written behind, within half a second
      expect(await found()).toEqual([]);
      const opened = await client.requests.erase();
      for (let state: unknown; state !== "fulfilled";)
        ({ state } = await client.requests.progress(opened));
      expect(await found()).toEqual([]);
    });
  },
);

/** Every row of every table as text; bytes as hex digits. */
async function everyRow(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows: tables } = await client.query<{ name: string }>(
    `select format('%I.%I', nspname, relname) as name
      from pg_class join pg_namespace on pg_namespace.oid = relnamespace
      where relkind in ('r', 'p') and nspname not in ('pg_catalog', 'information_schema')`,
  );
  const texts: string[] = [];
  for (const { name } of tables) {
    const { rows } = await client.query<{ text: string }>(`select t::text as text from ${name} t`);
    texts.push(...rows.map(({ text }) => text));
  }
  await client.end();
  return texts.join("\n");
}
