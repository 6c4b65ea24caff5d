import type { ConsentRecord } from "@miniprivacy/core";
import type { PlatformName } from "@miniprivacy/core/certificate";
import { PrivacyError } from "@miniprivacy/core/errors";
import {
  checkPolicy,
  type PersonalRecord,
  type Policy,
  policyLock,
} from "@miniprivacy/core/policy";
import { createAccessLog } from "./access/access-log.ts";
import { type AccessService, createAccessService } from "./access/access-service.ts";
import { createAccessQuestions } from "./access/access-questions.ts";
import { createFilings } from "./access/filing.ts";
import { createSubjectFacts } from "./access/subject-facts.ts";
import { standingOf } from "./access/known-facts.ts";
import { createTenantRegisters } from "./access/tenant-register.ts";
import { createBreachService } from "./breach/breach-service.ts";
import type { Connector } from "./connector/connector.ts";
import { createConsentRecords } from "./consent/consent-records.ts";
import { createConsentService } from "./consent/consent-service.ts";
import { createDecisionIntake } from "./consent/decision-intake.ts";
import {
  importConsents,
  type ImportOptions,
  type ImportResult,
  type LegacyConsent,
} from "./consent/import-consents.ts";
import { createNoticeService } from "./consent/notice-service.ts";
import {
  type ConfirmRectification,
  createRectificationService,
} from "./subject-request/rectification-service.ts";
import { createSubjectDataService } from "./subject-request/subject-data-service.ts";
import type { Database } from "./database/database.ts";
import { type Demand, isDemandId } from "./demand/demand.ts";
import { createDemandPlanner } from "./demand/demand-plan.ts";
import { createDemandRunner } from "./demand/demand-run.ts";
import { createDemandService } from "./demand/demand-service.ts";
import { guardTenants } from "./database/tenant-guard.ts";
import { createCertificateStore } from "./erasure/certificate-store.ts";
import { backupDeclaration } from "./erasure/backup-statement.ts";
import { openErasureQueue } from "./erasure/erasure-queue.ts";
import { storeTimeout } from "./erasure/ask-store.ts";
import type { BeforeErase } from "./erasure/postponement.ts";
import { createAttemptsNow } from "./erasure/attempts-now.ts";
import { createErasurePlanner } from "./erasure/erasure-plan.ts";
import { createErasureDrill } from "./erasure/erasure-drill.ts";
import { createErasureRunner, type ErasureRunner } from "./erasure/erasure-run.ts";
import { createStoreReplay } from "./erasure/store-replay.ts";
import { createErasureTasks } from "./erasure/erasure-tasks.ts";
import { type ErasureTarget, OWN_STORE } from "./erasure/erasure-target.ts";
import { createWithdrawals } from "./erasure/withdrawals.ts";
import type { ControlledDeployment } from "./control/control-command.ts";
import type { OperatorHand } from "./control/operator-hand.ts";
import { openControl } from "./control/control-server.ts";
import { createHandler } from "./http/create-handler.ts";
import type { Authenticate } from "./http/identity.ts";
import { privacyRoutes } from "./http/routes.ts";
import { createErasureLedger } from "./journal/erasure-ledger.ts";
import type { Journal } from "./journal/journal.ts";
import { createReplay } from "./journal/replay.ts";
import {
  isBehindJournal,
  requireNoReplay,
  requireSeparateJournal,
} from "./journal/restore-guard.ts";
import { requireSameKeys } from "./key/key-check.ts";
import type { Keys } from "./key/keys.ts";
import { openChangeBus } from "./log/change-bus.ts";
import { createCheckpointService } from "./log/checkpoint-service.ts";
import { createLogProver } from "./log/log-prover.ts";
import { createLogWriter } from "./log/log-writer.ts";
import { errorLogger, faultFields, type Logger } from "./logger.ts";
import { requireKeepDays } from "./retention/keep-days.ts";
import { createRetentionSweep } from "./retention/retention-sweep.ts";
import type { Runtime } from "./runtime.ts";
import type { Identities } from "./subject/platform-identity.ts";
import { suspendedPrivacy } from "./suspended.ts";
import { createRequestDecisions } from "./subject-request/request-decisions.ts";
import { createRequestDesk } from "./subject-request/request-desk.ts";
import { createSubjectRequestService } from "./subject-request/subject-request-service.ts";

