import { describe, expect, it, onTestFinished } from "vitest";
import type { Connector } from "../connector/connector.ts";
import { keepTestDatabase } from "../database/database.fixture.ts";
import {
  type Fixture,
  memoryStore,
  type MemoryStore,
  openFixture,
  row,
} from "../privacy.fixture.ts";

const openDatabase = keepTestDatabase();

async function open(options: Parameters<typeof openFixture>[1]): Promise<Fixture> {
  const shop = await openFixture(await openDatabase(), options);
  onTestFinished(() => shop.privacy.close());
  return shop;
}

/** A store whose calls can be watched, and made to fail. */
interface Watched extends MemoryStore {
  /** Resolves when the method has been called so often. */
  called(method: keyof Connector, times: number): Promise<void>;
  /** What the method does from now on; its own work when undefined. */
  replace(method: keyof Connector, work: ((...all: never[]) => unknown) | undefined): void;
}

function watched(): Watched {
  const store = memoryStore();
  const own = { ...store.connector };
  const replaced = new Map<string, (...all: never[]) => unknown>();
  const calls = new Map<string, number>();
  const waiting: { method: string; times: number; resolve(): void }[] = [];
  for (const method of ["count", "find", "erase", "remnants", "describe"] as const) {
    Object.assign(store.connector, {
      [method]: async (...all: never[]) => {
        const count = (calls.get(method) ?? 0) + 1;
        calls.set(method, count);
        for (const one of waiting) if (one.method === method && one.times <= count) one.resolve();
        return (replaced.get(method) ?? own[method])(...all);
      },
    });
  }
  return Object.assign(store, {
    called: (method: string, times: number) =>
      new Promise<void>((resolve) => {
        if ((calls.get(method) ?? 0) >= times) resolve();
        else waiting.push({ method, times, resolve });
      }),
    replace(method: string, work: ((...all: never[]) => unknown) | undefined) {
      if (work === undefined) replaced.delete(method);
      else replaced.set(method, work);
    },
  });
}

const never = (): Promise<never> => new Promise(() => {});
const refuses = async (): Promise<never> => {
  throw new Error("store is down");
};

interface Asked {
  readonly id: string;
  view(): Promise<{
    readonly state: string;
    readonly certificateId?: string;
    readonly outcomes: readonly { readonly store: string; readonly outcome: string }[];
  }>;
}

async function ask(shop: Fixture, as: string): Promise<Asked> {
  const { body, status } = await shop.call("POST", "/requests", { as, body: { kind: "erase" } });
  expect(status).toBe(201);
  const headers = { "x-request-token": body["requestToken"] as string };
  const id = body["id"] as string;
  return {
    id,
    view: async () => (await shop.call("GET", `/requests/${id}`, { headers })).body as never,
  };
}

async function denial(shop: Fixture, as: string): Promise<unknown> {
  const reader = await shop.privacy.access.for(as, "delivery");
  return (reader.read("order", row(as) as never) as { reason?: string }).reason;
}

describe("a store that fails", () => {
  it("WX-4.4.7c: keeps request, restriction and link open for as long as it fails, and is tried again", async () => {
    const store = watched();
    store.rows.push(row("lin"));
    store.replace("erase", async () => undefined);
    const shop = await open({ store });
    await shop.give("lin", "delivery");
    const { id, view } = await ask(shop, "lin");
    await store.called("erase", 4);
    const executing = await view();
    expect(executing.state).toBe("executing");
    expect(executing).not.toHaveProperty("certificateId");
    expect(executing.outcomes).toEqual([
      { store: "shop", record: "order", outcome: "failed", countBefore: 1, countAfter: 1 },
    ]);
    expect(await denial(shop, "lin")).toBe("subject-restricted");
    const links = await shop.database.tables.selectFrom("subject").selectAll().execute();
    expect(links).toHaveLength(1);
    const step = await shop.database.tables
      .selectFrom("erasure_step")
      .select(["attempts", "fault"])
      .where("request_id", "=", id)
      .executeTakeFirstOrThrow();
    expect(step.attempts).toBeGreaterThanOrEqual(3);
    expect(step.fault).toBe("still-there");

    store.replace("erase", undefined);
    await shop.privacy.idle();
    expect((await view()).state).toBe("fulfilled");
    expect(store.rows).toEqual([]);
  });

  it.each(["count", "find", "erase", "remnants", "describe"] as const)(
    "in %s does not keep the others from being erased, and its attempts are its own",
    async (method) => {
      const [broken, sound] = [watched(), watched()];
      broken.rows.push(row("wang"));
      sound.rows.push(row("wang"));
      broken.replace(method, refuses);
      const shop = await open({ connectors: { broken: broken.connector, sound: sound.connector } });
      const { id, view } = await ask(shop, "wang");
      await broken.called(method, 3);
      const { state, outcomes } = await view();
      expect(state).toBe("executing");
      expect(sound.rows).toEqual([]);
      expect(outcomes).toMatchObject([
        { store: "broken", outcome: "failed" },
        { store: "sound", outcome: "verified-absent" },
      ]);
      const steps = await shop.database.tables
        .selectFrom("erasure_step")
        .select(["store", "attempts", "fault"])
        .where("request_id", "=", id)
        .orderBy("store")
        .execute();
      expect(steps).toEqual([
        { store: "broken", attempts: expect.any(Number), fault: "unavailable" },
        { store: "sound", attempts: 0, fault: null },
      ]);
      expect(steps[0]!.attempts).toBeGreaterThanOrEqual(2);
      broken.replace(method, undefined);
      await shop.privacy.idle();
      expect((await view()).state).toBe("fulfilled");
    },
  );

  it("is named in the log, nobody else is", async () => {
    const store = watched();
    store.rows.push(row("marked-name"));
    store.replace("erase", refuses);
    const shop = await open({ store });
    const { id } = await ask(shop, "marked-name");
    await store.called("erase", 2);
    expect(shop.logged).toContainEqual({
      requestId: id,
      store: "shop",
      record: "order",
      reason: "unavailable",
      attempts: 1,
    });
    expect(JSON.stringify(shop.logged)).not.toContain("marked-name");
    store.replace("erase", undefined);
    await shop.privacy.idle();
  });
});

