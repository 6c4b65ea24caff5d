import { describe, expect, it } from "vitest";
import type { TransportRequest, TransportResponse } from "../http/transport.ts";
import { createPrivacyClient } from "../privacy-client.ts";
import type { ClientStorage } from "./client-storage.ts";
import { memoryStorage, openPage, PrivacyServer } from "./privacy-server.fixture.ts";

const lost = (record: () => void): TransportResponse => {
  record();
  throw new TypeError("network");
};

let seed = 0;

describe("decisions that cannot be delivered", () => {
  it("PIPL-15: are delivered after a reload, in order and once", async () => {
    const server = new PrivacyServer();
    const storage = memoryStorage();
    const first = openPage(server, { storage, prompt: async () => "refused" });
    await first.consent.status("delivery");
    server.fault = () => {
      throw new TypeError("network");
    };
    expect(await first.consent.ask("delivery")).toMatchObject({
      permitted: false,
      status: "refused",
    });
    expect(await first.consent.withdraw("marketing")).toEqual({
      permitted: false,
      status: "withdrawn",
    });
    server.fault = undefined;
    const second = openPage(server, { storage });
    await second.consent.list();
    await openPage(server, { storage }).consent.list();
    expect(
      server.recorded.map(({ purpose, decision, counter }) => [purpose, decision, counter]),
    ).toEqual([
      ["delivery", "refused", 0],
      ["marketing", "withdrawn", 1],
    ]);
    await second.consent.withdraw("delivery");
    expect(server.recorded[2]!.counter).toBe(2);
  });

  it("keep their id and body when the answer was lost", async () => {
    const server = new PrivacyServer();
    const client = openPage(server);
    server.fault = lost;
    await expect(client.consent.ask("delivery")).rejects.toMatchObject({
      code: "ERR_STORE_UNAVAILABLE",
    });
    server.fault = undefined;
    expect(await client.consent.ask("delivery")).toMatchObject({ permitted: true });
    expect(server.posted).toHaveLength(2);
    expect(server.posted[1]).toEqual(server.posted[0]);
    expect(server.recorded).toHaveLength(1);
  });

  it("PIPL-15: a withdrawal counts at once, with the network down and after a reload", async () => {
    const server = new PrivacyServer();
    server.status["delivery"] = "given";
    const storage = memoryStorage();
    const client = openPage(server, { storage });
    expect(await client.consent.ask("delivery")).toMatchObject({ permitted: true });
    server.online = false;
    await client.consent.withdraw("delivery");
    for (const open of [client, openPage(server, { storage })]) {
      expect(await open.consent.status("delivery")).toEqual({
        permitted: false,
        status: "withdrawn",
      });
      expect(await open.consent.ask("delivery")).toMatchObject({
        permitted: false,
        status: "withdrawn",
      });
    }
  });

  it("a withdrawal overtakes the answer that is under way", async () => {
    const server = new PrivacyServer();
    server.status["delivery"] = "given";
    const client = openPage(server);
    let withdrawn: Promise<unknown> | undefined;
    server.hold = async () => {
      server.hold = undefined;
      withdrawn = client.consent.withdraw("delivery");
      await withdrawn;
    };
    const asked = client.consent.status("delivery");
    expect(await asked).toMatchObject({ permitted: false });
    expect(await withdrawn).toMatchObject({ status: "withdrawn" });
  });

  it("a withdrawal that is neither delivered nor kept is told so", async () => {
    const server = new PrivacyServer();
    const full: ClientStorage = {
      get: () => "",
      set: () => {
        throw new Error("quota");
      },
    };
    for (const options of [{}, { storage: full }]) {
      const client = openPage(server, options);
      server.online = false;
      await expect(client.consent.withdraw("delivery")).rejects.toMatchObject({
        code: "ERR_STORE_UNAVAILABLE",
      });
      server.online = true;
      await client.consent.list();
      expect(server.posted).toEqual([]);
    }
  });

  it("one that waits is no other account's on the same device", async () => {
    const server = new PrivacyServer();
    server.status["delivery"] = "given";
    const kept = new Map<string, string>();
    const storage: ClientStorage = {
      get: (key) => kept.get(key),
      set: (key, value) => kept.set(key, value),
    };
    const one = openPage(server, { storage, account: "a1" });
    server.online = false;
    await one.consent.withdraw("delivery");
    server.online = true;
    expect(await openPage(server, { storage, account: "b2" }).consent.status("delivery")).toEqual({
      permitted: true,
      status: "given",
    });
    expect(server.posted).toEqual([]);
    await openPage(server, { storage, account: "a1" }).consent.list();
    expect(server.recorded).toMatchObject([{ purpose: "delivery", decision: "withdrawn" }]);
  });

  it("a decision that can never be taken does not hold up the others", async () => {
    const server = new PrivacyServer();
    const client = openPage(server, { storage: memoryStorage() });
    server.fault = () => ({
      status: 409,
      body: { results: [{ status: 409, code: "ERR_NOTICE_STALE" }] },
    });
    await expect(client.consent.ask("delivery")).rejects.toMatchObject({
      code: "ERR_NOTICE_STALE",
    });
    server.fault = undefined;
    await client.consent.withdraw("marketing");
    expect(server.recorded).toMatchObject([{ purpose: "marketing" }]);
  });

  it.each<[string, TransportResponse]>([
    ["a page of HTML", { status: 200, body: "<html>" }],
    ["nothing", { status: 204, body: null }],
    ["another shape", { status: 201, body: { results: [{}] } }],
    [
      "207 with a refusal inside",
      { status: 207, body: { results: [{ status: 500, code: "ERR_INTERNAL" }] } },
    ],
    [
      "207 with a receipt that is none",
      { status: 207, body: { results: [{ status: 409, receipt: "r" }] } },
    ],
    ["no results", { status: 200, body: { results: [] } }],
    ["null in the results", { status: 400, body: { results: [null] } }],
    ["a code that is the name of a property", { status: 400, body: { code: "__proto__" } }],
    ["a redirect", { status: 302, body: {} }],
    ["503", { status: 503, body: { code: "ERR_STORE_UNAVAILABLE" } }],
  ])("%s for an answer is no grant, and the decision waits", async (_name, answer) => {
    const server = new PrivacyServer();
    const client = openPage(server);
    server.fault = () => answer;
    await expect(client.consent.ask("delivery")).rejects.toMatchObject({ name: "PrivacyError" });
    server.fault = undefined;
    await client.consent.list();
    expect(server.recorded).toHaveLength(1);
  });
});

