import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Database } from "../database/database.ts";
import { openTestDatabase } from "../database/database.fixture.ts";
import type { ChangeBus, LogChanges } from "../log/change-bus.ts";
import type { Runtime } from "../runtime.ts";
import { linkSubjects } from "../subject/link-subjects.ts";
import { createSubjectFacts } from "./subject-facts.ts";

let database: Database;
let refs: ReadonlyMap<string, string>;
beforeAll(async () => {
  database = await openTestDatabase();
  refs = await linkSubjects(
    database.tables,
    database.keys!.index,
    "",
    ["busy", "calm"],
    new Date(),
  );
});
afterAll(() => database.close());

const about = (subject: string): LogChanges => [
  { leafIndex: 1, tenant: "", kind: "consent", subjectRef: refs.get(subject)! },
];

describe("people read together", () => {
  it("WX-4.4.4d: hear of later changes, also when one of them changed at every attempt to read them", async () => {
    const listeners: ((told: LogChanges) => void)[] = [];
    const tell = (told: LogChanges): void => listeners.forEach((listener) => listener(told));
    const changes: Pick<ChangeBus, "subscribe" | "freshUntil"> = {
      subscribe: (listener) => void listeners.push(listener),
      freshUntil: () => Number.MAX_SAFE_INTEGER,
    };
    let reads = 0;
    const tables = database.tables.withPlugin({
      transformQuery: ({ node }) => node,
      async transformResult({ result }) {
        reads++;
        tell(about("busy"));
        return result;
      },
    });
    const runtime = {
      database: { ...database, tables },
      keys: database.keys!,
      changes,
      standing: new Map(),
      observeUntil: undefined,
      now: () => 0,
    } as never as Runtime;
    const register = { authorizations: [], orders: [], undertakings: [], isCurrent: () => true };
    const store = createSubjectFacts(runtime, { load: async () => register });
    const known = await store.load("", ["busy", "calm"]);
    expect(reads).toBeGreaterThan(1);
    expect(known.get("busy")!.current("delivery", false)).toBeUndefined();
    expect(known.get("calm")!.current("delivery", false)).toBeDefined();
    tell(about("calm"));
    expect(known.get("calm")!.current("delivery", false)).toBeUndefined();
  });
});