describe("a store that hangs", () => {
  it.each(["count", "find", "erase", "remnants", "describe"] as const)(
    "in %s holds up neither its own run nor anybody else's",
    async (method) => {
      const [hanging, sound] = [watched(), watched()];
      hanging.rows.push(row("chen"));
      sound.rows.push(row("chen"), row("li"));
      hanging.replace(method, never);
      const shop = await open({
        connectors: { hanging: hanging.connector, sound: sound.connector },
        storeTimeoutMs: 50,
      });
      const first = await ask(shop, "chen");
      await hanging.called(method, 2);
      const second = await ask(shop, "li");
      await hanging.called(method, 6);
      expect(sound.rows).toEqual([]);
      expect((await first.view()).state).toBe("executing");
      hanging.replace(method, undefined);
      await shop.privacy.idle();
      expect((await first.view()).state).toBe("fulfilled");
      expect((await second.view()).state).toBe("fulfilled");
    },
  );
});

describe("the time a store has", () => {
  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31])(
    "cannot be %s milliseconds",
    async (storeTimeoutMs) => {
      await expect(openFixture(await openDatabase(), { storeTimeoutMs })).rejects.toMatchObject({
        code: "ERR_CONFIG_INVALID",
      });
    },
  );
});

describe("a store that lies", () => {
  const LIES: readonly (readonly [keyof Connector, string, unknown])[] = [
    ["count", "no number", Number.NaN],
    ["count", "less than nothing", -1],
    ["find", "no rows", null],
    ["remnants", "an end that is no moment", [{ where: "log", until: "soon" }]],
    ["describe", "nothing", {}],
  ];
  it.each(LIES)("in %s, with %s, ends no erasure", async (method, _what, answer) => {
    const store = watched();
    store.rows.push(row("zhao"));
    store.replace(method, async () => answer);
    const shop = await open({ store });
    const { view } = await ask(shop, "zhao");
    await store.called(method, 2);
    expect((await view()).state).toBe("executing");
    store.replace(method, undefined);
    await shop.privacy.idle();
    expect((await view()).state).toBe("fulfilled");
  });

  it.each([
    ["finding nothing", "find", async (): Promise<readonly never[]> => []],
    ["counting more", "count", async (): Promise<number> => 7],
    ["counting nothing", "count", async (): Promise<number> => 0],
  ] as const)(
    "WX-4.4.7c: by %s, other than it holds, is not let at any row, and is tried again",
    async (_what, method, lie) => {
      const store = watched();
      store.rows.push(row("blind"), row("wang"));
      store.replace(method, lie);
      const shop = await open({ store });
      const { view } = await ask(shop, "blind");
      await store.called(method, 3);
      expect(await view()).toMatchObject({ state: "executing", outcomes: [{ outcome: "failed" }] });
      expect(shop.logged).toContainEqual(expect.objectContaining({ reason: "count-differs" }));
      expect(store.rows).toHaveLength(2);
      store.replace(method, undefined);
      await shop.privacy.idle();
      expect(await view()).toMatchObject({
        state: "fulfilled",
        outcomes: [{ outcome: "verified-absent" }, {}, {}],
      });
    },
  );
});

describe("a row that comes back", () => {
  it("after its store was read, and before the end, is seen and erased too", async () => {
    const [first, second] = [watched(), watched()];
    first.rows.push(row("sun"));
    second.rows.push(row("sun"));
    let again = 1;
    const erase = async (): Promise<void> => {
      second.rows = [];
      if (again-- > 0) first.rows.push(row("sun", { id: "written-meanwhile" }));
    };
    second.replace("erase", erase);
    const shop = await open({ connectors: { first: first.connector, second: second.connector } });
    const { view } = await ask(shop, "sun");
    await shop.privacy.idle();
    expect(first.rows).toEqual([]);
    expect((await view()).state).toBe("fulfilled");
  });

  it("into a store that had nothing is counted as what was there", async () => {
    const [first, second] = [watched(), watched()];
    second.rows.push(row("sun"));
    const erase = async (): Promise<void> => {
      if (second.rows.length > 0) first.rows.push(row("sun"));
      second.rows = [];
    };
    second.replace("erase", erase);
    const shop = await open({ connectors: { first: first.connector, second: second.connector } });
    const { view } = await ask(shop, "sun");
    await shop.privacy.idle();
    expect(first.rows).toEqual([]);
    expect((await view()).outcomes[0]).toEqual({
      store: "first",
      record: "order",
      outcome: "verified-absent",
      countBefore: 1,
      countAfter: 0,
    });
  });
});
