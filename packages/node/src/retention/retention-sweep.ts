import type { Runtime } from "../runtime.ts";

/** Removes what our own records may not hold any longer, at the start and then every hour. */
export interface RetentionSweep {
  run(): Promise<void>;
  close(): void;
}

const HOUR_MS = 3_600_000;

export function createRetentionSweep(
  { database, now }: Pick<Runtime, "database" | "now">,
  onError: (cause: unknown) => void,
): RetentionSweep {
  async function run(): Promise<void> {
    const at = new Date(now());
    await database.tables.deleteFrom("log_evidence").where("keep_until", "<=", at).execute();
    await database.tables
      .updateTable("subject_request")
      .set({ commitment_salt: null, commitment_salt_until: null })
      .where("commitment_salt_until", "<=", at)
      .execute();
  }

  const timer = setInterval(() => void run().catch(onError), HOUR_MS);
  timer.unref();
  return { run, close: () => clearInterval(timer) };
}
