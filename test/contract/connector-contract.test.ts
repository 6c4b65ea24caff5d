import type { Connector, ConnectorAtOnce, RecordRow, SubjectIdentity } from "@miniprivacy/node";
import { type ConnectorUnderContract, connectorContract } from "@miniprivacy/node/testing";
import { describe, expect, it } from "vitest";
import { isOf, type Memory, memoryConnector } from "./memory-notes.ts";

type Fault = (sound: Connector, store: Memory) => Partial<Connector>;

function memoryStore(fault: Fault): ConnectorUnderContract {
  const store: Memory = { rows: [], waste: [] };
  const sound = memoryConnector(store);
  return {
    connector: { ...sound, ...fault(sound, store) },
    plant: async (row) => void store.rows.push(row),
    all: async () => store.rows,
    keeps: async (text) => JSON.stringify(store).includes(text),
    close: async () => {},
  };
}

async function failing(fault: Fault): Promise<readonly string[]> {
  const failed: string[] = [];
  for (const { name, run } of connectorContract(async () => memoryStore(fault)))
    await run().catch(() => failed.push(name));
  return failed;
}

/** A connector's answers about one record, for those about several. */
function takenAtOnce({ count, find, erase, describe }: Connector): ConnectorAtOnce {
  return {
    count: (records, of) => Promise.all(records.map((record) => count(record, of))),
    countFound: (records, of) =>
      Promise.all(records.map(async (record) => (await find(record, of)).length)),
    describe: (names) => Promise.all(names.map(describe)),
    async erase(records, of) {
      for (const record of records) await erase(record, of);
    },
  };
}

