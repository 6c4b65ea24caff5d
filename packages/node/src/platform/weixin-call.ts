import { PrivacyError } from "@miniprivacy/core/errors";
import { TIMED_OUT, within } from "../within.ts";

/** One call of Weixin's server API. */
export interface WeixinRequest {
  readonly path: string;
  /** Holds the secret or the token: an address is never shown to anybody. */
  readonly query: { readonly [name: string]: string };
  /** Posted as JSON (a GET). */
  readonly body?: object;
}

/** What Weixin answered. */
export interface WeixinAnswer {
  /** 0 where it did what was asked. */
  readonly errcode: number;
  readonly content: { readonly [name: string]: unknown };
}

/** @throws PrivacyError `ERR_STORE_UNAVAILABLE` for whatever is no answer. */
export type WeixinCall = (request: WeixinRequest) => Promise<WeixinAnswer>;

export interface WeixinEndpoint {
  readonly endpoint: string;
  readonly fetch: typeof fetch;
  readonly timeoutMs: number;
}

/** An answer is less than one kilobyte long. */
const MAX_ANSWER_BYTES = 65_536;

/** @throws PrivacyError `ERR_CONFIG_INVALID` for an endpoint that would carry secrets in the clear. */
export function createWeixinCall({ endpoint, fetch, timeoutMs }: WeixinEndpoint): WeixinCall {
  const base = requireEndpoint(endpoint);
  return async ({ path, query, body }) => {
    const url = `${base}${path}?${new URLSearchParams(query).toString()}`;
    const stop = new AbortController();
    const text = await within(timeoutMs, transfer(fetch, url, body, stop.signal));
    if (text !== TIMED_OUT) return parseAnswer(text);
    stop.abort();
    throw weixinFault("late");
  };
}

/**
 * Says what went wrong, and nothing of what was sent or answered. Without a cause: fetch and JSON.parse quote addresses
 * and bodies.
 *
 * @param fact Words or numbers of ours.
 */
export function weixinFault(fact: string): PrivacyError {
  return new PrivacyError("ERR_STORE_UNAVAILABLE", { detail: `weixin: ${fact}` });
}

/** Whether a client handed over what can be a code of Weixin's at all. */
export function isWeixinCode(code: unknown): code is string {
  return typeof code === "string" && /^[!-~]{1,512}$/.test(code);
}

async function transfer(
  fetch: WeixinEndpoint["fetch"],
  url: string,
  body: object | undefined,
  signal: AbortSignal,
): Promise<string> {
  try {
    const posted = body && {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    };
    // Elsewhere is not where the secret was meant to go.
    const response = await fetch(url, { ...posted, redirect: "error", signal });
    if (response.status === 200) return await readText(response);
    await response.body?.cancel();
    throw weixinFault(`HTTP ${response.status}`);
  } catch (error) {
    throw error instanceof PrivacyError ? error : weixinFault("no answer");
  }
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES) throw weixinFault("answer too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parseAnswer(text: string): WeixinAnswer {
  const content = parseObject(text);
  const errcode = codeOf(content?.["errcode"]);
  const errno = codeOf(content?.["errno"]);
  if (content === undefined || errcode === undefined || errno === undefined)
    throw weixinFault("broken answer");
  return { errcode: errcode === 0 ? errno : errcode, content };
}

function parseObject(text: string): WeixinAnswer["content"] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? (value as WeixinAnswer["content"]) : undefined;
  } catch {
    return undefined;
  }
}

/** A number Weixin could mean; it goes into messages, so nothing longer passes for one. */
function codeOf(value: unknown = 0): number | undefined {
  return Number.isSafeInteger(value) && Math.abs(value as number) < 10_000_000
    ? (value as number)
    : undefined;
}

/** The secret and the token travel in the address: encrypted, or to this machine only. */
function requireEndpoint(endpoint: string): string {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  const isPrivate =
    url?.protocol === "https:" || (url?.protocol === "http:" && LOOPBACK.includes(url.hostname));
  if (!isPrivate || url.href !== url.origin + url.pathname)
    throw new PrivacyError("ERR_CONFIG_INVALID", { detail: "weixin endpoint" });
  return url.href.replace(/\/$/, "");
}

const LOOPBACK: readonly string[] = ["127.0.0.1", "[::1]", "localhost"];
