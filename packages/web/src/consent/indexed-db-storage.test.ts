import { IDBFactory } from "fake-indexeddb";
import { describe, expect, it } from "vitest";
import { indexedDbStorage, type IndexedDbHost } from "./indexed-db-storage.ts";
import { openPage, PrivacyServer } from "./privacy-server.fixture.ts";

const host = (indexedDB: IDBFactory): IndexedDbHost => ({ indexedDB, setTimeout: () => 0 });

describe("indexedDbStorage", () => {
  it("keeps decisions over a reload", async () => {
    const indexedDB = new IDBFactory();
    const server = new PrivacyServer();
    const before = openPage(server, { storage: indexedDbStorage(host(indexedDB)) });
    await before.consent.list();
    server.online = false;
    await before.consent.withdraw("delivery");
    server.online = true;
    await openPage(server, { storage: indexedDbStorage(host(indexedDB)) }).consent.list();
    expect(server.recorded).toMatchObject([{ purpose: "delivery", decision: "withdrawn" }]);
  });

  it("two tabs lose nothing of each other's, and count as one", async () => {
    const indexedDB = new IDBFactory();
    const server = new PrivacyServer();
    const tabs = [1, 2].map(() => openPage(server, { storage: indexedDbStorage(host(indexedDB)) }));
    await Promise.all(tabs.map(({ consent }) => consent.list()));
    server.online = false;
    const purposes = Array.from({ length: 20 }, (_, i) => `purpose-${i}`);
    await Promise.all(purposes.map((purpose, i) => tabs[i % 2]!.consent.withdraw(purpose)));
    server.online = true;
    await Promise.all(tabs.map(({ consent }) => consent.list()));
    expect(server.recorded.map(({ purpose }) => purpose).toSorted()).toEqual(purposes.toSorted());
    expect(new Set(server.recorded.map(({ counter }) => counter)).size).toBe(20);
    expect(new Set(server.calls.map(({ headers }) => headers["x-privacy-device"])).size).toBe(1);
  });

  it.each<[string, object]>([
    ["missing", {}],
    [
      "denied",
      {
        get indexedDB() {
          throw new Error("SecurityError");
        },
      },
    ],
    ["silent", { indexedDB: { open: () => ({}) } }],
  ])("%s, it warns once and goes on in memory, never to a grant", async (_name, broken) => {
    const server = new PrivacyServer();
    server.status["marketing"] = "given";
    const warnings: string[] = [];
    const silent = Object.defineProperties(broken, {
      setTimeout: { value: (act: () => void) => queueMicrotask(act) },
    }) as IndexedDbHost;
    const client = openPage(server, {
      storage: indexedDbStorage(silent),
      onWarning: ({ code }) => void warnings.push(code),
    });
    expect(await client.consent.status("marketing")).toMatchObject({ permitted: false });
    expect(await client.consent.ask("delivery")).toMatchObject({ permitted: true });
    await client.consent.withdraw("delivery");
    expect(await client.consent.status("delivery")).toMatchObject({ status: "withdrawn" });
    expect(warnings).toEqual(["storage-failed"]);
  });

  it("full for a while, it loses nothing of what another tab has kept meanwhile", async () => {
    const indexedDB = new IDBFactory();
    const server = new PrivacyServer();
    let isFull = false;
    const kept = indexedDbStorage(host(indexedDB));
    const full = {
      ...kept,
      update: (key: string, change: (text: unknown) => string) =>
        kept.update!(key, (text) => {
          const next = change(text);
          if (isFull) throw new Error("QuotaExceededError");
          return next;
        }),
    };
    const one = openPage(server, { storage: full });
    const other = openPage(server, { storage: kept });
    await one.consent.list();
    server.online = false;
    isFull = true;
    await one.consent.withdraw("delivery").catch(() => undefined);
    await other.consent.withdraw("marketing");
    isFull = false;
    await one.consent.withdraw("delivery");
    server.online = true;
    await openPage(server, { storage: kept }).consent.list();
    expect(server.recorded.map(({ purpose }) => purpose)).toEqual(["marketing", "delivery"]);
  });
});
