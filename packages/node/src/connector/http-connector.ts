import type { StoreKind } from "@miniprivacy/core/certificate";
import { PrivacyError } from "@miniprivacy/core/errors";
import type { PersonalRecord } from "@miniprivacy/core/policy";
import { readBytes } from "../http/read-bytes.ts";
import { requireKeepDays } from "../retention/keep-days.ts";
import type { SubjectIdentity } from "../subject/subject-identity.ts";
import type { Connector } from "./connector.ts";
import { type ConnectorMessage, parseCount, parseFound, parseRows } from "./connector-message.ts";
import { keptRemnants } from "./kept-remnants.ts";
import { requireTenant } from "./require-tenant.ts";
import { readSecret, signMessage } from "./signed-message.ts";

export interface HttpConnectorOptions {
  /** Where the processor takes messages: `https:`, or `http:` on this machine. */
  readonly url: string;
  /** `whsec_…`, shared with the processor: see {@link serveConnector} for its side. */
  readonly secret: string;
  /** By record name, the field that is a row's key. */
  readonly records: { readonly [record: string]: { readonly key: string } };
  /** Whether it tells the rows of tenants apart by the `tenant` of a message (false). */
  readonly separatesTenants?: boolean;
  /**
   * Whether it answers `find` and `count` (false). Without, its 2xx to an erasure is an acknowledgement and no deletion:
   * the outcome is `accepted-by-store`, and no certificate says more than `partial`.
   */
  readonly answersReads?: boolean;
  /** How many days its backups and logs keep what was erased, by your contract with it. */
  readonly keptDays: number;
  /** (`processor`) */
  readonly kind?: StoreKind;
  /** (the platform's) */
  readonly fetch?: typeof globalThis.fetch;
}

/** More than a person's rows take. */
const MAX_ANSWER_BYTES = 16_777_216;
/** Nobody waits for the answer any longer: see `storeTimeoutMs`. */
const TIMEOUT_MS = 60_000;
/** Of a correction: the store cannot hold the value. */
export const UNFIT_STATUS = 422;

/**
 * Connects a processor's store over HTTP: each call is one signed POST of JSON. Redirects are not followed, and no part of
 * an answer gets into an error.
 *
 * @throws TypeError for a url or secret that is none; PrivacyError `ERR_CONFIG_INVALID` for `keptDays` that is no whole
 *   number of days.
 */
export function httpConnector(options: HttpConnectorOptions): Connector {
  const { records, separatesTenants = false, answersReads = false, keptDays } = options;
  const { kind = "processor", fetch = globalThis.fetch } = options;
  const url = requireUrl(options.url);
  const key = readSecret(options.secret);
  requireKeepDays(keptDays, "keptDays");

  async function send(message: ConnectorMessage): Promise<string> {
    requireTenant(separatesTenants, message.tenant);
    const body = JSON.stringify(message);
    const { status, answer } = await post(body).catch((cause: unknown) => {
      throw new PrivacyError("ERR_STORE_UNAVAILABLE", { cause });
    });
    if (status >= 200 && status < 300) return answer;
    if (status === UNFIT_STATUS) throw new PrivacyError("ERR_INPUT_INVALID");
    throw new PrivacyError("ERR_STORE_UNAVAILABLE", { detail: `the processor answered ${status}` });
  }

  async function post(body: string): Promise<{ readonly status: number; readonly answer: string }> {
    const response = await fetch(url, {
      method: "POST",
      redirect: "error",
      headers: { "content-type": "application/json", ...signMessage(key, body, Date.now()) },
      body,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return {
      status: response.status,
      answer: (await readBytes(response, MAX_ANSWER_BYTES)).toString(),
    };
  }

  return {
    kind,
    evidence: answersReads ? "read-back" : "acknowledgement",
    records: Object.keys(records),
    separatesTenants,
    keyField: ({ name }) => keyOf(records, name),
    async describe(record) {
      keyOf(records, record);
      const ofTenant = separatesTenants ? " and {tenant}" : "";
      return {
        selector: `${record} of {subjectId}${ofTenant}`,
        technique: "erasure by the processor",
        tool: "signed HTTP request",
        toolVersion: "1",
      };
    },
    async find(record, subject) {
      return understood(parseRows(await send({ ...about(record, subject), type: "find" })));
    },
    async count(record, subject) {
      return understood(parseCount(await send({ ...about(record, subject), type: "count" })));
    },
    async erase(record, subject) {
      await send({ ...about(record, subject), type: "erase" });
    },
    async eraseFields(record, subject, fields) {
      await send({ ...about(record, subject), type: "erase-fields", fields });
    },
    blankValues: () => ({}),
    remnants: async (_record, now) => keptRemnants(now, { "the processor's backups": keptDays }),
    async rectify(record, subject, rowKey, patch) {
      const message = { ...about(record, subject), type: "rectify", key: rowKey, patch } as const;
      return understood(parseFound(await send(message)));
    },
  };
}

function about(
  { name }: PersonalRecord,
  { tenant, subjectId }: SubjectIdentity,
): Pick<ConnectorMessage, "record" | "tenant" | "subjectId"> {
  return { record: name, tenant, subjectId };
}

function keyOf(records: HttpConnectorOptions["records"], record: string): string {
  if (!Object.hasOwn(records, record))
    throw new PrivacyError("ERR_CONFIG_INVALID", { detail: "another record lies here" });
  return records[record]!.key;
}

function understood<Value>(answer: Value | undefined): Value {
  if (answer !== undefined) return answer;
  throw new PrivacyError("ERR_STORE_UNAVAILABLE", { detail: "the processor's answer is none" });
}

function requireUrl(text: string): URL {
  const url = new URL(text);
  const isLocal = ["127.0.0.1", "[::1]", "localhost"].includes(url.hostname);
  if (url.username !== "" || url.password !== "" || url.hash !== "")
    throw new TypeError("a processor's url has no user and no fragment");
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLocal))
    throw new TypeError("a processor is reached by https");
  return url;
}
