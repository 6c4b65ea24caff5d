import type { DeviceSecret } from "../consent/device-secret.ts";
import { type AnswerCode, privacyError } from "../privacy-error.ts";

/** One call to the privacy endpoints. */
export interface TransportRequest {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly url: string;
  readonly headers: { readonly [name: string]: string };
  /** JSON text. */
  readonly body?: string | undefined;
}

export interface TransportResponse {
  readonly status: number;
  /** The parsed JSON body. */
  readonly body: unknown;
  /** The header `retry-after`, in seconds (none). */
  readonly retryAfter?: number;
}

/** How calls leave the device: `fetch` in a page, `request` or a cloud call in a mini-program. */
export type Transport = (request: TransportRequest) => Promise<TransportResponse>;

/** The part of a page's window that is used. */
export interface FetchHost {
  fetch(
    url: string,
    init: object,
  ): Promise<{
    readonly status: number;
    json(): Promise<unknown>;
    readonly headers: { get(name: string): string | null };
  }>;
}

/** Sends calls through the host's `fetch`, with its cookies. */
export function fetchTransport(host: FetchHost): Transport {
  return async ({ method, url, headers, body }) => {
    const response = await host.fetch(url, { method, headers, body });
    const retryAfter = Number(response.headers.get("retry-after"));
    return { status: response.status, body: await response.json(), retryAfter };
  };
}

/** What a call carries. */
export interface CallContent {
  readonly body?: object;
  readonly headers?: { readonly [name: string]: string };
}

/** Calls one endpoint. @throws PrivacyError `ERR_STORE_UNAVAILABLE` when there was no answer */
export type Exchange = (
  method: TransportRequest["method"],
  path: string,
  content?: CallContent,
) => Promise<TransportResponse>;

/** Calls one endpoint and gives its body. */
export type Call = <Body extends object>(
  method: TransportRequest["method"],
  path: string,
  content?: CallContent,
) => Promise<Body>;

export interface CallOptions {
  /** Where the endpoints are, e.g. `/privacy` or `https://shop.example/privacy`. */
  readonly endpoint: string;
  readonly transport: Transport;
  /** Sent with every call, e.g. the session of a mini-program (none). */
  readonly headers?:
    | (() => { readonly [name: string]: string } | Promise<{ readonly [name: string]: string }>)
    | undefined;
}

/** @param device Told where it stands for a person who has not signed in. */
export function createExchange(
  { endpoint, transport, headers }: CallOptions,
  device: DeviceSecret,
): Exchange {
  return async (method, path, content = {}) => {
    const { body } = content;
    const exchange = async (secret?: string): Promise<TransportResponse> => {
      const request = {
        method,
        url: endpoint + path,
        headers: {
          ...(headers && (await headers())),
          ...content.headers,
          ...(secret && { [DEVICE_HEADER]: secret }),
          ...(body && { "content-type": "application/json" }),
        },
        body: body && JSON.stringify(body),
      };
      try {
        return await transport(request);
      } catch (cause) {
        throw privacyError("ERR_STORE_UNAVAILABLE", cause);
      }
    };
    if (!/^\/(consents|notice)/.test(path)) return exchange();
    const secret = await device();
    const answer = await exchange(secret);
    return answerCode(answer) === "ERR_DEVICE_LINKED" ? exchange(await device(secret)) : answer;
  };
}

/** Names this device before anybody has signed in. */
export const DEVICE_HEADER = "x-privacy-device";

/** @throws PrivacyError with the code of {@link answerCode} unless the answer is a success with an object as body */
export function createCall(exchange: Exchange): Call {
  return async <Body extends object>(
    method: TransportRequest["method"],
    path: string,
    content?: CallContent,
  ): Promise<Body> => {
    const answer = await exchange(method, path, content);
    const { status, body } = answer;
    if (!isSuccess(status) || Object(body) !== body) throw privacyError(answerCode(answer));
    return body as Body;
  };
}

/** @param status A number, or what stands in its place. */
export function isSuccess(status: unknown): boolean {
  return (status as number) >= 200 && (status as number) < 300;
}

interface AnswerItem {
  readonly status?: unknown;
  readonly receipt?: unknown;
  readonly code?: unknown;
}

/** What became of the one decision that was posted; of any other answer nothing. */
export function answerItem({ body }: TransportResponse): AnswerItem {
  const { results } = (body || {}) as { readonly results?: readonly (AnswerItem | null)[] };
  return (results && results[0]) || {};
}

/**
 * The server's code for an answer that is no success. `ERR_INTERNAL` for an error without a code;
 * `ERR_STORE_UNAVAILABLE` for what no privacy endpoint answers, e.g. the page of a proxy.
 */
export function answerCode(answer: TransportResponse): AnswerCode {
  const { code = answerItem(answer).code } = (answer.body || {}) as AnswerItem;
  if (/^ERR_[A-Z_]+$/.test(code as string)) return code as AnswerCode;
  return answer.status >= 400 ? "ERR_INTERNAL" : "ERR_STORE_UNAVAILABLE";
}
