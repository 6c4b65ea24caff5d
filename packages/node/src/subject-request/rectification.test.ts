import { createHash } from "node:crypto";
import { canonicalJson, lengthPrefixed } from "@miniprivacy/core";
import { PrivacyError } from "@miniprivacy/core/errors";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Connector, RecordRow } from "../connector/connector.ts";
import { openTestDatabase } from "../database/database.fixture.ts";
import { type Answer, type Fixture, memoryStore, openFixture, row } from "../privacy.fixture.ts";

const NEW = { phone: "13800000000" };
const OLD = "13912345678";
const STORE_TIMEOUT_MS = 100;

/** What a store does in place of its own work. */
type Replaced = Partial<Pick<Connector, "erase" | "find" | "rectify">>;

/** Named in an order that is not the one in which they are to be asked. */
const kinds: { readonly [store: string]: Partial<Connector> } = {
  courier: { kind: "processor" },
  logs: { kind: "log", evidence: "declaration", rectify: async () => false },
  mailer: {
    kind: "processor",
    evidence: "acknowledgement",
    find: () => Promise.reject(new Error()),
  },
  shop: {},
  archive: {},
};
const stores = new Map(Object.keys(kinds).map((name) => [name, memoryStore()]));
const replaced = new Map<string, Replaced>();
const asked: string[] = [];
let shop: Fixture;

function connectorOf(name: string): Connector {
  const own: Connector = { ...stores.get(name)!.connector, ...kinds[name] };
  return {
    ...own,
    find: (...all) => (replaced.get(name)?.find ?? own.find)(...all),
    erase: (...all) => (replaced.get(name)?.erase ?? own.erase)(...all),
    async rectify(...all) {
      asked.push(name);
      return (replaced.get(name)?.rectify ?? own.rectify)(...all);
    },
  };
}

beforeAll(async () => {
  const connectors = Object.fromEntries([...stores.keys()].map((one) => [one, connectorOf(one)]));
  shop = await openFixture(await openTestDatabase(), {
    connectors,
    storeTimeoutMs: STORE_TIMEOUT_MS,
  });
});
afterEach(() => {
  replaced.clear();
  asked.length = 0;
  shop.logged.length = 0;
});
afterAll(() => shop.privacy.close());

/** A person whose order lies in these stores. */
function plant(subjectId: string, ...names: readonly string[]): void {
  for (const name of names) stores.get(name)!.rows.push(row(subjectId));
}

const correct = (as: string, body: object = NEW): Promise<Answer> =>
  shop.call("PUT", `/data/order/order-of-${as}`, { as, body });

function held(name: string, subjectId: string): unknown {
  return stores.get(name)!.rows.find(({ memberId }) => memberId === subjectId)?.["phone"];
}

function outcomes({ body }: Answer): { readonly [store: string]: string } {
  const list = body["stores"] as readonly { readonly store: string; readonly outcome: string }[];
  return Object.fromEntries(list.map(({ store, outcome }) => [store, outcome]));
}

interface Entry {
  readonly fields: readonly { readonly field: string; readonly [when: string]: string | null }[];
  readonly stores: unknown;
}

/** What the log says of corrections, oldest first, and as the text that it is. */
async function entries(): Promise<readonly { readonly text: string; readonly entry: Entry }[]> {
  const events = shop.database.tables
    .selectFrom("log_event")
    .select("body")
    .where("tenant", "=", "")
    .where("kind", "=", "rectification")
    .orderBy("leaf_index");
  return (await events.execute()).map(({ body }) => {
    const text = Buffer.from(body).toString();
    return { text, entry: JSON.parse(text) as Entry };
  });
}

const down = (): Promise<never> => Promise.reject(new Error(`Key (phone)=(${NEW.phone}) exists`));
const hangs = (): Promise<never> => new Promise(() => {});
const refuses = (): Promise<never> => Promise.reject(new PrivacyError("ERR_INPUT_INVALID"));

