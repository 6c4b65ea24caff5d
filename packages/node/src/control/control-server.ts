import { randomBytes } from "node:crypto";
import { chmod, rename, rm } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { isPrivacyError, PrivacyError, type PrivacyErrorCode } from "@miniprivacy/core/errors";
import * as z from "zod/mini";
import { CONTROL_COMMANDS, type ControlledDeployment } from "./control-command.ts";
import {
  CONTROL_SOCKET,
  MOST_REQUEST_BYTES,
  PATIENCE_MS,
  withSocketPath,
} from "./control-socket.ts";

/** The answer to a command. */
export type ControlAnswer =
  | { readonly done: true; readonly result: object }
  | { readonly done: false; readonly code: PrivacyErrorCode };

/** Takes commands for a deployment. */
export interface ControlServer {
  close(): Promise<void>;
}

/**
 * Takes commands over a socket in the database's folder, which only its owner can use: one JSON request a connection,
 * one JSON answer. A database in no folder is reached directly, so nothing listens.
 *
 * The caller holds the folder: a socket that is there already was left by a process that was killed.
 */
export async function openControl(
  deployment: ControlledDeployment,
  onError: (cause: unknown) => void,
): Promise<ControlServer> {
  const { folder } = deployment.database;
  if (folder === undefined) return { close: () => Promise.resolve() };
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    converse(socket, deployment, onError).catch(onError);
  });
  const aside = `new-${randomBytes(4).toString("hex")}`;
  await withSocketPath(folder, aside, (path) => listen(server, path));
  // Seen under its name only once nobody else can use it.
  await chmod(join(folder, aside), 0o600);
  await rename(join(folder, aside), join(folder, CONTROL_SOCKET));
  server.unref();
  return {
    async close() {
      await rm(join(folder, CONTROL_SOCKET), { force: true });
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject).listen(path, resolve);
  });
}

async function converse(
  socket: Socket,
  deployment: ControlledDeployment,
  onError: (cause: unknown) => void,
): Promise<void> {
  socket.setTimeout(PATIENCE_MS, () => socket.destroy());
  // Whoever asked may be gone before the answer.
  socket.on("error", () => {});
  const text = await readAll(socket);
  const answer = await carryOut(text, deployment).catch((cause: unknown) => {
    if (!isPrivacyError(cause)) onError(cause);
    return refusal(cause);
  });
  socket.end(JSON.stringify(answer));
}

/** Undefined when it is too much. */
async function readAll(socket: Socket): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    chunks.push(chunk as Buffer);
    bytes += (chunk as Buffer).length;
    if (bytes > MOST_REQUEST_BYTES) return undefined;
  }
  return Buffer.concat(chunks).toString("utf8");
}

const request = z.strictObject({
  command: z.enum(Object.keys(CONTROL_COMMANDS) as (keyof typeof CONTROL_COMMANDS)[]),
  actor: z.string().check(z.minLength(1), z.maxLength(200)),
  input: z.unknown(),
});

async function carryOut(
  text: string | undefined,
  deployment: ControlledDeployment,
): Promise<ControlAnswer> {
  if (text === undefined) throw new PrivacyError("ERR_INPUT_TOO_LARGE");
  const { command, actor, input } = parseRequest(text);
  return { done: true, result: await CONTROL_COMMANDS[command](deployment, input, actor) };
}

function parseRequest(text: string): z.output<typeof request> {
  try {
    return request.parse(JSON.parse(text));
  } catch {
    throw new PrivacyError("ERR_INPUT_INVALID", { detail: "the command" });
  }
}

/** What a fault says may hold values: only the codes of our own errors are told. */
function refusal(cause: unknown): ControlAnswer {
  return { done: false, code: isPrivacyError(cause) ? cause.code : "ERR_INTERNAL" };
}