export interface PrivacyOptions<P extends Policy, Records extends readonly PersonalRecord<P>[]> {
  readonly policy: P;
  /**
   * Earlier versions of the policy (none). A consent given under one still counts where nothing was added since that
   * asks again.
   */
  readonly earlierPolicies?: readonly Policy[];
  /** The data map: every kind of record that holds personal data. */
  readonly records: Records;
  /** MiniPrivacy's own database; it is closed by `close`. */
  readonly database: Database;
  /** (those of an embedded database) */
  readonly keys?: Keys;
  /**
   * Where the log is remembered outside the database and its backups, e.g. `fileJournal(dir)` (none: a database
   * restored from a backup is not noticed).
   */
  readonly journal?: Journal;
  /**
   * The host's stores by name, as certificates will call them. One of kind `processor` with a recipient's name reaches
   * that processor; every other processor the policy names counts as not told.
   */
  readonly connectors: { readonly [store: string]: Connector };
  readonly authenticate: Authenticate;
  /** Finds a person by what a platform calls her (none: such names are refused). */
  readonly identities?: Identities;
  /** Tells the tenant of a request before anybody is signed in (`''`). Every connector must then tell tenants apart. */
  readonly tenantOf?: (request: Request) => string | Promise<string>;
  /**
   * Whether backups of the stores are made and how many days each is kept: they hold erased data until then
   * (undeclared: unknown, so no certificate says more than `partial`).
   */
  readonly backups?: "none" | { readonly keepDays: number };
  /**
   * Asked before an erasure begins whether it has to wait, for a parcel on the road: nobody uses the data from the request
   * on, she reads reason and date, and all is erased then, at the latest when the request is due (nothing waits).
   */
  readonly beforeErase?: BeforeErase;
  /**
   * Whether the new value of a field with `rectify: "verify-again"` was verified, e.g. by a code sent to the new phone
   * (none: such a field is not corrected). It is asked at every try, a repeated one too.
   */
  readonly confirmRectification?: ConfirmRectification;
  /**
   * How long a store may take for one call of an erasure or a correction, milliseconds; then it counts as failed. An
   * erasure is tried again (60000).
   */
  readonly storeTimeoutMs?: number;
  /**
   * Whether reads are decided (`"enforce"`), or, in a running shop and until an RFC 3339 date, only watched, of some
   * records or all: what lacks a consent, an authorization or a sweep passes, and the access log keeps the reason it will
   * be denied for. What a person refused, withdrew or had restricted is denied all the same.
   */
  readonly access?:
    | "enforce"
    | {
        readonly observe: {
          readonly until: string;
          /** (all) */
          readonly records?: readonly Records[number]["name"][];
        };
      };
  /** How many days the access log is kept (184: network logs are kept for six months at least, 网络安全法 23). */
  readonly accessLogDays?: number;
  /** (errors as JSON lines on standard error) */
  readonly logger?: Logger;
  /** Where the endpoints are mounted (`/privacy`): segments of letters, digits, `-`, `.`, `_`, `~`; no slash at the end. */
  readonly basePath?: string;
  /** Epoch milliseconds (the system's clock). */
  readonly clock?: () => number;
}

/** Six months, whichever they are. */
const ACCESS_LOG_DAYS = 184;

