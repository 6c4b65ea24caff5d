import type { PlatformAuthorization } from "@miniprivacy/core";
import { PrivacyError } from "@miniprivacy/core/errors";
import { checkPolicy, type PersonalRecord, type Policy } from "@miniprivacy/core/policy";
import { createAccessLog } from "./access/access-log.ts";
import { type AccessService, createAccessService } from "./access/access-service.ts";
import { createBreachService } from "./breach/breach-service.ts";
import type { Connector } from "./connector/connector.ts";
import { createConsentService } from "./consent/consent-service.ts";
import { createSubjectDataService } from "./subject-request/subject-data-service.ts";
import type { Database } from "./database/database.ts";
import { createCertificateStore } from "./erasure/certificate-store.ts";
import { createErasureQueue } from "./erasure/erasure-queue.ts";
import { createErasureRunner } from "./erasure/erasure-run.ts";
import type { ErasureTarget } from "./erasure/erasure-target.ts";
import { createHandler } from "./http/create-handler.ts";
import type { Authenticate } from "./http/identity.ts";
import { privacyRoutes } from "./http/routes.ts";
import { requireSameKeys } from "./key/key-check.ts";
import type { Keys } from "./key/keys.ts";
import { createLogWriter } from "./log/log-writer.ts";
import { errorLogger, faultFields, type Logger } from "./logger.ts";
import { createRetentionSweep } from "./retention/retention-sweep.ts";
import type { Runtime } from "./runtime.ts";
import { createSubjectRequestService } from "./subject-request/subject-request-service.ts";

export interface PrivacyOptions<P extends Policy, Records extends readonly PersonalRecord<P>[]> {
  readonly policy: P;
  /** The data map: every kind of record that holds personal data. */
  readonly records: Records;
  /** MiniPrivacy's own database; it is closed by `close`. */
  readonly database: Database;
  /** (those of an embedded database) */
  readonly keys?: Keys;
  /** The host's stores by name, as certificates will call them. */
  readonly connectors: { readonly [store: string]: Connector };
  readonly authenticate: Authenticate;
  /** Tells the tenant of a request before anybody is signed in (`''`). */
  readonly tenantOf?: (request: Request) => string | Promise<string>;
  /**
   * Whether backups of the stores are made and how many days each is kept: they hold erased data until then
   * (undeclared: unknown, so no certificate says more than `partial`).
   */
  readonly backups?: "none" | { readonly keepDays: number };
  /** Written consents of the platform that are on file (none). */
  readonly authorizations?: readonly PlatformAuthorization[];
  /** (errors as JSON lines on standard error) */
  readonly logger?: Logger;
  /** Where the endpoints are mounted (`/privacy`). */
  readonly basePath?: string;
  /** Epoch milliseconds (the system's clock). */
  readonly clock?: () => number;
}

/** A running deployment. */
export interface Privacy<P extends Policy, Records extends readonly PersonalRecord<P>[]> {
  readonly basePath: string;
  /** The privacy endpoints as one web handler; paths outside `basePath` are 404. */
  fetch(request: Request): Promise<Response>;
  readonly access: AccessService<P, Records>;
  /** Waits until no erasure is running in this process. */
  idle(): Promise<void>;
  /** Finishes what is under way and closes the database. */
  close(): Promise<void>;
}

/**
 * Puts a policy to work: checks it, opens the services over the database, and takes up erasures a stopped process left.
 *
 * @throws PrivacyError `ERR_POLICY_INVALID` with the findings of severity `error`; `ERR_CONFIG_INVALID`
 */
export async function createPrivacy<
  P extends Policy,
  const Records extends readonly PersonalRecord<P>[],
>(options: PrivacyOptions<P, Records>): Promise<Privacy<P, Records>> {
  const { policy, records, database, authenticate, connectors } = options;
  const {
    basePath = "/privacy",
    logger = errorLogger,
    clock = Date.now,
    tenantOf = () => "",
  } = options;
  requirePolicy(policy);
  requireNoHolds(policy);
  const keys = options.keys ?? database.keys;
  if (keys === undefined)
    throw new PrivacyError("ERR_CONFIG_INVALID", { detail: "keys are missing" });
  await requireSameKeys(database, keys);
  const runtime: Runtime = {
    policy,
    database,
    log: createLogWriter(database),
    keys,
    basePath,
    backups: options.backups ?? "undeclared",
    now: clock,
  };
  const fail = (cause: unknown): void => logger.error(faultFields(cause), "background work failed");
  const targets = erasureTargets(records, connectors);
  const accessLog = createAccessLog(runtime, fail);
  const queue = createErasureQueue(createErasureRunner(runtime, targets), database, fail);
  const consent = createConsentService(runtime);
  const requests = createSubjectRequestService(runtime, (tenant, id) => queue.push(tenant, id));
  const routes = privacyRoutes({
    runtime,
    consent,
    requests,
    data: createSubjectDataService(runtime, targets, consent, accessLog),
    certificates: createCertificateStore(runtime),
    breaches: createBreachService(runtime),
  });
  const sweep = createRetentionSweep(runtime, fail);
  await sweep.run();
  await queue.resume();
  return {
    basePath,
    fetch: createHandler({ basePath, routes, authenticate, tenantOf, logger }),
    access: createAccessService(runtime, records, accessLog, options.authorizations ?? []),
    idle: () => queue.idle(),
    async close() {
      sweep.close();
      await queue.close();
      await accessLog.close();
      await database.close();
    },
  };
}

function requirePolicy(policy: Policy): void {
  const errors = checkPolicy(policy).filter(({ severity }) => severity === "error");
  if (errors.length === 0) return;
  throw new PrivacyError("ERR_POLICY_INVALID", {
    detail: errors.map(({ code, path }) => `${code} at ${path}`).join("; "),
    issues: errors.map(({ code, path }) => ({ code, schemaPath: path })),
  });
}

/** A hold keeps categories through an erasure; until runs can do that, a policy with holds does not start. */
function requireNoHolds({ holds = {} }: Policy): void {
  if (Object.keys(holds).length > 0)
    throw new PrivacyError("ERR_CONFIG_INVALID", { detail: "holds are not carried out yet" });
}

/** Every record must lie in at least one store: what no connector reaches could never be erased. */
function erasureTargets(
  records: readonly PersonalRecord[],
  connectors: { readonly [store: string]: Connector },
): readonly ErasureTarget[] {
  const targets = Object.entries(connectors).flatMap(([store, connector]) =>
    connector.records.map((name) => {
      const record = records.find((candidate) => candidate.name === name);
      if (record === undefined)
        throw new PrivacyError("ERR_CONFIG_INVALID", {
          detail: `store ${store} has an undeclared record`,
        });
      return { store, connector, record };
    }),
  );
  const missing = records.find(({ name }) => !targets.some(({ record }) => record.name === name));
  if (missing !== undefined)
    throw new PrivacyError("ERR_CONFIG_INVALID", {
      detail: `no store holds record ${missing.name}`,
    });
  return targets;
}
