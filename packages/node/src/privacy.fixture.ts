import { randomUUID } from "node:crypto";
import {
  anchor,
  definePolicy,
  personal,
  personalRecord,
  plain,
  type Policy,
  subject,
} from "@miniprivacy/core/policy";
import * as z from "zod/mini";
import type { BulkSelection } from "./connector/bulk-erasure.ts";
import type { Connector, RecordRow } from "./connector/connector.ts";
import type { Database } from "./database/database.ts";
import type { StaffRole } from "./http/identity.ts";
import type { LogFields, Logger } from "./logger.ts";
import type { SubjectIdentity } from "./subject/subject-identity.ts";
import { createPrivacy, type Privacy, type PrivacyOptions } from "./privacy.ts";

const text = <Text extends string>(en: Text) => ({ "zh-CN": `中文 ${en}` as const, en });

export const policy = definePolicy({
  id: "test-shop",
  version: "1",
  languages: ["zh-CN", "en"],
  controller: {
    name: text("Test Shop"),
    country: "CN",
    contact: { email: "privacy@shop.example" },
  },
  platforms: { weixin: { appId: "wx0" } },
  categories: {
    phone: { label: text("Phone"), source: "subject" },
    address: { label: text("Address"), source: "subject" },
  },
  recipients: {},
  purposes: {
    delivery: {
      label: text("Delivery"),
      text: text("To deliver"),
      categories: ["phone", "address"],
      basis: "consent",
      necessity: "necessary",
      retention: { days: 180, from: "order-closed", then: "erase" },
    },
    marketing: {
      label: text("Marketing"),
      text: text("To send offers"),
      categories: ["phone"],
      basis: "consent",
      consentKind: "separate",
      necessity: "optional",
      use: "marketing",
      retention: { days: 30, from: "consent-given", then: "erase" },
    },
  },
});

export const order = personalRecord(policy, "order", {
  id: plain(z.string()),
  memberId: subject(z.string()),
  phone: personal("phone", z.string().check(z.maxLength(20))),
  address: personal("address", z.string()),
  closedAt: anchor("order-closed", z.nullable(z.string())),
});

/** A store in memory: real enough to pass the connector contract. A row without `tenant` is of tenant `''`. */
export interface MemoryStore {
  readonly connector: Connector;
  rows: RecordRow[];
}

export function memoryStore(): MemoryStore {
  const store: MemoryStore = {
    rows: [],
    connector: {
      kind: "database",
      records: ["order"],
      keyField: () => "id",
      describe: async () => ({
        selector: "order.memberId = {subjectId}",
        technique: "filter",
        tool: "memory",
        toolVersion: "1",
      }),
      separatesTenants: true,
      find: async (_record, of) => store.rows.filter((one) => isOf(one, of)),
      count: async (_record, of) => store.rows.filter((one) => isOf(one, of)).length,
      async erase(_record, of) {
        store.rows = store.rows.filter((one) => !isOf(one, of));
      },
      async eraseFields(_record, of, fields) {
        const blank = Object.fromEntries(fields.map((field) => [field, null]));
        store.rows = store.rows.map((one) => (isOf(one, of) ? { ...one, ...blank } : one));
      },
      blankValues: () => ({}),
      bulk: {
        async count(_record, selection) {
          const rows = store.rows.filter((one) => isSelected(one, selection));
          return { rows: rows.length, persons: new Set(rows.map((one) => one["memberId"])).size };
        },
        async *erase(_record, selection) {
          for (const row of store.rows.filter((one) => isSelected(one, selection))) {
            const blank = selection.fields?.map((field) => [field, null]);
            const left = blank === undefined ? [] : [{ ...row, ...Object.fromEntries(blank) }];
            store.rows = store.rows.flatMap((one) => (one === row ? left : [one]));
            yield 1;
          }
        },
      },
      async *subjects() {
        for (const { memberId, tenant = "" } of store.rows)
          yield { tenant: tenant as string, subjectId: memberId as string };
      },
      remnants: async () => [],
      async rectify(_record, of, key, patch) {
        const at = store.rows.findIndex((one) => one["id"] === key && isOf(one, of));
        if (at >= 0) store.rows[at] = { ...store.rows[at], ...patch };
        return at >= 0;
      },
    },
  };
  return store;
}

function isSelected(one: RecordRow, { tenant, fields, collected }: BulkSelection): boolean {
  const { tenant: own = "" } = one;
  if (own !== tenant || fields?.every((field) => one[field] === null) === true) return false;
  const at = collected && one[collected.field];
  return typeof at !== "string" || new Date(at) <= collected!.until;
}

