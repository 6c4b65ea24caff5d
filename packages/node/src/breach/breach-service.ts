import { randomUUID } from "node:crypto";
import {
  type BreachDuty,
  breachDuties,
  type BreachRecipient,
  type BreachRecord,
  parseBreachRecord,
  renderBreachNotification,
} from "@miniprivacy/core/breach";
import type { Language } from "@miniprivacy/core/policy";
import type { Runtime } from "../runtime.ts";

/** A breach on file, with its duties as they stand and the notices to send. */
export interface BreachCase {
  readonly id: string;
  readonly record: BreachRecord;
  readonly duties: readonly BreachDuty[];
  readonly notifications: readonly BreachNotification[];
}

export interface BreachNotification {
  readonly recipient: BreachRecipient;
  readonly language: Language;
  /** Markdown. */
  readonly text: string;
}

export interface BreachService {
  /** @throws PrivacyError `ERR_BREACH_RECORD_INVALID` */
  file(tenant: string, input: unknown): Promise<BreachCase>;
  list(tenant: string): Promise<readonly Pick<BreachCase, "id" | "record" | "duties">[]>;
  find(tenant: string, id: string): Promise<BreachCase | undefined>;
}

export function createBreachService(runtime: Runtime): BreachService {
  const { database, policy } = runtime;

  function breachCase(id: string, record: BreachRecord): BreachCase {
    const duties = breachDuties(record, runtime.now());
    const recipients = [...new Set(duties.map(({ recipient }) => recipient))];
    const categoryLabels = Object.fromEntries(
      Object.entries(policy.categories).map(([name, { label }]) => [name, label]),
    );
    const notifications = recipients.flatMap((recipient) =>
      policy.languages.map((language) => ({
        recipient,
        language,
        text: renderBreachNotification(record, {
          recipient,
          language,
          controller: policy.controller,
          categoryLabels,
          duties,
        }),
      })),
    );
    return { id, record, duties, notifications };
  }

  return {
    async file(tenant, input) {
      const record = parseBreachRecord(input);
      const id = randomUUID();
      const filedAt = new Date(runtime.now());
      const content = { type: "breach", schemaVersion: "1", breachId: id, record };
      const entry = { tenant, kind: "breach", subjectRef: null, dedupeKey: null, content };
      await runtime.log.transaction(async ({ unit, append }) => {
        await unit
          .insertInto("breach")
          .values({ tenant, id, record: JSON.stringify(record), filed_at: filedAt })
          .execute();
        await append(entry, filedAt);
      });
      return breachCase(id, record);
    },
    async list(tenant) {
      const rows = await database.tables
        .selectFrom("breach")
        .selectAll()
        .where("tenant", "=", tenant)
        .orderBy("filed_at")
        .execute();
      return rows.map(({ id, record }) => {
        const { duties } = breachCase(id, record as BreachRecord);
        return { id, record: record as BreachRecord, duties };
      });
    },
    async find(tenant, id) {
      const row = await database.tables
        .selectFrom("breach")
        .select("record")
        .where("tenant", "=", tenant)
        .where("id", "=", id)
        .executeTakeFirst();
      return row && breachCase(id, row.record as BreachRecord);
    },
  };
}
