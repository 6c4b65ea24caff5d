import { afterAll, bench, describe } from "vitest";
import { createTenantRegisters } from "../access/tenant-register.ts";
import { createSubjectFacts } from "../access/subject-facts.ts";
import { openTestDatabase } from "../database/database.fixture.ts";
import { prepareLogEntry } from "../log/log-entry.ts";
import { createLogWriter } from "../log/log-writer.ts";
import { decision, openFixture, policy } from "../privacy.fixture.ts";
import { createNoticeService } from "./notice-service.ts";
import { createSigner, generateSigningKey } from "@miniprivacy/core/certificate";
import { policyLock, standingDigests } from "@miniprivacy/core/policy";

// POST /consents end to end by 64 callers, and what it is made of: the append, the signature, the check of the notice.
// Each decision is of a person of its own, whose notice was served before. All in one process: handler, no socket.

const CALLERS = 64;
const DECISIONS = 256;
const ROUNDS = 12;
const database = await openTestDatabase({ poolSize: CALLERS });
const shop = await openFixture({ ...database, close: async () => {} });
const signer = await createSigner(await generateSigningKey());
const writer = createLogWriter(database, { announce() {} });

interface Prepared {
  readonly as: string;
  readonly token: string;
}
const people: Prepared[] = await Promise.all(
  Array.from({ length: DECISIONS * ROUNDS }, async (_, i) => {
    const as = `bench-${i}`;
    const { body } = await shop.call("GET", "/notice?language=en&purposes=delivery", { as });
    return { as, token: body["token"] as string };
  }),
);
let next = 0;

/** Runs once for each decision, `CALLERS` at a time. */
async function each(run: () => Promise<unknown>): Promise<void> {
  let left = DECISIONS;
  const caller = async (): Promise<void> => {
    while (left-- > 0) await run();
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
}

async function post(): Promise<void> {
  const { as, token } = people[next++ % people.length]!;
  const body = { decisions: [decision({ notice: token })] };
  const { status } = await shop.call("POST", "/consents", { as, body });
  if (status !== 201) throw new Error(`answered ${status}`);
}

const receipt = { text: "x".repeat(1500) };
const entry = () =>
  prepareLogEntry({
    tenant: "",
    kind: "bench",
    subjectRef: "ref",
    dedupeKey: null,
    content: { ...receipt },
  });

afterAll(async () => {
  await shop.privacy.close();
  await database.close();
});

describe(`${DECISIONS} decisions by ${CALLERS} callers, ${database.kind}`, () => {
  // Every round has people of its own; a warm-up would use them up.
  const once = { iterations: ROUNDS - 1, time: 0, warmupIterations: 1, warmupTime: 0 };
  bench(
    "append of an entry as large",
    () =>
      each(() =>
        writer.append({ entry: entry(), statement: receipt.text, recordedAt: new Date() }),
      ),
    once,
  );
  bench("signatures", () => each(() => signer.sign("consent-receipt+jwt", receipt)), once);
  bench("POST /consents", () => each(post), once);
});

describe("of one decision", () => {
  const notices = createNoticeService({
    ...({ policy, published: policyLock(policy), now: shop.now } as never as Parameters<
      typeof createNoticeService
    >[0]),
    database,
    keys: database.keys!,
  });
  const { token } = people[0]!;
  bench("check of the notice", () => {
    notices.check({
      tenant: "",
      purpose: "delivery",
      notice: token,
      names: ["somebody"],
      events: [],
    });
  });
});

describe("what is known of a subject", async () => {
  await shop.give("cached", "delivery");
  const changes = {
    subscribe: () => {},
    freshUntil: () => Number.MAX_SAFE_INTEGER,
  };
  const runtime = {
    policy,
    database,
    keys: database.keys!,
    changes,
    now: shop.now,
    standing: new Map([["delivery", standingDigests(policy, "delivery", [])]]),
    observeUntil: undefined,
  };
  const registers = createTenantRegisters(runtime as never);
  const found = await createSubjectFacts(runtime as never, registers).load("", ["cached"]);
  const facts = found.get("cached")!;
  // One read is less than what it takes to look at the clock.
  bench("1000 cached reads of a consent's state (goal 0.1 ms)", () => {
    for (let i = 0; i < 1000; i++)
      if (facts.current("delivery", false)?.consents.get("delivery")?.status !== "given")
        throw new Error("not given");
  });
});