/** A running deployment. */
export interface Privacy<P extends Policy, Records extends readonly PersonalRecord<P>[]> {
  readonly basePath: string;
  /** The privacy endpoints as one web handler; paths outside `basePath` are 404. */
  fetch(request: Request): Promise<Response>;
  readonly access: AccessService<P, Records>;
  /**
   * Takes over the consents of people who were there before, as *legacy*: they permit until an end date, by which each
   * is asked properly. Repeating it does no harm; who has decided anything here is passed over.
   *
   * @throws PrivacyError `ERR_PURPOSE_UNKNOWN`, `ERR_CONFIG_INVALID` for an end that is not in the future
   */
  importConsents(
    rows: Iterable<LegacyConsent> | AsyncIterable<LegacyConsent>,
    options: ImportOptions,
  ): Promise<ImportResult>;
  /**
   * All that is kept of a person's consent to a purpose, as an auditor checks it; undefined when nothing was decided.
   * `@miniprivacy/core/consent` writes it in the forms of other systems.
   */
  consentRecord(
    subjectId: string,
    purpose: string,
    options?: { readonly tenant?: string },
  ): Promise<ConsentRecord | undefined>;
  /**
   * Erases everything of a tenant that has left a platform, or that the platform has left: WeCom's `cancel_auth`, the end
   * of the service. It resolves once that is on file and no read of the tenant's data is permitted any more; it is carried
   * out whatever becomes of this process, and ends in one certificate. Repeating it does no harm.
   *
   * @param options `by`: who has it done, e.g. the name of the handler; only her digest is kept.
   * @see WX-4.10a
   */
  eraseTenant(
    tenant: string,
    options: { readonly platform: PlatformName; readonly by: string },
  ): Promise<Demand>;
  /** Waits until no erasure of the deployment is unfinished. */
  idle(): Promise<void>;
  /** Finishes what is under way and closes the database. */
  close(): Promise<void>;
}

/**
 * Puts a policy to work: checks it, opens the services over the database, and takes up erasures a stopped process left.
 * Over a database that is older than its journal every endpoint but `/health` answers 503, and every read is refused,
 * until the journal has been replayed.
 *
 * @throws PrivacyError `ERR_POLICY_INVALID` with the findings of severity `error`; `ERR_CONFIG_INVALID`
 */
export async function createPrivacy<
  P extends Policy,
  const Records extends readonly PersonalRecord<P>[],
>(options: PrivacyOptions<P, Records>): Promise<Privacy<P, Records>> {
  return (await openDeployment(options)).privacy;
}

/** A running deployment, with what the command line works on. */
export interface OpenDeployment<P extends Policy, Records extends readonly PersonalRecord<P>[]> {
  readonly privacy: Privacy<P, Records>;
  readonly controlled: ControlledDeployment;
}

/** As {@link createPrivacy}. */
export async function openDeployment<
  P extends Policy,
  const Records extends readonly PersonalRecord<P>[],
