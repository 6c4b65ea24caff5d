import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import {
  definePolicy,
  personal,
  personalRecord,
  type PersonalRecord,
  plain,
  subject,
} from "@miniprivacy/core/policy";
import * as z from "zod/mini";
import type { Connector, RecordRow } from "../connector/connector.ts";
import type { SubjectIdentity } from "../subject/subject-identity.ts";
import type { ContractCase } from "./contract-case.ts";

/** A row of the contract's record. Its key is `name`, which rows of other people may have too. */
export interface ContractRow {
  readonly name: string;
  readonly memberId: string;
  readonly text: string;
  /** `''` where the connector does not tell tenants apart. */
  readonly tenant: string;
}

/** An empty store and the connector that reaches it. */
export interface ConnectorUnderContract {
  readonly connector: Connector;
  /** Puts a row into the store as the host would; rejects one the store cannot hold. */
  plant(row: ContractRow): Promise<void>;
  /** Every row of the store in any order, read past the connector. */
  all(): Promise<readonly ContractRow[]>;
  /**
   * Whether a text is anywhere in what the store keeps: its files, pages, logs (not asked). With it the contract sees
   * whether a connector that names no remnants leaves none.
   */
  keeps?(text: string): Promise<boolean>;
  close(): Promise<void>;
}

/**
 * What every connector must do, whatever it connects.
 *
 * @param open Opens an empty store that holds the given record: fields `name` (the key), `memberId` (the subject), `text`.
 */
export function connectorContract(
  open: (record: PersonalRecord) => Promise<ConnectorUnderContract>,
): readonly ContractCase[] {
  return CASES.map(({ name, check }) => ({
    name,
    async run() {
      const store = await open(RECORD);
      try {
        await check({ ...store, ...tenantsOf(store.connector) });
      } finally {
        await store.close();
      }
    },
  }));
}

interface Store extends ConnectorUnderContract {
  /** The tenant most rows are of, and others it can have. */
  readonly home: string;
  readonly abroad: readonly string[];
}

interface Case {
  readonly name: string;
  readonly check: (store: Store) => Promise<void>;
}

const policy = definePolicy({
  id: "contract",
  version: "1",
  languages: ["en"],
  controller: { name: { en: "Shop" }, country: "CN", contact: { email: "a@shop.example" } },
  categories: { note: { label: { en: "Note" }, source: "subject" } },
  recipients: {},
  purposes: {},
});

const RECORD: PersonalRecord = personalRecord(policy, "note", {
  name: plain(z.string()),
  memberId: subject(z.string()),
  text: personal("note", z.string()),
});

/** Ids that a store, a path, a pattern or a statement could take for something else or for each other. */
const HOSTILE = [
  "o'brien\"; drop table note; --",
  "1 or 1=1",
  "../lin",
  "..",
  ".",
  "lin/../lin",
  "/",
  "a\\b",
  "%",
  "lin%",
  "l_n",
  "*",
  "%2e%2e",
  "~",
  "{subjectId}",
  "{tenant}",
  "${subjectId}",
  "Lin",
  "LIN",
  "lin ",
  " lin",
  "li\nn",
  "lin\0",
  "\0",
  "caf\u00e9",
  "cafe\u0301",
  "用户",
  "🧧",
  "\u202Enil",
  "null",
  "0",
  "00",
  "__proto__",
  "con",
  "x".repeat(10_240),
  "x".repeat(10_239) + "y",
] as const;