describe("a correction", () => {
  it("WX-4.4.7a, PIPL-46: reaches every store that holds the row, the shop's own before processors", async () => {
    plant("all", "courier", "mailer", "shop", "archive");
    const answer = await correct("all");
    expect(answer.status).toBe(200);
    expect(answer.body["corrected"]).toEqual(["phone"]);
    expect(outcomes(answer)).toEqual({
      shop: "corrected",
      archive: "corrected",
      courier: "corrected",
      mailer: "accepted",
      logs: "not-asked",
    });
    expect(asked).toEqual(["shop", "archive", "courier", "mailer"]);
    for (const name of ["courier", "mailer", "shop", "archive"])
      expect(held(name, "all")).toBe(NEW.phone);
  });

  it("PIPL-46: is made where the row is, and changes nothing where it is not", async () => {
    plant("some", "archive");
    const answer = await correct("some");
    expect(answer.status).toBe(200);
    expect(outcomes(answer)).toEqual({
      shop: "not-found",
      archive: "corrected",
      courier: "not-found",
      mailer: "not-found",
      logs: "not-asked",
    });
    expect(asked).toEqual(["archive", "mailer"]);
  });

  it("of a row that is nowhere finds nothing, makes nobody known and leaves no entry", async () => {
    const before = await entries();
    expect((await correct("nobody")).status).toBe(404);
    expect(await entries()).toEqual(before);
  });

  it("leaves the rows of others as they are", async () => {
    plant("hers", "shop");
    const path = "/data/order/order-of-hers";
    expect((await shop.call("PUT", path, { as: "other", body: NEW })).status).toBe(404);
    expect(held("shop", "hers")).toBe(OLD);
  });

  it("of ten megabytes is too large, and reaches no store", async () => {
    plant("large", "shop");
    const answer = await correct("large", { address: "x".repeat(10_000_000) });
    expect([answer.status, answer.body["code"]]).toEqual([413, "ERR_INPUT_TOO_LARGE"]);
    expect(asked).toEqual([]);
  });

  it("by a person whose erasure is under way is made as before", async () => {
    plant("leaving", "shop");
    replaced.set("shop", { erase: down });
    const opened = await shop.call("POST", "/requests", { as: "leaving", body: { kind: "erase" } });
    expect(opened.status).toBe(201);
    expect((await correct("leaving")).status).toBe(200);
    expect(held("shop", "leaving")).toBe(NEW.phone);
  });
});

describe("PIPL-46: a correction that one of two stores does not take", () => {
  const lies = async (): Promise<boolean> => true;
  it.each<[what: string, does: Replaced]>([
    ["fails", { rectify: down }],
    ["hangs", { rectify: hangs }],
    ["says that it is corrected and has not changed it", { rectify: lies }],
    ["says that there is no row and shows one", { rectify: async () => false }],
    ["answers nonsense", { rectify: async () => "yes" as never }],
    ["shows nonsense", { find: async () => "rows" as never }],
    ["cannot be read", { find: down }],
    ["hangs when it is read", { find: hangs }],
  ])("because it %s is reported, and asking again repairs it", async (what, does) => {
    const as = `half-${what.replaceAll(" ", "-")}`;
    plant(as, "shop", "archive");
    replaced.set("archive", does);
    const answer = await correct(as);
    expect(answer.status).toBe(207);
    expect(answer.body["corrected"]).toEqual([]);
    expect(outcomes(answer)).toMatchObject({ shop: "corrected", archive: "failed" });
    expect([held("shop", as), held("archive", as)]).toEqual([NEW.phone, OLD]);
    expect(shop.logged).toContainEqual({ store: "archive", record: "order", outcome: "failed" });
    expect((await entries()).at(-1)!.entry.stores).toEqual(answer.body["stores"]);

    replaced.clear();
    const again = await correct(as);
    expect(again.status).toBe(200);
    expect([held("shop", as), held("archive", as)]).toEqual([NEW.phone, NEW.phone]);
  });

  it("because the first fails stops no other", async () => {
    plant("first-down", "shop", "archive", "courier");
    replaced.set("shop", { rectify: down });
    const answer = await correct("first-down");
    expect(answer.status).toBe(207);
    expect(outcomes(answer)).toMatchObject({
      shop: "failed",
      archive: "corrected",
      courier: "corrected",
    });
  });

  it.each<[what: string, rectify: Connector["rectify"]]>([
    ["fails", down],
    ["hangs", hangs],
    ["answers nonsense", async () => "yes" as never],
  ])("because it cannot be read and %s is reported", async (what, rectify) => {
    const as = `unread-${what.replaceAll(" ", "-")}`;
    plant(as, "shop", "mailer");
    replaced.set("mailer", { rectify });
    const answer = await correct(as);
    expect(answer.status).toBe(207);
    expect(outcomes(answer)).toMatchObject({ shop: "corrected", mailer: "failed" });
  });

  it("but holds all the same is one it took", async () => {
    plant("late", "shop");
    const { rectify } = stores.get("shop")!.connector;
    replaced.set("shop", { rectify: async (...all) => (await rectify(...all)) && down() });
    const answer = await correct("late");
    expect([answer.status, outcomes(answer)["shop"]]).toEqual([200, "corrected"]);
  });

  it("because it was written over meanwhile is reported", async () => {
    plant("raced", "shop", "archive");
    const { rectify } = stores.get("archive")!.connector;
    replaced.set("archive", {
      async rectify(record, subject, key, patch) {
        await stores.get("shop")!.connector.rectify(record, subject, key, { phone: OLD });
        return rectify(record, subject, key, patch);
      },
    });
    const answer = await correct("raced");
    expect(answer.status).toBe(207);
    expect(outcomes(answer)).toMatchObject({ shop: "failed", archive: "corrected" });
  });

  it("and no other either is 503, changes nothing and leaves no entry", async () => {
    plant("none", "shop", "archive");
    const before = await entries();
    replaced.set("shop", { rectify: down });
    replaced.set("archive", { rectify: hangs });
    const { status, body } = await correct("none");
    expect([status, body["code"]]).toEqual([503, "ERR_STORE_UNAVAILABLE"]);
    expect(await entries()).toEqual(before);
  });

  it("tells no value to the log, to an error or to the client that does not know it", async () => {
    plant("quiet", "shop", "archive");
    replaced.set("archive", { rectify: down });
    const { text } = await correct("quiet");
    const entry = (await entries()).at(-1)!;
    for (const told of [text, entry.text, JSON.stringify(shop.logged)])
      expect(told).not.toMatch(new RegExp(`${NEW.phone}|${OLD}`));
  });
});

