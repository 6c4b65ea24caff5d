import { randomUUID } from "node:crypto";
import { PrivacyError } from "@miniprivacy/core/errors";
import type { PersonalRecord, Policy } from "@miniprivacy/core/policy";
import type { ControlServer } from "./control/control-server.ts";
import type { Database } from "./database/database.ts";
import { createHandler } from "./http/create-handler.ts";
import { clientError, errorResponse } from "./http/error-response.ts";
import { healthRoute } from "./http/health-route.ts";
import type { Replay } from "./journal/replay.ts";
import type { Logger } from "./logger.ts";
import type { Privacy } from "./privacy.ts";

/** What a suspended deployment closes. */
interface SuspendedParts {
  readonly database: Database;
  readonly control: ControlServer;
  readonly replay: Replay;
}

/**
 * A deployment whose database was restored from a backup: until its journal has been replayed it serves nothing, for
 * it may hold people who were erased.
 */
export function suspendedPrivacy<P extends Policy, Records extends readonly PersonalRecord<P>[]>(
  basePath: string,
  { database, control, replay }: SuspendedParts,
  logger: Logger,
): Privacy<P, Records> {
  const refuse = (): Promise<never> => Promise.reject(cause);
  const cause = new PrivacyError("ERR_DATABASE_BEHIND_JOURNAL");
  logger.error({ code: cause.code }, cause.message);
  const health = createHandler({
    basePath,
    routes: [healthRoute("behind-journal")],
    authenticate: () => null,
    tenantOf: () => "",
    logger,
    now: Date.now,
  });
  const told = clientError(cause);
  return {
    basePath,
    fetch: async (request) =>
      new URL(request.url).pathname === `${basePath}/health`
        ? health(request)
        : errorResponse(told, randomUUID()),
    access: {
      for: refuse,
      forRoute: refuse,
      purpose: () => ({ columns: () => [], rows: refuse }),
      share: refuse,
      decideInterface: refuse,
    },
    importConsents: refuse,
    consentRecord: refuse,
    eraseTenant: refuse,
    idle: () => Promise.resolve(),
    async close() {
      await control.close();
      await replay.close();
      await database.close();
    },
  };
}