const foldsCase = (text: string): string => text.toLowerCase();
const likePattern = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")
      .replaceAll("%", ".*")
      .replaceAll("_", ".")}$`,
    "s",
  );

const FAULTS: readonly (readonly [caught: string, fault: string, Fault])[] = [
  [
    "it finds what was planted, with the fields the data map names",
    "a find that cannot see",
    () => ({ find: async () => [] }),
  ],
  [
    "it finds what was planted, with the fields the data map names",
    "a find that gives the columns of its own table",
    (sound) => ({
      find: async (record, of) =>
        (await sound.find(record, of)).map(({ memberId, ...row }) => ({
          ...row,
          member_id: memberId,
        })),
    }),
  ],
  [
    "it finds what was planted, with the fields the data map names",
    "a key that is none",
    () => ({ keyField: () => "text" }),
  ],
  [
    "it finds what was planted, with the fields the data map names",
    "a record nobody has",
    () => ({ records: [] }),
  ],
  [
    "it counts a subject's rows, and none of others",
    "a count of everybody's rows",
    (_sound, store) => ({ count: async () => store.rows.length }),
  ],
  [
    "it counts a subject's rows, and none of others",
    "a count that says whether, not how many",
    (sound) => ({ count: async (record, of) => Math.min(1, await sound.count(record, of)) }),
  ],
  [
    "it finds and counts nothing of somebody who is not there",
    "a find that falls back to everybody",
    (sound, store) => ({
      find: async (record, of) => {
        const rows = await sound.find(record, of);
        return rows.length > 0 ? rows : (store.rows as unknown as RecordRow[]);
      },
    }),
  ],
  [
    "it erases every row of the subject, however many",
    "a delete that ends after a page of rows",
    (_sound, store) => ({
      async erase(_record, of) {
        const gone = new Set(store.rows.filter((row) => isOf(row, of)).slice(0, 100));
        store.rows = store.rows.filter((row) => !gone.has(row));
      },
    }),
  ],
  [
    "it erases every row of the subject, however many",
    "a find that ends after a page of rows",
    (sound) => ({ find: async (record, of) => (await sound.find(record, of)).slice(0, 100) }),
  ],
  [
    "it erases every row of the subject, however many",
    "a delete that only hides",
    (sound) => {
      const hidden = new Set<string>();
      return {
        find: async (record, of) => (hidden.has(of.subjectId) ? [] : sound.find(record, of)),
        count: async (record, of) => (hidden.has(of.subjectId) ? 0 : sound.count(record, of)),
        erase: async (_record, of) => void hidden.add(of.subjectId),
      };
    },
  ],
  [
    "it erases no row of another subject",
    "a delete of rows with the same key",
    (sound, store) => ({
      async erase(record, of) {
        const keys = (await sound.find(record, of)).map(({ name }) => name);
        store.rows = store.rows.filter(({ name }) => !keys.includes(name));
      },
    }),
  ],
  [
    "it can be told to erase again, and to erase somebody who is not there",
    "a second delete that fails",
    (sound) => ({
      async erase(record, of) {
        if ((await sound.count(record, of)) === 0) throw new Error("nothing to delete");
        await sound.erase(record, of);
      },
    }),
  ],
  [
    "it can be told to erase again, and to erase somebody who is not there",
    "a delete that remembers whom it has done",
    (sound) => {
      const done = new Set<string>();
      return {
        async erase(record, of) {
          if (!done.has(of.subjectId)) await sound.erase(record, of);
          done.add(of.subjectId);
        },
      };
    },
  ],
  [
    "it erases while others write and others are erased",
    "a delete that writes back what it had read before",
    (_sound, store) => ({
      async erase(_record, of) {
        const kept = store.rows.filter((row) => !isOf(row, of));
        await Promise.resolve();
        store.rows = kept;
      },
    }),
  ],
  [
    "it erases fields and keeps the rest",
    "an erasure of fields that takes the rows",
    (sound) => ({ eraseFields: async (record, of) => sound.erase(record, of) }),
  ],
  [
    "it erases fields and keeps the rest",
    "an erasure of fields of everybody",
    (_sound, store) => ({
      async eraseFields() {
        store.rows = store.rows.map((row) => ({ ...row, text: "" }));
      },
    }),
  ],
  [
    "it erases fields and keeps the rest",
    "an erasure of fields that is said and not done",
    () => ({ eraseFields: async () => {} }),
  ],
  [
    "it erases fields and keeps the rest",
    "blank values that are not what is found",
    () => ({ blankValues: () => ({ text: "erased" }) }),
  ],
  [
    "it erases fields and keeps the rest",
    "an erasure that erases what it was not asked to",
    (_sound, store) => ({
      async eraseFields(_record, of) {
        store.rows = store.rows.map((row) => (isOf(row, of) ? { ...row, text: "" } : row));
      },
    }),
  ],
  [
    "it corrects one field of one row",
    "a correction of all the subject's rows",
    (sound, store) => ({
      async rectify(record, of, key, patch) {
        const done = await sound.rectify(record, of, key, patch);
        if (done)
          store.rows = store.rows.map((row) => (isOf(row, of) ? { ...row, ...patch } : row));
        return done;
      },
    }),
  ],
  [
    "it corrects one field of one row",
    "a correction that is said and not done",
    (sound) => ({
      rectify: async (record, of, key) =>
        (await sound.find(record, of)).some(({ name }) => name === key),
    }),
  ],
  [
    "it corrects nothing of somebody else, and nothing that is not there",
    "a correction by key alone",
    (_sound, store) => ({
      async rectify(_record, _of, key, patch) {
        if (Object.keys(patch).some((field) => field !== "text")) throw new Error("fixed field");
        const at = store.rows.findIndex(({ name }) => name === key);
        if (at >= 0) store.rows[at] = { ...store.rows[at]!, ...patch };
        return at >= 0;
      },
    }),
  ],
  [
    "it moves no row to somebody else",
    "a correction of any field",
    (_sound, store) => ({
      async rectify(_record, of, key, patch) {
        const at = store.rows.findIndex((row) => row.name === key && isOf(row, of));
        if (at >= 0) store.rows[at] = { ...store.rows[at]!, ...patch };
        return at >= 0;
      },
    }),
  ],
  [
    "it tells the rows of tenants apart, or refuses every tenant but ''",
    "a connector deaf to tenants",
    (_sound, store) => ({
      async erase(_record, { subjectId }) {
        store.rows = store.rows.filter(({ memberId }) => memberId !== subjectId);
      },
    }),
  ],
  [
    "it tells the rows of tenants apart, or refuses every tenant but ''",
    "one without tenants that serves them all",
    () => ({ separatesTenants: false }),
  ],
  [
    "it tells the rows of tenants apart, or refuses every tenant but ''",
    "a tenant compared without case",
    (_sound, store) => ({
      count: async (_record, { tenant, subjectId }) =>
        store.rows.filter(
          (row) => row.memberId === subjectId && foldsCase(row.tenant) === foldsCase(tenant),
        ).length,
    }),
  ],
  [
    "it erases one tenant's rows of an id that another tenant has too",
    "a delete in the first tenant that has the id",
    (sound, store) => ({
      async erase(record, of) {
        const first = store.rows.find(({ memberId }) => memberId === of.subjectId);
        if ((await sound.count(record, of)) > 0)
          await sound.erase(record, { ...of, tenant: first!.tenant });
      },
    }),
  ],
  [
    "it keeps ids apart, whatever they are made of",
    "ids compared without case",
    (_sound, store) => ({
      async erase(_record, { tenant, subjectId }) {
        store.rows = store.rows.filter(
          (row) => row.tenant !== tenant || foldsCase(row.memberId) !== foldsCase(subjectId),
        );
      },
    }),
  ],
  [
    "it keeps ids apart, whatever they are made of",
    "ids taken for patterns",
    (_sound, store) => ({
      async erase(_record, { tenant, subjectId }) {
        const like = likePattern(subjectId);
        store.rows = store.rows.filter((row) => row.tenant !== tenant || !like.test(row.memberId));
      },
    }),
  ],
  ...(
    [
      ["trimmed", (id) => id.trim()],
      ["normalized", (id) => id.normalize()],
      ["cut off", (id) => id.slice(0, 255)],
      ["cut at NUL", (id) => id.split("\0")[0]!],
      ["taken for numbers", (id) => (/^\d+$/.test(id) ? String(Number(id)) : id)],
    ] as const satisfies readonly (readonly [string, (id: string) => string])[]
  ).map(
    ([how, fold]) =>
      [
        "it keeps ids apart, whatever they are made of",
        `ids ${how}`,
        (_sound: Connector, store: Memory) => ({
          find: async (_record: unknown, { tenant, subjectId }: SubjectIdentity) =>
            store.rows
              .filter((row) => row.tenant === tenant && fold(row.memberId) === fold(subjectId))
              .map(({ name, memberId, text }) => ({ name, memberId, text })),
        }),
      ] as const,
  ),
  ...(
    [
      ["an erasure of several records that erases none", () => ({ erase: async () => {} })],
      [
        "an erasure of several records of whoever it is",
        (_sound, store) => ({ erase: async () => void (store.rows = []) }),
      ],
      ["a count that is no reading", () => ({ countFound: async () => [0] })],
      ["a count of one record too few", () => ({ count: async () => [] })],
    ] as const satisfies readonly (readonly [
      string,
      (sound: Connector, store: Memory) => Partial<ConnectorAtOnce>,
    ])[]
  ).map(
    ([fault, change]) =>
      [
        "it takes records at once as it does one by one, if it can",
        fault,
        (sound: Connector, store: Memory) => ({
          atOnce: { ...takenAtOnce(sound), ...change(sound, store) },
        }),
      ] as const,
  ),
  [
    "it says how it erases, without saying whom",
    "a description that names the subject",
    (sound) => {
      let last = "";
      return {
        find: async (record, of) => sound.find(record, of),
        async erase(record, of) {
          last = of.subjectId;
          await sound.erase(record, of);
        },
        describe: async (record) => ({
          ...(await sound.describe(record)),
          selector: `{subjectId} = ${last}`,
        }),
      };
    },
  ],
  [
    "it says how it erases, without saying whom",
    "a description that keeps the tenant quiet",
    (sound) => ({
      describe: async (record) => ({
        ...(await sound.describe(record)),
        selector: "note.memberId = {subjectId}",
      }),
    }),
  ],
  [
    "it says how it erases, without saying whom",
    "a description without a version",
    (sound) => ({
      describe: async (record) => ({ ...(await sound.describe(record)), toolVersion: "" }),
    }),
  ],
  [
    "it says how it erases, without saying whom",
    "a description of what it does not hold",
    (sound) => ({ describe: () => sound.describe("note") }),
  ],
  [
    "it says what it leaves behind and until when, and leaves nothing else",
    "waste that is kept quiet",
    (sound, store) => ({
      async erase(record, of) {
        store.waste.push(JSON.stringify(await sound.find(record, of)));
        await sound.erase(record, of);
      },
    }),
  ],
  [
    "it says what it leaves behind and until when, and leaves nothing else",
    "remnants that end before they begin",
    () => ({ remnants: async () => [{ where: "log", until: new Date(0).toISOString() }] }),
  ],
  [
    "it says what it leaves behind and until when, and leaves nothing else",
    "remnants without an end",
    () => ({ remnants: async () => [{ where: "log", until: "soon" }] }),
  ],
  [
    "it erases everybody's rows of one tenant, where it can do so at once",
    "a bulk erasure of every tenant",
    ({ bulk }, store) => ({
      bulk: {
        ...bulk!,
        async *erase() {
          yield store.rows.length;
          store.rows = [];
        },
      },
    }),
  ],
  [
    "it erases everybody's rows of one tenant, where it can do so at once",
    "a bulk erasure that counts what it has erased as there",
    ({ bulk }) => ({ bulk: { ...bulk!, count: async () => ({ rows: 3, persons: 2 }) } }),
  ],
  [
    "it erases everybody's rows of one tenant, where it can do so at once",
    "a bulk erasure that stops after one person",
    (sound, store) => ({
      bulk: {
        ...sound.bulk!,
        async *erase(record, { tenant }) {
          const [first] = store.rows.filter((row) => row.tenant === tenant);
          if (first !== undefined) await sound.erase(record, { tenant, subjectId: first.memberId });
          yield 3;
        },
      },
    }),
  ],
  [
    "it erases fields of everybody's rows, where it can do so at once",
    "a bulk erasure of whole rows in place of fields",
    ({ bulk }) => ({
      bulk: { ...bulk!, erase: (record, { tenant }) => bulk!.erase(record, { tenant }) },
    }),
  ],
  [
    "it names everybody who has rows, letter by letter, if it can",
    "names in lower case",
    (sound) => ({
      async *subjects(record) {
        for await (const { tenant, subjectId } of sound.subjects!(record))
          yield { tenant, subjectId: subjectId.toLowerCase() };
      },
    }),
  ],
  [
    "it names everybody who has rows, letter by letter, if it can",
    "people of the first tenant only",
    (_sound, store) => ({
      async *subjects() {
        for (const { memberId: subjectId } of store.rows) yield { tenant: "", subjectId };
      },
    }),
  ],
];

describe("connectorContract", () => {
  it("passes a sound connector", async () => {
    expect(await failing(() => ({}))).toEqual([]);
  });

  it.each(FAULTS)("%s: catches %s", async (caught, _name, fault) => {
    expect(await failing(fault)).toContain(caught);
  });

  it("has a fault for every case", () => {
    const cases = connectorContract(async () => memoryStore(() => ({}))).map(({ name }) => name);
    expect([...new Set(FAULTS.map(([caught]) => caught))].toSorted()).toEqual(cases.toSorted());
  });
});