const CASES: readonly Case[] = [
  {
    name: "it finds what was planted, with the fields the data map names",
    async check(store) {
      const { connector, home } = store;
      ok(connector.records.includes("note"));
      equal(connector.keyField(RECORD), "name");
      await plantAll(store);
      deepEqual(await found(store, of(store, "lin")), [
        { name: "a", memberId: "lin", text: "one" },
        { name: "b", memberId: "lin", text: "two" },
      ]);
      deepEqual(await found(store, { tenant: home, subjectId: "wang" }), [
        { name: "a", memberId: "wang", text: "hers" },
      ]);
    },
  },
  {
    name: "it counts a subject's rows, and none of others",
    async check(store) {
      await plantAll(store);
      equal(await store.connector.count(RECORD, of(store, "lin")), 2);
      equal(await store.connector.count(RECORD, of(store, "wang")), 1);
    },
  },
  {
    name: "it finds and counts nothing of somebody who is not there",
    async check(store) {
      await plantAll(store);
      deepEqual(await store.connector.find(RECORD, of(store, "nobody")), []);
      equal(await store.connector.count(RECORD, of(store, "nobody")), 0);
    },
  },
  {
    name: "it erases every row of the subject, however many",
    async check(store) {
      for (let i = 0; i < 300; i++)
        await store.plant(row(store, { name: `n${i}`, memberId: "lin", text: `text ${i}` }));
      equal(await store.connector.count(RECORD, of(store, "lin")), 300);
      equal((await store.connector.find(RECORD, of(store, "lin"))).length, 300);
      await store.connector.erase(RECORD, of(store, "lin"));
      deepEqual(await everything(store), []);
      equal(await store.connector.count(RECORD, of(store, "lin")), 0);
      deepEqual(await store.connector.find(RECORD, of(store, "lin")), []);
    },
  },
  {
    name: "it erases no row of another subject",
    async check(store) {
      await plantAll(store);
      const others = (await everything(store)).filter((one) => !isOf(one, of(store, "lin")));
      await store.connector.erase(RECORD, of(store, "lin"));
      deepEqual(await everything(store), others);
    },
  },
  {
    name: "it can be told to erase again, and to erase somebody who is not there",
    async check(store) {
      await plantAll(store);
      await store.connector.erase(RECORD, of(store, "lin"));
      const left = await everything(store);
      await store.connector.erase(RECORD, of(store, "lin"));
      await store.connector.erase(RECORD, of(store, "nobody"));
      deepEqual(await everything(store), left);
      await store.plant(row(store, { name: "c", memberId: "lin", text: "came back" }));
      await store.connector.erase(RECORD, of(store, "lin"));
      deepEqual(await everything(store), left);
    },
  },
  {
    name: "it takes records at once as it does one by one, if it can",
    async check(store) {
      const { connector } = store;
      const { atOnce } = connector;
      if (atOnce === undefined) return;
      await plantAll(store);
      const lin = of(store, "lin");
      for (const subject of [lin, of(store, "wang"), of(store, "nobody")]) {
        deepEqual(await atOnce.count([RECORD], subject), [await connector.count(RECORD, subject)]);
        const rows = await connector.find(RECORD, subject);
        deepEqual(await atOnce.countFound([RECORD], subject), [rows.length]);
      }
      deepEqual(await atOnce.describe([RECORD.name]), [await connector.describe(RECORD.name)]);
      const others = (await everything(store)).filter((one) => !isOf(one, lin));
      for (let round = 0; round < 2; round++) {
        await atOnce.erase([RECORD], lin, [2]);
        deepEqual(await everything(store), others);
      }
    },
  },
  {
    name: "it erases fields and keeps the rest",
    async check(store) {
      const { connector } = store;
      const lin = of(store, "lin");
      await plantAll(store);
      const before = await everything(store);
      await connector.eraseFields(RECORD, lin, []);
      await connector.eraseFields(RECORD, of(store, "nobody"), ["text"]);
      deepEqual(await everything(store), before);
      for (let round = 0; round < 2; round++) {
        await connector.eraseFields(RECORD, lin, ["text"]);
        deepEqual(
          (await everything(store)).filter((one) => !isOf(one, lin)),
          before.filter((one) => !isOf(one, lin)),
        );
        const rows = await found(store, lin);
        const blank = connector.blankValues(RECORD);
        deepEqual(
          rows.map(({ name, text }) => ({ name, text })),
          blank === undefined
            ? []
            : ["a", "b"].map((name) => ({ name, text: blank["text"] ?? null })),
        );
        equal(await connector.count(RECORD, lin), rows.length);
      }
    },
  },
  {
    name: "it erases everybody's rows of one tenant, where it can do so at once",
    async check(store) {
      const { bulk, separatesTenants } = store.connector;
      if (bulk === undefined) return;
      await plantAll(store);
      if (separatesTenants)
        for (const tenant of store.abroad)
          await store.plant({ name: "a", memberId: "lin", text: "theirs", tenant });
      const others = (await everything(store)).filter(({ tenant }) => tenant !== store.home);
      const selection = { tenant: store.home };
      deepEqual(await bulk.count(RECORD, selection), { rows: 3, persons: 2 });
      equal(await erased(bulk.erase(RECORD, selection)), 3);
      deepEqual(await everything(store), others);
      equal(await erased(bulk.erase(RECORD, selection)), 0);
      deepEqual(await bulk.count(RECORD, selection), { rows: 0, persons: 0 });
      if (separatesTenants) return;
      const refusal = { code: "ERR_CONFIG_INVALID" };
      await rejects(() => bulk.count(RECORD, { tenant: "north" }), refusal);
      await rejects(() => erased(bulk.erase(RECORD, { tenant: "north" })), refusal);
    },
  },
  {
    name: "it erases fields of everybody's rows, where it can do so at once",
    async check(store) {
      const { bulk, separatesTenants } = store.connector;
      if (bulk === undefined) return;
      await plantAll(store);
      if (separatesTenants)
        await store.plant({ name: "a", memberId: "lin", text: "t", tenant: store.abroad[0]! });
      const before = await everything(store);
      const selection = { tenant: store.home, fields: ["text"] };
      deepEqual(await bulk.count(RECORD, selection), { rows: 3, persons: 2 });
      for (const times of [3, 0]) equal(await erased(bulk.erase(RECORD, selection)), times);
      deepEqual(await bulk.count(RECORD, selection), { rows: 0, persons: 0 });
      const blank = store.connector.blankValues(RECORD);
      const text = blank && ((blank["text"] ?? null) as string);
      deepEqual(
        await everything(store),
        before
          .map((one) => (text === undefined || one.tenant !== store.home ? one : { ...one, text }))
          .filter(({ tenant }) => text !== undefined || tenant !== store.home)
          .toSorted(byRow),
      );
    },
  },
  {
    name: "it erases while others write and others are erased",
    async check(store) {
      await plantAll(store);
      const names = Array.from({ length: 30 }, (_, i) => `w${i}`);
      const writing = names.map((name) =>
        store.plant(row(store, { name, memberId: "writer", text: name })),
      );
      const erasing = ["lin", "lin", "wang"].map((id) =>
        store.connector.erase(RECORD, of(store, id)),
      );
      await Promise.all([...writing, ...erasing]);
      equal(await store.connector.count(RECORD, of(store, "writer")), names.length);
      deepEqual(
        (await found(store, of(store, "writer"))).map(({ name }) => name),
        names.toSorted(),
      );
      equal(await store.connector.count(RECORD, of(store, "lin")), 0);
      equal(await store.connector.count(RECORD, of(store, "wang")), 0);
    },
  },
  {
    name: "it corrects one field of one row",
    async check(store) {
      await plantAll(store);
      const before = await everything(store);
      const subjectOf = of(store, "lin");
      equal(await store.connector.rectify(RECORD, subjectOf, "a", { text: "o'ne 一" }), true);
      deepEqual(
        await everything(store),
        before.map((one) =>
          one.name === "a" && isOf(one, subjectOf) ? { ...one, text: "o'ne 一" } : one,
        ),
      );
    },
  },
  {
    name: "it corrects nothing of somebody else, and nothing that is not there",
    async check(store) {
      await plantAll(store);
      await store.plant(row(store, { name: "c", memberId: "wang", text: "hers" }));
      const before = await everything(store);
      const patch = { text: "written over" };
      equal(await store.connector.rectify(RECORD, of(store, "lin"), "c", patch), false);
      equal(await store.connector.rectify(RECORD, of(store, "lin"), "none", patch), false);
      equal(await store.connector.rectify(RECORD, of(store, "nobody"), "a", patch), false);
      deepEqual(await everything(store), before);
    },
  },
  {
    name: "it moves no row to somebody else",
    async check(store) {
      await plantAll(store);
      const before = await everything(store);
      await Promise.resolve(
        store.connector.rectify(RECORD, of(store, "lin"), "a", { memberId: "wang" }),
      ).catch(() => false);
      deepEqual(await everything(store), before);
    },
  },
  {
    name: "it tells the rows of tenants apart, or refuses every tenant but ''",
    async check(store) {
      await plantAll(store);
      const before = await everything(store);
      for (const tenant of store.abroad) {
        const foreign = { tenant, subjectId: "lin" };
        const patch = { text: "written over" };
        if (store.connector.separatesTenants) {
          deepEqual(await found(store, foreign), []);
          equal(await store.connector.count(RECORD, foreign), 0);
          equal(await store.connector.rectify(RECORD, foreign, "a", patch), false);
          await store.connector.erase(RECORD, foreign);
        } else {
          const refusal = { code: "ERR_CONFIG_INVALID" };
          await rejects(() => store.connector.find(RECORD, foreign), refusal);
          await rejects(() => store.connector.count(RECORD, foreign), refusal);
          await rejects(() => store.connector.rectify(RECORD, foreign, "a", patch), refusal);
          await rejects(() => store.connector.erase(RECORD, foreign), refusal);
        }
        deepEqual(await everything(store), before, `rows of ${JSON.stringify(tenant)}`);
      }
    },
  },
  {
    name: "it erases one tenant's rows of an id that another tenant has too",
    async check(store) {
      if (!store.connector.separatesTenants) return;
      const foreign = { tenant: store.abroad[0]!, subjectId: "lin" };
      await plantAll(store);
      const before = await everything(store);
      await store.plant({ name: "a", memberId: "lin", text: "theirs", tenant: foreign.tenant });
      deepEqual(await found(store, foreign), [{ name: "a", memberId: "lin", text: "theirs" }]);
      equal(await store.connector.count(RECORD, of(store, "lin")), 2);
      await store.connector.erase(RECORD, foreign);
      deepEqual(await everything(store), before);
    },
  },
  {
    name: "it keeps ids apart, whatever they are made of",
    async check(store) {
      await plantAll(store);
      const held: string[] = [];
      for (const id of HOSTILE) {
        const planted = store.plant(
          row(store, { name: "n", memberId: id, text: `of ${held.length}` }),
        );
        await planted.then(
          () => held.push(id),
          () => undefined,
        );
      }
      let before = await everything(store);
      for (const id of HOSTILE) {
        const own = before.filter((one) => isOf(one, of(store, id)));
        equal(own.length, held.includes(id) ? 1 : 0, `planted of ${spelled(id)}`);
        await keepsApart(store, id, own);
        const others = before.filter((one) => !isOf(one, of(store, id)));
        deepEqual(await everything(store), others, `rows beside those of ${spelled(id)}`);
        before = others;
      }
    },
  },
  {
    name: "it names everybody who has rows, letter by letter, if it can",
    async check(store) {
      const { connector } = store;
      if (connector.subjects === undefined) return;
      const named = async (): Promise<readonly string[]> => {
        const ids = new Set<string>();
        for await (const { tenant, subjectId } of connector.subjects!(RECORD))
          ids.add(JSON.stringify([tenant, subjectId]));
        return [...ids].toSorted();
      };
      deepEqual(await named(), []);
      await plantAll(store);
      // A name of 10,000 letters may be kept as a digest, which names nobody.
      for (const memberId of HOSTILE.filter((id) => id.length < 100))
        await store.plant(row(store, { name: "n", memberId, text: "one" })).catch(() => undefined);
      const held = (await store.all()).map(({ tenant, memberId }) =>
        JSON.stringify([tenant, memberId]),
      );
      deepEqual(await named(), [...new Set(held)].toSorted());
    },
  },
  {
    name: "it says how it erases, without saying whom",
    async check(store) {
      const memberId = "who-4711";
      await store.plant(row(store, { name: "a", memberId, text: "one" }));
      const before = await store.connector.describe("note");
      await store.connector.erase(RECORD, of(store, memberId));
      const said = await store.connector.describe("note");
      deepEqual(said, before);
      match(said.selector, /\{subjectId\}/);
      equal(said.selector.includes("{tenant}"), store.connector.separatesTenants);
      for (const part of [said.selector, said.technique, said.tool, said.toolVersion])
        ok(typeof part === "string" && part.trim() !== "", "a part of the description is empty");
      ok(!JSON.stringify(said).includes(memberId), "the description names a subject");
      await rejects(() => store.connector.describe("no-such-record"));
    },
  },
  {
    name: "it says what it leaves behind and until when, and leaves nothing else",
    async check(store) {
      const secret = "secret-7d1f2a94c3";
      for (const memberId of ["wang", "zhao", "lin"])
        await store.plant(
          row(store, { name: "s", memberId, text: memberId === "lin" ? secret : "other" }),
        );
      if (store.keeps !== undefined)
        equal(await store.keeps(secret), true, "keeps sees what is there");
      await store.connector.erase(RECORD, of(store, "lin"));
      const now = new Date();
      const remnants = await store.connector.remnants(RECORD, now);
      for (const { where, until } of remnants) {
        ok(where.trim() !== "", "a remnant has no place");
        ok(Date.parse(until) > now.getTime(), "a remnant has no end, or ended before it began");
      }
      if (store.keeps !== undefined && remnants.length === 0)
        equal(await store.keeps(secret), false, "a remnant is not told of");
    },
  },
];

