import { afterAll, beforeAll, expect, it } from "vitest";
import type { Connector, RecordRow } from "@miniprivacy/node";
import { definePolicy, personal, personalRecord, plain, subject } from "@miniprivacy/core/policy";
import * as z from "zod/mini";

const policy = definePolicy({
  id: "contract",
  version: "1",
  languages: ["en"],
  controller: { name: { en: "Shop" }, country: "CN", contact: { email: "a@shop.example" } },
  categories: { note: { label: { en: "Note" }, source: "subject" } },
  recipients: {},
  purposes: {},
});

/** The record every connector under contract holds: a key, a subject and one text. */
export const record = personalRecord(policy, "note", {
  name: plain(z.string()),
  memberId: subject(z.string()),
  text: personal("note", z.string()),
});

export interface ConnectorSubject {
  readonly connector: Connector;
  /** Puts a row into the store as the host would. */
  plant(row: {
    readonly name: string;
    readonly memberId: string;
    readonly text: string;
  }): Promise<void>;
  /** Every row of the store, read past the connector. */
  all(): Promise<readonly RecordRow[]>;
  close(): Promise<void>;
}

/** What every connector must do, whatever it connects. */
export function connectorContract(open: () => Promise<ConnectorSubject>): void {
  let store: ConnectorSubject;
  beforeAll(async () => {
    store = await open();
  });
  afterAll(() => store.close());
  const texts = async (subjectId: string): Promise<readonly unknown[]> =>
    (await store.connector.find(record, subjectId)).map(({ text }) => String(text)).toSorted();

  it("finds and counts the rows of one subject, and no others", async () => {
    await store.plant({ name: "a1", memberId: "a", text: "one" });
    await store.plant({ name: "a2", memberId: "a", text: "two" });
    await store.plant({ name: "b1", memberId: "b", text: "other" });
    expect(await texts("a")).toEqual(["one", "two"]);
    expect(await store.connector.count(record, "a")).toBe(2);
    expect(await store.connector.find(record, "nobody")).toEqual([]);
    expect(await store.connector.count(record, "nobody")).toBe(0);
  });

  it("gives rows with the fields the data map names", async () => {
    const [row] = await store.connector.find(record, "b");
    expect(row).toEqual({ name: "b1", memberId: "b", text: "other" });
    expect(store.connector.keyField(record)).toBe("name");
  });

  it("corrects one field of one row of the subject", async () => {
    expect(await store.connector.rectify(record, "a", "a1", { text: "uno" })).toBe(true);
    expect(await texts("a")).toEqual(["two", "uno"]);
  });

  it("corrects nothing of somebody else, and nothing that is not there", async () => {
    expect(await store.connector.rectify(record, "a", "b1", { text: "x" })).toBe(false);
    expect(await store.connector.rectify(record, "a", "none", { text: "x" })).toBe(false);
    expect(await texts("b")).toEqual(["other"]);
  });

  const NASTY = [
    "o'brien; drop table notes",
    "../b",
    "..",
    ".",
    "a/../b",
    "b%",
    "_",
    "*",
    "a\\b",
    "a\nb",
    "用户",
    "{subjectId}",
    "%2e%2e",
    "A",
  ];
  it.each(NASTY)("keeps the subject %j apart from all others", async (subjectId) => {
    const before = await store.all();
    await store.plant({ name: "n", memberId: subjectId, text: "hers" });
    expect(await texts(subjectId)).toEqual(["hers"]);
    await store.connector.erase(record, subjectId);
    expect(await texts(subjectId)).toEqual([]);
    expect(await store.all()).toEqual(before);
  });

  it("erases all rows of the subject and no others, and can be told to again", async () => {
    await store.connector.erase(record, "a");
    await store.connector.erase(record, "a");
    expect(await store.connector.count(record, "a")).toBe(0);
    expect(await store.all()).toEqual([{ name: "b1", memberId: "b", text: "other" }]);
  });

  it("says how it erases without saying whom", async () => {
    const { selector, technique, tool, toolVersion } = await store.connector.describe("note");
    expect(selector).toContain("{subjectId}");
    expect([technique, tool, toolVersion].every((part) => part.length > 0)).toBe(true);
    for (const { where, until } of await store.connector.remnants(record, new Date(0))) {
      expect(where).not.toBe("");
      expect(Date.parse(until)).toBeGreaterThan(0);
    }
  });
}