>(options: PrivacyOptions<P, Records>): Promise<OpenDeployment<P, Records>> {
  const { policy, earlierPolicies = [], records, authenticate, connectors } = options;
  const {
    basePath = "/privacy",
    logger = errorLogger,
    clock = Date.now,
    tenantOf = () => "",
  } = options;
  requirePolicy(policy);
  requireNoHolds(policy);
  requireBasePath(basePath);
  const backups = backupDeclaration(options.backups);
  const storeTimeoutMs = storeTimeout(options.storeTimeoutMs);
  const { accessLogDays = ACCESS_LOG_DAYS } = options;
  requireKeepDays(accessLogDays, "accessLogDays");
  const database = guardTenants(options.database);
  const keys = options.keys ?? database.keys;
  if (keys === undefined)
    throw new PrivacyError("ERR_CONFIG_INVALID", { detail: "keys are missing" });
  await requireSameKeys(database, keys);
  const { journal } = options;
  const fail = (cause: unknown): void => logger.error(faultFields(cause), "background work failed");
  if (journal === undefined) {
    await requireNoReplay(database);
  } else {
    await requireSeparateJournal(database, journal);
    if (await isBehindJournal(database, journal)) {
      const replay = createReplay({ database, keys, policy, now: clock }, journal);
      const controlled = { database, journal, replay };
      const control = await openControl(controlled, fail);
      const isBehind = (): Promise<boolean> => isBehindJournal(database, journal);
      const open = async (): Promise<Privacy<P, Records>> =>
        (await openDeployment(options)).privacy;
      const held = { database, control, replay, isBehind, open };
      return { privacy: suspendedPrivacy<P, Records>(basePath, held, logger), controlled };
    }
  }
  const changes = await openChangeBus(database, fail);
  const runtime: Runtime = {
    policy,
    earlierPolicies,
    published: policyLock(policy),
    standing: standingOf(policy, earlierPolicies),
    database,
    log: createLogWriter(database, changes),
    changes,
    checkpoints: createCheckpointService({ database, keys, journal, changes }, fail),
    keys,
    basePath,
    backups,
    restoreGuard: journal !== undefined && Object.values(connectors).every(namesPeople),
    observeUntil: observeUntil(options.access),
    identities: options.identities,
    now: clock,
  };
  const targets = erasureTargets(records, connectors);
  if (options.tenantOf !== undefined) requireSeparateTenants(connectors);
  const accessLog = createAccessLog(runtime, fail);
  const ledger = createErasureLedger(database, keys, journal, clock);
  const carriedOut = { targets, ledger, storeTimeoutMs, logger, onError: fail };
  const requestRunner = createErasureRunner(runtime, {
    ...carriedOut,
    beforeErase: options.beforeErase,
  });
  const demandRunner = createDemandRunner(runtime, carriedOut);
  const runner: ErasureRunner = {
    run: (tenant, id) => (isDemandId(id) ? demandRunner : requestRunner).run(tenant, id),
  };
  const erasures = await openErasureQueue(runner, database, fail);
  const notices = createNoticeService(runtime);
  const withdrawals = createWithdrawals(runtime, targets, erasures);
  const consent = createConsentService(runtime, notices, withdrawals);
  const intake = createDecisionIntake(runtime, consent, withdrawals);
  const consentRecords = createConsentRecords(runtime);
  const subjects = createSubjectFacts(runtime, createTenantRegisters(runtime));
  const observed = observedRecords(options.access, records);
  const prover = createLogProver(runtime);
  // A question is about no record: observing counts where it is of all of them.
  const observing = records.every(({ name }) => observed.has(name));
  const questions = createAccessQuestions(
    observing ? runtime : { ...runtime, observeUntil: undefined },
    accessLog,
  );
  const { country } = policy.controller;
  const requests = createSubjectRequestService(runtime, erasures);
  const demands = createDemandService(runtime, targets, erasures);
  const routes = privacyRoutes({
    runtime,
    notices,
    consent,
    intake,
    records: consentRecords,
    requests,
    desk: createRequestDesk({ database, country, now: clock }),
    decisions: createRequestDecisions(runtime),
    data: createSubjectDataService(runtime, targets, consent, accessLog),
    rectifications: createRectificationService(runtime, {
      targets,
      storeTimeoutMs,
      confirm: options.confirmRectification,
      logger,
    }),
    certificates: createCertificateStore(runtime, prover),
    prover,
    tasks: createErasureTasks(runtime, erasures),
    breaches: createBreachService(runtime),
    filings: createFilings(runtime),
    demands,
    questions,
  });
  const sweep = createRetentionSweep(runtime, { accessLogDays, journal, onError: fail });
  await sweep.run();
  const attempts = createAttemptsNow(runner, fail);
  const storeReplay = createStoreReplay(runtime, { journal, targets, storeTimeoutMs });
  const drill = createErasureDrill(runtime, records, openDeployment);
  const hand: OperatorHand = {
    drill: drill.advance,
    replayStore: storeReplay.advance,
    openErasure: (subject, by) => requests.openFor(subject, by),
    attempt: (tenant, id) => attempts.begin(tenant, id),
    plan: createErasurePlanner(runtime, { targets, storeTimeoutMs }, accessLog),
    planDemand: createDemandPlanner(targets, storeTimeoutMs),
    openDemand: (demand, by) => demands.open(demand, by),
  };
  const controlled = { database, journal, questions, hand, country, now: clock };
  const control = await openControl(controlled, fail);
  const privacy: Privacy<P, Records> = {
    basePath,
    fetch: createHandler({ basePath, routes, authenticate, tenantOf, logger, now: clock }),
    access: createAccessService(runtime, records, { log: accessLog, subjects, intake, observed }),
    importConsents: (rows, imported) => importConsents(runtime, rows, imported),
    consentRecord: (subjectId, purpose, { tenant = "" } = {}) =>
      consentRecords.load({ tenant, subjectId }, purpose),
    async eraseTenant(tenant, { platform, by }) {
      const demand = { trigger: { kind: "contract-exit", platform }, selector: "tenant" } as const;
      const result = await demands.open(demand, { tenant, staff: by });
      if (result.opened) return result.demand;
      throw new PrivacyError("ERR_CONFIG_INVALID", { detail: "no record is connected" });
    },
    idle: () => erasures.idle(),
    async close() {
      await control.close();
      sweep.close();
      await storeReplay.close();
      await drill.close();
      await attempts.close();
      await erasures.close();
      await runtime.log.close();
      await accessLog.close();
      await runtime.checkpoints.close();
      await changes.close();
      await database.close();
    },
  };
  return { privacy, controlled };
}