function isOf({ memberId, tenant = "" }: RecordRow, of: SubjectIdentity): boolean {
  return memberId === of.subjectId && tenant === of.tenant;
}

export interface Caller {
  readonly as?: string;
  readonly roles?: readonly StaffRole[];
  /** How long ago the person signed in, milliseconds (0). */
  readonly signedInAgo?: number;
  readonly headers?: { readonly [name: string]: string };
  readonly body?: unknown;
  /** Sent as it is, in place of `body`. */
  readonly rawBody?: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: { readonly [name: string]: unknown };
}

export interface Fixture {
  readonly database: Database;
  readonly privacy: Privacy<typeof policy, readonly [typeof order]>;
  readonly store: MemoryStore;
  readonly logged: LogFields[];
  /** Moves the clock, milliseconds. */
  pass(ms: number): void;
  now(): number;
  call(method: string, path: string, caller?: Caller): Promise<Answer>;
  /** Asks for the notice and gives consent, as a client does. */
  give(as: string, purpose: "delivery" | "marketing"): Promise<Answer>;
}

export async function openFixture(
  database: Database,
  options: { readonly policy?: Policy; readonly store?: MemoryStore } & Partial<
    Pick<
      PrivacyOptions<typeof policy, readonly [typeof order]>,
      | "access"
      | "accessLogDays"
      | "authenticate"
      | "backups"
      | "beforeErase"
      | "basePath"
      | "confirmRectification"
      | "connectors"
      | "earlierPolicies"
      | "identities"
      | "journal"
      | "storeTimeoutMs"
      | "tenantOf"
    >
  > = {},
): Promise<Fixture> {
  const store = options.store ?? memoryStore();
  const logged: LogFields[] = [];
  const logger: Logger = {
    info: (fields) => void logged.push(fields),
    error: (fields) => void logged.push(fields),
  };
  let now = Date.UTC(2026, 10, 24, 8);
  const privacy = await createPrivacy({
    policy,
    records: [order],
    database,
    connectors: { shop: store.connector },
    backups: "none",
    clock: () => now,
    logger,
    authenticate: (request) => {
      const subjectId = request.headers.get("x-test-subject");
      if (subjectId === null) return null;
      const roles = (request.headers.get("x-test-roles")?.split(",") ?? []) as StaffRole[];
      const ago = Number(request.headers.get("x-test-ago") ?? 0);
      const tenant = request.headers.get("x-test-tenant");
      return { subjectId, roles, authenticatedAt: now - ago, ...(tenant !== null && { tenant }) };
    },
    ...(options as object),
  });

  async function call(method: string, path: string, caller: Caller = {}): Promise<Answer> {
    const { as, roles, signedInAgo, headers, body } = caller;
    const content = caller.rawBody ?? (body === undefined ? undefined : JSON.stringify(body));
    const response = await privacy.fetch(
      new Request(`http://shop.example/privacy${path}`, {
        method,
        headers: {
          ...(as !== undefined && { "x-test-subject": as }),
          ...(roles && { "x-test-roles": roles.join(",") }),
          ...(signedInAgo !== undefined && { "x-test-ago": String(signedInAgo) }),
          ...(content !== undefined && { "content-type": "application/json" }),
          ...headers,
        },
        ...(content !== undefined && { body: content }),
      }),
    );
    const answered = await response.text();
    const json = response.headers.get("content-type")?.startsWith("application/json") === true;
    return {
      status: response.status,
      headers: response.headers,
      text: answered,
      body: json ? JSON.parse(answered) : {},
    };
  }

  return {
    database,
    privacy,
    store,
    logged,
    call,
    now: () => now,
    pass: (ms) => void (now += ms),
    async give(as, purpose) {
      const { body } = await call("GET", `/notice?language=en&purposes=${purpose}`, { as });
      return call("POST", "/consents", {
        as,
        body: { decisions: [decision({ purpose, notice: body["token"] as string })] },
      });
    },
  };
}

/** A decision as a client writes it. */
export function decision(change: { readonly [name: string]: unknown } = {}): {
  readonly [name: string]: unknown;
} {
  return {
    decisionId: randomUUID(),
    purpose: "delivery",
    decision: "given",
    counter: 0,
    at: "2026-11-24T08:00:00Z",
    ...change,
  };
}

export function row(memberId: string, change: RecordRow = {}): RecordRow {
  return {
    id: `order-of-${memberId}`,
    memberId,
    phone: "13912345678",
    address: "Garden Road 8",
    closedAt: null,
    ...change,
  };
}
