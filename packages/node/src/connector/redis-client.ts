import { PrivacyError } from "@miniprivacy/core/errors";
import type * as Redis from "@redis/client";

/** A reply of RESP2: texts as bytes. */
export type RedisReply = Buffer | string | number | null | readonly RedisReply[];

export type SendCommand = (command: readonly (string | Buffer)[]) => Promise<RedisReply>;

const CONNECT_MS = 5000;

/**
 * Opens a connection of its own for one piece of work. What the server says of a failure may quote keys: it stays with the
 * process as the cause.
 *
 * @throws PrivacyError `ERR_STORE_UNAVAILABLE`; `ERR_CONFIG_INVALID` when `@redis/client` is not installed.
 */
export async function withRedis<Value>(
  url: string,
  work: (send: SendCommand) => Promise<Value>,
): Promise<Value> {
  const { createClient, RESP_TYPES } = await redis();
  const client = createClient({
    url,
    RESP: 2,
    commandOptions: { typeMapping: { [RESP_TYPES.BLOB_STRING]: Buffer } },
    socket: { reconnectStrategy: false, connectTimeout: CONNECT_MS },
  });
  // Without a listener it would end the process; what was asked then fails by itself.
  client.on("error", () => {});
  try {
    await client.connect();
    return await work((command) => client.sendCommand<RedisReply>(command));
  } catch (cause) {
    if (cause instanceof PrivacyError) throw cause;
    throw new PrivacyError("ERR_STORE_UNAVAILABLE", { cause });
  } finally {
    client.destroy();
  }
}

async function redis(): Promise<typeof Redis> {
  try {
    return await import("@redis/client");
  } catch (cause) {
    throw new PrivacyError("ERR_CONFIG_INVALID", {
      detail: "@redis/client is not installed",
      cause,
    });
  }
}
