import { describe, expect, it } from "vitest";
import { memoryStorage, openPage, PrivacyServer } from "./privacy-server.fixture.ts";

/** A window whose timers and events the test sets off. */
function window() {
  const timers: { readonly act: () => void; readonly ms: number }[] = [];
  const listeners: (() => void)[] = [];
  const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));
  return {
    timers,
    setTimeout: (act: () => void, ms: number) => timers.push({ act, ms }),
    addEventListener: (type: string, listener: () => void) =>
      type === "online" && listeners.push(listener),
    async goOnline() {
      for (const listener of listeners) listener();
      await settle();
    },
    async elapse() {
      timers.at(-1)!.act();
      await settle();
    },
  };
}

describe("what waits on the device", () => {
  it("is tried again after 1, 2, 4, then every 8 seconds", async () => {
    const server = new PrivacyServer();
    const { timers, elapse, ...host } = window();
    const client = openPage(server, { ...host, storage: memoryStorage() });
    server.online = false;
    await client.consent.withdraw("delivery");
    for (let tries = 0; tries < 5; tries++) await elapse();
    expect(timers.map(({ ms }) => ms)).toEqual([1_000, 2_000, 4_000, 8_000, 8_000, 8_000]);
    server.online = true;
    await elapse();
    expect(server.recorded).toMatchObject([{ purpose: "delivery", decision: "withdrawn" }]);
    expect(timers).toHaveLength(6);
    server.online = false;
    await client.consent.withdraw("delivery");
    expect(timers.at(-1)!.ms).toBe(1_000);
  });

  it("is delivered at once when the network is back, by any page that has a client", async () => {
    const server = new PrivacyServer();
    const storage = memoryStorage();
    const { goOnline, ...host } = window();
    openPage(server, { ...host, storage });
    server.online = false;
    await openPage(server, { storage }).consent.withdraw("delivery");
    server.online = true;
    await goOnline();
    expect(server.recorded).toHaveLength(1);
    expect(JSON.parse(storage.text).outbox).toEqual([]);
  });

  it("is not sent before the server wants it", async () => {
    const server = new PrivacyServer();
    let now = 1_000_000;
    const { elapse, goOnline, ...host } = window();
    const client = openPage(server, { ...host, storage: memoryStorage(), now: () => now });
    server.fault = () => ({ status: 429, body: { code: "ERR_RATE_LIMITED" }, retryAfter: 30 });
    await expect(client.consent.ask("delivery")).rejects.toMatchObject({
      code: "ERR_RATE_LIMITED",
    });
    server.fault = undefined;
    now += 29_999;
    await elapse();
    await goOnline();
    expect(server.posted).toHaveLength(1);
    now += 1;
    await elapse();
    expect(server.recorded).toMatchObject([{ purpose: "delivery", decision: "given" }]);
  });

  it("a clock that was set back does not hold it up", async () => {
    const server = new PrivacyServer();
    let now = 100_000_000;
    const client = openPage(server, { storage: memoryStorage(), now: () => now });
    server.fault = () => ({ status: 429, body: { code: "ERR_RATE_LIMITED" }, retryAfter: 30 });
    await client.consent.withdraw("delivery");
    server.fault = undefined;
    now = 0;
    await client.consent.list();
    expect(server.recorded).toHaveLength(1);
  });

  it("is sent by no client that was closed", async () => {
    const server = new PrivacyServer();
    const { elapse, goOnline, ...host } = window();
    const client = openPage(server, { ...host, storage: memoryStorage() });
    await client.consent.ask("delivery");
    server.online = false;
    await client.consent.withdraw("delivery");
    client.close();
    server.online = true;
    await elapse();
    await goOnline();
    await client.consent.list();
    expect(server.recorded).toMatchObject([{ decision: "given" }]);
  });

  it("a grant against a rule is final", async () => {
    const server = new PrivacyServer();
    const client = openPage(server);
    server.fault = () => ({
      status: 409,
      body: { results: [{ status: 409, code: "ERR_CONSENT_RULE", reason: "age-unknown" }] },
    });
    await expect(client.consent.ask("delivery")).rejects.toMatchObject({
      code: "ERR_CONSENT_RULE",
    });
    await client.consent.list();
    expect(server.posted).toHaveLength(1);
  });

  it("another page may deliver it: the answer is the same", async () => {
    const server = new PrivacyServer();
    const storage = memoryStorage();
    const other = openPage(server, { storage });
    const set = storage.set;
    let isFirst = true;
    const raced = {
      ...storage,
      get: () => storage.text,
      async set(key: string, value: string) {
        set(key, value);
        if (!value.includes('"outbox":[{') || !isFirst) return;
        isFirst = false;
        await other.consent.list();
      },
    };
    const client = openPage(server, { storage: raced });
    expect(await client.consent.ask("delivery")).toMatchObject({ permitted: true, receipt: "r" });
    expect(server.posted).toHaveLength(2);
    expect(server.recorded).toHaveLength(1);
  });
});