/** An id the store cannot hold is refused, or nothing is found of it; any other has its own row and no more. */
async function keepsApart(store: Store, id: string, own: readonly ContractRow[]): Promise<void> {
  const { connector } = store;
  const who = of(store, id);
  try {
    deepEqual(await found(store, who), own.map(asFound), `rows found of ${spelled(id)}`);
    equal(await connector.count(RECORD, who), own.length, `rows counted of ${spelled(id)}`);
    await connector.erase(RECORD, who);
  } catch (cause) {
    if (own.length > 0 || (cause as { code?: unknown }).code === "ERR_ASSERTION") throw cause;
  }
}

function tenantsOf({ separatesTenants }: Connector): Pick<Store, "home" | "abroad"> {
  return separatesTenants
    ? {
        home: "north",
        abroad: ["south", "North", "north ", "nor%", "../north", "northlin", "{tenant}"],
      }
    : { home: "", abroad: ["north", "lin", " ", ".."] };
}

function of({ home }: Store, subjectId: string): SubjectIdentity {
  return { tenant: home, subjectId };
}

function row({ home }: Store, content: Omit<ContractRow, "tenant">): ContractRow {
  return { ...content, tenant: home };
}

async function plantAll(store: Store): Promise<void> {
  await store.plant(row(store, { name: "a", memberId: "lin", text: "one" }));
  await store.plant(row(store, { name: "b", memberId: "lin", text: "two" }));
  await store.plant(row(store, { name: "a", memberId: "wang", text: "hers" }));
}

