import { connect, type Socket } from "node:net";
import { PrivacyError } from "@miniprivacy/core/errors";
import type { ControlCommandName, ControlRequest, ControlResult } from "./control-command.ts";
import type { ControlAnswer } from "./control-server.ts";
import { CONTROL_SOCKET, PATIENCE_MS, withSocketPath } from "./control-socket.ts";

/**
 * Has a command carried out by the process that holds a folder.
 *
 * @returns Undefined when no process listens there.
 * @throws PrivacyError with the code the process refused it with; `ERR_STORE_UNAVAILABLE` when it does not answer.
 */
export async function askControl<Name extends ControlCommandName>(
  folder: string,
  request: ControlRequest & { readonly command: Name },
): Promise<ControlResult<Name> | undefined> {
  const socket = await reach(folder).catch((cause: NodeJS.ErrnoException) => {
    if (isNobody(cause)) return undefined;
    throw cause;
  });
  if (socket === undefined) return undefined;
  const answer = await exchange(socket, request).catch((cause: unknown) => {
    throw new PrivacyError("ERR_STORE_UNAVAILABLE", { detail: "the running process", cause });
  });
  if (!answer.done) throw new PrivacyError(answer.code);
  return answer.result as ControlResult<Name>;
}

function reach(folder: string): Promise<Socket> {
  return withSocketPath(folder, CONTROL_SOCKET, (path) => {
    return new Promise<Socket>((resolve, reject) => {
      const socket = connect(path);
      socket.once("connect", () => resolve(socket));
      socket.once("error", reject);
    });
  });
}

/** The folder or its socket is not there, or the process is dead. */
function isNobody({ code }: NodeJS.ErrnoException): boolean {
  return code === "ENOENT" || code === "ECONNREFUSED";
}

async function exchange(socket: Socket, request: ControlRequest): Promise<ControlAnswer> {
  socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error("no answer")));
  socket.end(JSON.stringify(request));
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString("utf8")) as ControlAnswer;
}
