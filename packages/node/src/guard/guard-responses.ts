import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Guard } from "@miniprivacy/core/sensitive-data";
import {
  type AnswerHead,
  BODY_HEADERS,
  clearBody,
  DIGEST_HEADERS,
  isBinary,
  isEndless,
} from "./answer-body.ts";
import { createHeldBody } from "./held-body.ts";

/**
 * Express, Nest and Connect middleware, and in front of any `node:http` handler: the body of each answer is looked
 * through before it is sent, as {@link guardHandler} says.
 *
 * Mount it before the routes, and after middleware that compresses. What is written to the socket itself goes around
 * it.
 *
 * @see WX-4.4.6c
 * @see TC-D6.2a
 * @example app.use(guardResponses(guard))
 */
export function guardResponses(
  guard: Guard,
): (request: IncomingMessage, response: ServerResponse, next: () => unknown) => void {
  return (_request, response, next) => {
    if (guard.mode === "report") watch(guard, response);
    else hold(guard, response);
    next();
  };
}

/** The methods of a response that send something. */
type Sending = {
  readonly [Name in "writeHead" | "flushHeaders" | "write" | "end"]: (
    ...args: readonly unknown[]
  ) => unknown;
};
type Done = (error?: Error | null) => void;

/** Keeps a copy of what is sent, and looks at it in the end. */
function watch(guard: Guard, response: ServerResponse): void {
  const { write, end } = response as unknown as Sending;
  const body = createHeldBody();
  const keep = (args: readonly unknown[]): void => {
    if (!isBinary(headOf(response).type)) body.add(readArguments(args).bytes);
  };
  Object.assign(response, {
    write(...args: readonly unknown[]) {
      keep(args);
      return write.apply(response, args as never);
    },
    end(...args: readonly unknown[]) {
      keep(args);
      if (!body.isOver()) clearBody(guard, headOf(response), body.bytes());
      return end.apply(response, args as never);
    },
  });
}

/** Holds back what is sent until it is whole. What others have put around these methods stays around them. */
function hold(guard: Guard, response: ServerResponse): void {
  const { writeHead, flushHeaders, write, end } = response as unknown as Sending;
  const body = createHeldBody();
  let state: "new" | "holding" | "open" | "refused" = "new";
  let isBegun = false;
  const send = (bytes: Uint8Array): void => {
    state = "open";
    end.apply(response, (bytes.length === 0 ? [] : [bytes]) as never);
  };
  const refuse = (): void => {
    setRefusal(response);
    send(refusalBody());
    // The route does not know, and may go on for a while.
    state = "refused";
  };
  /** What is decided by the headers, before there is a body. */
  const begin = (): typeof state => {
    isBegun = true;
    if (state !== "new") return state;
    const { type } = headOf(response);
    state = isBinary(type) ? "open" : "holding";
    if (isEndless(type)) refuse();
    return state;
  };
  const finish = (): void => {
    // Requirement WX-4.4.6c, TC-D6.2a: an answer leaves when it is known to hold nothing sensitive.
    const clear = clearBody(guard, headOf(response), body.bytes());
    if (clear.action === "block") return refuse();
    if (clear.action === "pass") return send(body.bytes());
    setMaskedHeaders(response, clear.body.length);
    send(clear.body);
  };
  // Who breaks off half way must find that it is too late for another answer, as without a guard.
  Object.defineProperty(response, "headersSent", {
    configurable: true,
    get: () =>
      isBegun || Reflect.get(Object.getPrototypeOf(response) as object, "headersSent", response),
  });
  Object.assign(response, {
    writeHead(status: number, ...others: readonly unknown[]) {
      isBegun = true;
      if (state === "open") return writeHead.call(response, status, ...others);
      if (state !== "refused") setHead(response, status, others);
      return response;
    },
    flushHeaders() {
      if (begin() === "open") flushHeaders.call(response);
    },
    write(...args: readonly unknown[]) {
      if (begin() === "open") return write.apply(response, args as never);
      const { bytes, done } = readArguments(args);
      if (done) process.nextTick(done);
      if (state === "holding") body.add(bytes);
      if (state === "holding" && body.isOver()) refuse();
      return true;
    },
    end(...args: readonly unknown[]) {
      if (begin() === "open") return end.apply(response, args as never);
      const { bytes, done } = readArguments(args);
      if (done) response.once("finish", done);
      if (state === "refused") return response;
      body.add(bytes);
      if (body.isOver()) refuse();
      else finish();
      return response;
    },
  });
}

function headOf(response: ServerResponse): AnswerHead {
  const text = (name: string): string | undefined => {
    const value = response.getHeader(name);
    return value === undefined ? undefined : String(value);
  };
  return { type: text("content-type"), encoding: text("content-encoding") };
}

/** What `writeHead` would send at once, kept in the response. */
function setHead(response: ServerResponse, status: number, others: readonly unknown[]): void {
  response.statusCode = status;
  const [first, second] = others;
  if (typeof first === "string") response.statusMessage = first;
  const headers = typeof first === "string" ? second : first;
  if (!Array.isArray(headers)) {
    for (const [name, value] of Object.entries(headers ?? {}))
      if (value !== undefined) response.setHeader(name, value as string);
    return;
  }
  const flat = (headers as readonly unknown[]).flat() as readonly string[];
  for (let i = 0; i < flat.length; i += 2) response.removeHeader(flat[i]!);
  for (let i = 0; i < flat.length; i += 2) response.appendHeader(flat[i]!, flat[i + 1]!);
}

function setMaskedHeaders(response: ServerResponse, length: number): void {
  for (const name of DIGEST_HEADERS) response.removeHeader(name);
  response.setHeader("content-length", length);
}

function setRefusal(response: ServerResponse): void {
  for (const name of BODY_HEADERS) response.removeHeader(name);
  response.statusCode = 500;
  if (response.statusMessage) response.statusMessage = "";
  response.setHeader("content-type", "application/json");
  response.setHeader("cache-control", "no-store");
}

function refusalBody(): Buffer {
  return Buffer.from(JSON.stringify({ code: "ERR_SENSITIVE_DATA_FOUND", requestId: randomUUID() }));
}

/** The arguments of `write` and `end`: chunk, encoding and callback, each of which may be missing. */
function readArguments(args: readonly unknown[]): {
  readonly bytes: Uint8Array;
  readonly done: Done | undefined;
} {
  const done = args.find((arg) => typeof arg === "function") as Done | undefined;
  const [chunk, encoding] = args;
  if (typeof chunk === "string") {
    const named = typeof encoding === "string" ? (encoding as BufferEncoding) : "utf8";
    return { bytes: Buffer.from(chunk, named), done };
  }
  // A copy: who wrote it may use its memory again.
  return { bytes: chunk instanceof Uint8Array ? Buffer.from(chunk) : Buffer.alloc(0), done };
}