describe("values that a store cannot hold", () => {
  it("WX-4.4.7a: are refused before any other store is touched", async () => {
    plant("refused", "shop", "archive", "courier");
    const before = await entries();
    replaced.set("shop", { rectify: refuses });
    const { status, body } = await correct("refused");
    expect([status, body]).toEqual([
      400,
      { code: "ERR_INPUT_INVALID", requestId: expect.any(String) },
    ]);
    expect(asked).toEqual(["shop"]);
    expect(await entries()).toEqual(before);
  });

  it("PIPL-46: once another was changed, are reported, and no further store is touched", async () => {
    plant("refused-later", "shop", "archive", "courier");
    replaced.set("archive", { rectify: refuses });
    const answer = await correct("refused-later");
    expect(answer.status).toBe(207);
    expect(outcomes(answer)).toEqual({
      shop: "corrected",
      archive: "refused",
      courier: "not-asked",
      mailer: "not-asked",
      logs: "not-asked",
    });
    expect(held("courier", "refused-later")).toBe(OLD);
  });
});

describe("PIPL-46: the log's entry of a correction", () => {
  interface Commitment {
    readonly digest: string;
    readonly salt: string;
  }
  interface Digests {
    readonly field: string;
    readonly before: Commitment | null;
    readonly after: Commitment;
  }

  function digestOf(salt: string, value: unknown): string {
    const bytes = lengthPrefixed(Buffer.from(salt, "base64url"), Buffer.from(canonicalJson(value)));
    return createHash("sha256").update(bytes).digest("hex");
  }

  it("commits to both values, and whoever was given the salts can show them", async () => {
    plant("shows", "shop");
    const { body } = await correct("shows", { ...NEW, address: "Lake Road 1" });
    const digests = body["digests"] as readonly Digests[];
    const { entry } = (await entries()).at(-1)!;
    expect(entry.fields).toEqual(
      digests.map(({ field, before, after }) => ({
        field,
        before: before!.digest,
        after: after.digest,
      })),
    );
    const [phone, address] = digests;
    expect(digestOf(phone!.before!.salt, OLD)).toBe(phone!.before!.digest);
    expect(digestOf(phone!.after.salt, NEW.phone)).toBe(phone!.after.digest);
    expect(digestOf(address!.before!.salt, "Garden Road 8")).toBe(address!.before!.digest);
    expect(digestOf(address!.after.salt, "Lake Road 1")).toBe(address!.after.digest);
    expect(digestOf(phone!.after.salt, OLD)).not.toBe(phone!.after.digest);
  });

  it("holds no salt, and says of no two values whether they are the same", async () => {
    plant("salted", "shop");
    const made = [await correct("salted"), await correct("salted")];
    const digests = made.flatMap(({ body }) => body["digests"] as readonly Digests[]);
    const commitments = digests.flatMap(({ before, after }) => [before!, after]);
    expect(new Set(commitments.map(({ digest }) => digest)).size).toBe(4);
    for (const { salt } of commitments) {
      expect(Buffer.from(salt, "base64url")).toHaveLength(16);
      for (const { body } of await everything()) {
        expect(body.includes(Buffer.from(salt, "base64url"))).toBe(false);
        expect(body.includes(salt)).toBe(false);
      }
    }
  });

  it("says nothing of a value that no store could show", async () => {
    plant("unseen", "mailer");
    const { status, body } = await correct("unseen");
    expect([status, (body["digests"] as readonly Digests[])[0]!.before]).toEqual([200, null]);
  });

  async function everything(): Promise<readonly { readonly body: Buffer }[]> {
    const events = shop.database.tables.selectFrom("log_event").where("tenant", "=", "");
    const bodies = await events.select(["body", "blinding"]).execute();
    return bodies.map(({ body, blinding }) => ({ body: Buffer.concat([body, blinding]) }));
  }
});

it("PIPL-46: a row counts as corrected in whatever form its store shows the value", async () => {
  const forms: readonly (readonly [given: string, shown: RecordRow])[] = [
    ["13800000000", { phone: 13_800_000_000 }],
    ["13800000000", { phone: 13_800_000_000n }],
  ];
  for (const [i, [phone, shown]] of forms.entries()) {
    const as = `form-${i}`;
    plant(as, "shop");
    replaced.set("shop", { find: async () => [row(as, shown)] });
    expect((await correct(as, { phone })).status).toBe(200);
  }
});
