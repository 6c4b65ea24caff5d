import { isPrivacyError } from "@miniprivacy/core/errors";
import type { PersonalRecord } from "@miniprivacy/core/policy";
import { readBytes } from "../http/read-bytes.ts";
import type { Connector } from "./connector.ts";
import { type ConnectorMessage, parseConnectorMessage } from "./connector-message.ts";
import { UNFIT_STATUS } from "./http-connector.ts";
import { isSigned, readSecret } from "./signed-message.ts";

export interface ServeConnectorOptions {
  /** `whsec_…`, shared with the controller. */
  readonly secret: string;
  readonly connector: Connector;
  /** The data map of what the connector holds. */
  readonly records: readonly PersonalRecord[];
  /** Epoch milliseconds (the system's clock). */
  readonly clock?: () => number;
}

const MAX_BODY_BYTES = 1_048_576;

/**
 * The processor's side of {@link httpConnector}: carries out a controller's signed messages on a store of its own. An
 * unsigned, old or foreign one is 401, what is no message 400, a store that fails 503. An answer says nothing else.
 *
 * @returns A web handler for the one URL the controller was given.
 * @throws TypeError for a secret that is none.
 * @see PIPL-21
 */
export function serveConnector(
  options: ServeConnectorOptions,
): (request: Request) => Promise<Response> {
  const { connector, records, clock = Date.now } = options;
  const key = readSecret(options.secret);

  return async (request) => {
    if (request.method !== "POST") return new Response(null, { status: 405 });
    const read = await readBytes(request, MAX_BODY_BYTES).catch(() => undefined);
    if (read === undefined) return new Response(null, { status: 413 });
    const body = read.toString();
    if (!isSigned(key, request.headers, body, clock())) return new Response(null, { status: 401 });
    const message = parseConnectorMessage(body);
    const record = records.find(({ name }) => name === message?.record);
    if (message === undefined || record === undefined) return new Response(null, { status: 400 });
    try {
      return Response.json(await carryOut(connector, record, message));
    } catch (cause) {
      const isUnfit = isPrivacyError(cause) && cause.code === "ERR_INPUT_INVALID";
      return new Response(null, { status: isUnfit ? UNFIT_STATUS : 503 });
    }
  };
}

async function carryOut(
  connector: Connector,
  record: PersonalRecord,
  message: ConnectorMessage,
): Promise<object> {
  const { tenant, subjectId } = message;
  const subject = { tenant, subjectId };
  switch (message.type) {
    case "find":
      return { rows: await connector.find(record, subject) };
    case "count":
      return { count: await connector.count(record, subject) };
    case "erase":
      await connector.erase(record, subject);
      return {};
    case "erase-fields":
      await connector.eraseFields(record, subject, message.fields);
      return {};
    case "rectify":
      return { found: await connector.rectify(record, subject, message.key, message.patch) };
  }
}
