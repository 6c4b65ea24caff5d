import { describe, expect, it } from "vitest";
import type { Connector, ConnectorAtOnce } from "../connector/connector.ts";
import { memoryStore, order, row } from "../privacy.fixture.ts";
import { createStoreReaders } from "./store-readers.ts";

const lin = { tenant: "", subjectId: "lin" };
const records = [order, { ...order, name: "parcel" }, { ...order, name: "letter" }];
const TIMEOUT_MS = 50;

describe("createStoreReaders", () => {
  /** Readers of three records, and what their store was asked. */
  function open(atOnce: Partial<ConnectorAtOnce> = {}, singly: Partial<Connector> = {}) {
    const asked: string[] = [];
    const { connector: sound } = memoryStore();
    const connector: Connector = {
      ...sound,
      count: async ({ name }) => {
        asked.push(`count ${name}`);
        return 1;
      },
      erase: async ({ name }) => void asked.push(`erase ${name}`),
      ...singly,
    };
    const joined: ConnectorAtOnce = {
      describe: async (names) => Promise.all(names.map(sound.describe)),
      count: async () => {
        asked.push("count all");
        return [1, 2, 3];
      },
      countFound: async () => [1, 2, 3],
      erase: async (some, _of, counts) => void asked.push(`erase ${some.length}: ${counts.join()}`),
      ...atOnce,
    };
    const targets = records.map((record) => ({ store: "shop", connector, record }));
    const joinedTargets = { atOnce: joined, targets, counts: [1, 2, 3] };
    return { asked, readers: createStoreReaders(joinedTargets, lin, TIMEOUT_MS) };
  }

  it("ask a store once for all of them, and give each its own answer", async () => {
    const { asked, readers } = open();
    const counts = [];
    for (const reader of readers) counts.push(await reader.count());
    expect(counts).toEqual([1, 2, 3].map((value) => ({ ok: true, value })));
    for (const reader of readers) expect(await reader.erase()).toEqual({ ok: true, value: true });
    expect(asked).toEqual(["count all", "erase 3: 1,2,3"]);
  });

  it("ask one by one, in their order, where the store fails: the fault is that of its record", async () => {
    const fails = async (): Promise<never> => {
      throw new Error("down");
    };
    const { asked, readers } = open(
      { erase: fails },
      {
        async erase({ name }) {
          asked.push(`erase ${name}`);
          if (name === "parcel") throw new Error("locked");
        },
      },
    );
    const erased = await Promise.all(readers.toReversed().map((reader) => reader.erase()));
    expect(erased.toReversed()).toEqual([
      { ok: true, value: true },
      { ok: false, fault: "unavailable" },
      { ok: true, value: true },
    ]);
    expect(asked).toEqual(["erase order", "erase parcel", "erase letter"]);
  });

  it.each([
    ["too few answers", [1, 2]],
    ["too many", [1, 2, 3, 4]],
    ["one that cannot be", [1, -1, 3]],
    ["no list", 6],
    ["none", undefined],
  ])("ask one by one where the store gives %s", async (_what, answer) => {
    const { asked, readers } = open({ count: async () => answer as number[] });
    expect(await readers[1]!.count()).toEqual({ ok: true, value: 1 });
    expect(asked).toEqual(["count order", "count parcel", "count letter"]);
  });

  it("ask nothing more of a store that hangs: it may still be at it", async () => {
    const { asked, readers } = open({ erase: () => new Promise(() => {}) });
    for (const reader of readers)
      expect(await reader.erase()).toEqual({ ok: false, fault: "timeout" });
    expect(asked).toEqual([]);
  });

  it("tell how rows of each are erased, and count what is found without fetching it", async () => {
    const { readers } = open({}, { find: async () => [row("lin"), row("lin")] });
    expect(await readers[2]!.find()).toEqual({ ok: true, value: 3 });
    const described = await readers[2]!.describe();
    expect(described).toMatchObject({ ok: true, value: { tool: "memory", kind: "database" } });
  });
});