type AccessMode = PrivacyOptions<Policy, readonly PersonalRecord[]>["access"];

/** The records of which reads are only watched. */
function observedRecords(
  access: AccessMode,
  records: readonly PersonalRecord[],
): ReadonlySet<string> {
  if (access === undefined || access === "enforce") return new Set();
  const all = new Set(records.map(({ name }) => name));
  const named = new Set(access.observe.records ?? all);
  if (![...named].every((name) => all.has(name)))
    throw new PrivacyError("ERR_CONFIG_INVALID", { detail: "access.observe.records" });
  return named;
}

function observeUntil(access: AccessMode): number | undefined {
  if (access === undefined || access === "enforce") return undefined;
  const until = Date.parse(access.observe.until);
  if (Number.isNaN(until))
    throw new PrivacyError("ERR_CONFIG_INVALID", { detail: "access.observe.until is no date" });
  return until;
}

function requirePolicy(policy: Policy): void {
  const errors = checkPolicy(policy).filter(({ severity }) => severity === "error");
  if (errors.length === 0) return;
  throw new PrivacyError("ERR_POLICY_INVALID", {
    detail: errors.map(({ code, path }) => `${code} at ${path}`).join("; "),
    issues: errors.map(({ code, path }) => ({ code, schemaPath: path })),
  });
}

/** Segments of plain characters, so that routes, links and mounts all read the path alike. */
function requireBasePath(basePath: unknown): void {
  if (typeof basePath !== "string" || !/^(?:\/[\w~-][\w.~-]*)*$/.test(basePath))
    throw new PrivacyError("ERR_CONFIG_INVALID", { detail: "basePath" });
}

/** A hold keeps categories through an erasure; until runs can do that, a policy with holds does not start. */
function requireNoHolds({ holds = {} }: Policy): void {
  if (Object.keys(holds).length > 0)
    throw new PrivacyError("ERR_CONFIG_INVALID", { detail: "holds are not carried out yet" });
}

/** Without it the erasure of one tenant's customer could reach another tenant's. */
function requireSeparateTenants(connectors: { readonly [store: string]: Connector }): void {
  for (const [store, { separatesTenants }] of Object.entries(connectors))
    if (!separatesTenants)
      throw new PrivacyError("ERR_CONFIG_INVALID", {
        detail: `store ${store} does not tell tenants apart`,
      });
}

/** Whether a restored backup of a store can be gone through for people who were erased since. */
function namesPeople(connector: Connector): boolean {
  return connector.subjects !== undefined || connector.evidence === "declaration";
}

/** Every record must lie in at least one store: what no connector reaches could never be erased. */
function erasureTargets(
  records: readonly PersonalRecord[],
  connectors: { readonly [store: string]: Connector },
): readonly ErasureTarget[] {
  if (Object.hasOwn(connectors, OWN_STORE))
    throw new PrivacyError("ERR_CONFIG_INVALID", {
      detail: `a store cannot be called ${OWN_STORE}`,
    });
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