describe("asking", () => {
  it("shares one notice between calls at the same time", async () => {
    const server = new PrivacyServer();
    let shown = 0;
    const client = openPage(server, { prompt: async () => (shown++, "given") });
    const answers = await Promise.all([
      client.consent.ask("delivery"),
      client.consent.ask("delivery"),
    ]);
    expect([shown, answers[0], server.posted.length]).toEqual([1, answers[1], 1]);
  });

  it("takes a prompt that fails at once for a refusal", async () => {
    const server = new PrivacyServer();
    const prompts = [
      () => {
        throw new Error("no window");
      },
      () => undefined as unknown as Promise<"given">,
    ];
    for (const prompt of prompts)
      expect(await openPage(server, { prompt }).consent.ask("delivery")).toMatchObject({
        status: "refused",
      });
  });

  it("REG-22: does not ask again for a while after a refusal, unless the person wants to be asked", async () => {
    const server = new PrivacyServer();
    const storage = memoryStorage();
    let now = 0;
    let shown = 0;
    const options = {
      storage,
      now: () => now,
      prompt: async () => (shown++, "refused" as const),
    };
    await openPage(server, options).consent.ask("delivery");
    for (now of [1, 86_399_999, -5])
      expect(await openPage(server, options).consent.ask("delivery")).toMatchObject({
        permitted: false,
        status: "refused",
      });
    expect(shown).toBe(1);
    await openPage(server, options).consent.ask("marketing");
    await openPage(server, options).consent.ask("delivery", { again: true });
    expect(shown).toBe(3);
    now = 86_400_000;
    await openPage(server, options).consent.ask("delivery");
    expect(shown).toBe(4);
  });

  it("shows no notice that is none", async () => {
    const server = new PrivacyServer();
    const transport = async (request: TransportRequest): Promise<TransportResponse> =>
      request.url.startsWith("/privacy/notice")
        ? { status: 200, body: { token: "t" } }
        : server.transport(request);
    const client = createPrivacyClient({
      endpoint: "/privacy",
      language: "en",
      host: { fetch: () => expect.unreachable(), crypto: { getRandomValues: (bytes) => bytes } },
      transport,
      prompt: () => expect.unreachable(),
    });
    await expect(client.consent.ask("delivery")).rejects.toMatchObject({
      code: "ERR_STORE_UNAVAILABLE",
    });
  });

  it.each(["__proto__", "constructor", "toString"])("has no purpose %s", async (purpose) => {
    const client = openPage(new PrivacyServer(), { storage: memoryStorage() });
    await expect(client.consent.ask(purpose)).rejects.toMatchObject({
      code: "ERR_PURPOSE_UNKNOWN",
    });
  });

  it.each([
    ["{"],
    ["[]"],
    ['{"counter":"1","outbox":[],"refusedAt":[]}'],
    ['{"counter":1,"outbox":[{}],"refusedAt":[]}'],
    ["null"],
  ])("a storage that holds %s permits nothing that was not asked for since", async (text) => {
    const server = new PrivacyServer();
    server.status = { delivery: "given", marketing: "given" };
    const storage = { ...memoryStorage(), text };
    const kept: ClientStorage = {
      get: () => storage.text,
      set: (_key, value) => void (storage.text = value),
    };
    expect(await openPage(server, { storage: kept }).consent.status("delivery")).toMatchObject({
      permitted: false,
    });
    expect(await openPage(server, { storage: kept }).consent.ask("delivery")).toMatchObject({
      permitted: true,
    });
    expect(server.recorded).toMatchObject([{ purpose: "delivery", counter: 1_000 }]);
    const later = openPage(server, { storage: kept });
    expect(await later.consent.status("delivery")).toMatchObject({ permitted: true });
    expect(await later.consent.status("marketing")).toMatchObject({ permitted: false });
  });

  it("works with a storage that is full, asynchronous or broken", async () => {
    const broken = (): never => {
      throw new Error("SecurityError");
    };
    const storages: readonly ClientStorage[] = [
      { get: () => "", set: broken },
      { get: broken, set: broken },
      { get: async () => undefined, set: async () => {} },
      { get: () => Promise.reject(new Error("no")), set: () => Promise.reject(new Error("no")) },
    ];
    for (const storage of storages) {
      const server = new PrivacyServer();
      const client = openPage(server, { storage });
      expect(await client.consent.ask("delivery")).toMatchObject({ permitted: true });
      await client.consent.withdraw("delivery");
      expect(server.recorded.map(({ decision }) => decision)).toEqual(["given", "withdrawn"]);
      const [given, withdrawn] = server.recorded;
      expect(withdrawn!.counter).toBeGreaterThan(given!.counter);
    }
  });

  it("keeps nothing of a person but ids, tokens and times", async () => {
    const server = new PrivacyServer();
    const storage = memoryStorage();
    const client = openPage(server, { storage });
    server.fault = lost;
    await expect(client.consent.ask("delivery")).rejects.toMatchObject({ name: "PrivacyError" });
    expect(JSON.parse(storage.text)).toEqual({
      counter: 1,
      outbox: [
        {
          decisionId: expect.stringMatching(/^[\w-]{22}$/),
          purpose: "delivery",
          decision: "given",
          notice: "token",
          counter: 0,
          at: "1970-01-01T00:00:01.000Z",
        },
      ],
      refusedAt: [],
      device: expect.stringMatching(/^[\w-]{22}$/),
    });
  });
});

describe("erase", () => {
  it("is one request, also when the answer was lost", async () => {
    const keys: string[] = [];
    const server = new PrivacyServer();
    const client = createPrivacyClient({
      endpoint: "/privacy",
      language: "en",
      host: {
        fetch: () => expect.unreachable(),
        crypto: { getRandomValues: (bytes: Uint8Array) => bytes.fill(++seed) },
      },
      prompt: async () => "refused",
      transport: async (request) => {
        keys.push(JSON.parse(request.body!).requestKey);
        if (keys.length === 1) throw new TypeError("network");
        return server.online ? { status: 201, body: { id: "r" } } : { status: 500, body: null };
      },
    });
    await expect(client.requests.erase()).rejects.toMatchObject({ code: "ERR_STORE_UNAVAILABLE" });
    await client.requests.erase();
    await client.requests.erase();
    expect(keys[1]).toBe(keys[0]);
    expect(keys[2]).not.toBe(keys[0]);
  });
});
