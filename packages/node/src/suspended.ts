import { randomUUID } from "node:crypto";
import { PrivacyError } from "@miniprivacy/core/errors";
import type { PersonalRecord, Policy } from "@miniprivacy/core/policy";
import type { AccessService } from "./access/access-service.ts";
import type { ControlServer } from "./control/control-server.ts";
import type { Database } from "./database/database.ts";
import { createHandler } from "./http/create-handler.ts";
import { clientError, errorResponse } from "./http/error-response.ts";
import { healthRoute } from "./http/health-route.ts";
import type { Replay } from "./journal/replay.ts";
import { faultFields, type Logger } from "./logger.ts";
import type { Privacy } from "./privacy.ts";

/** What a suspended deployment stands on. */
interface SuspendedParts<P extends Policy, Records extends readonly PersonalRecord<P>[]> {
  readonly database: Database;
  readonly control: ControlServer;
  readonly replay: Replay;
  readonly isBehind: () => Promise<boolean>;
  /** Opens the deployment once it is not behind any more. */
  readonly open: () => Promise<Privacy<P, Records>>;
}

/** How often it is asked whether a replay, by this process or another, is over. */
const WATCH_MS = 1000;

/**
 * A deployment whose database was restored from a backup: until its journal has been replayed it serves nothing, for
 * it may hold people who were erased. From then on it serves.
 */
export function suspendedPrivacy<P extends Policy, Records extends readonly PersonalRecord<P>[]>(
  basePath: string,
  { database, control, replay, isBehind, open }: SuspendedParts<P, Records>,
  logger: Logger,
): Privacy<P, Records> {
  const cause = new PrivacyError("ERR_DATABASE_BEHIND_JOURNAL");
  logger.error({ code: cause.code }, cause.message);
  let opened: Privacy<P, Records> | undefined;
  let looking: Promise<void> = Promise.resolve();
  let closed = false;
  let timer = setTimeout(watch, WATCH_MS).unref();

  function watch(): void {
    looking = look()
      .catch((fault: unknown) => logger.error(faultFields(fault), "background work failed"))
      .finally(() => {
        if (opened === undefined && !closed) timer = setTimeout(watch, WATCH_MS).unref();
      });
  }

  async function look(): Promise<void> {
    if (!(await isBehind())) opened = await open();
  }

  function serving(): Privacy<P, Records> {
    if (opened === undefined) throw cause;
    return opened;
  }

  const health = createHandler({
    basePath,
    routes: [healthRoute("behind-journal")],
    authenticate: () => null,
    tenantOf: () => "",
    logger,
    now: Date.now,
  });
  const told = clientError(cause);
  const access: AccessService<P, Records> = {
    for: async (...of) => serving().access.for(...of),
    forRoute: async (...of) => serving().access.forRoute(...of),
    purpose: (...of) => opened?.access.purpose(...of) ?? { columns: () => [], rows: refuse },
    share: async (...of) => serving().access.share(...of),
    decideInterface: async (...of) => serving().access.decideInterface(...of),
  };
  const refuse = (): Promise<never> => Promise.reject(cause);
  return {
    basePath,
    async fetch(request) {
      if (opened !== undefined) return opened.fetch(request);
      return new URL(request.url).pathname === `${basePath}/health`
        ? health(request)
        : errorResponse(told, randomUUID());
    },
    access,
    importConsents: async (...of) => serving().importConsents(...of),
    consentRecord: async (...of) => serving().consentRecord(...of),
    eraseTenant: async (...of) => serving().eraseTenant(...of),
    idle: async () => opened?.idle(),
    async close() {
      closed = true;
      clearTimeout(timer);
      await looking;
      await control.close();
      await replay.close();
      await (opened ?? database).close();
    },
  };
}