function isOf(one: ContractRow, { tenant, subjectId }: SubjectIdentity): boolean {
  return one.tenant === tenant && one.memberId === subjectId;
}

function asFound({ name, memberId, text }: ContractRow): Omit<ContractRow, "tenant"> {
  return { name, memberId, text };
}

async function everything(store: Store): Promise<readonly ContractRow[]> {
  const rows = await store.all();
  return rows
    .map(({ name, memberId, text, tenant }) => ({ name, memberId, text, tenant }))
    .toSorted(byRow);
}

async function found(store: Store, who: SubjectIdentity): Promise<readonly RecordRow[]> {
  return [...(await store.connector.find(RECORD, who))].toSorted(byRow);
}

function byRow(one: RecordRow | ContractRow, other: RecordRow | ContractRow): number {
  const [a, b] = [orderOf(one), orderOf(other)];
  return a < b ? -1 : a > b ? 1 : 0;
}

function orderOf({ tenant, memberId, name, text }: RecordRow | ContractRow): string {
  return JSON.stringify([tenant, memberId, name, text]);
}

async function erased(batches: AsyncIterable<number>): Promise<number> {
  let rows = 0;
  for await (const batch of batches) rows += batch;
  return rows;
}

function spelled(id: string): string {
  return JSON.stringify(id.length > 40 ? `${id.slice(0, 40)}…` : id);
}
