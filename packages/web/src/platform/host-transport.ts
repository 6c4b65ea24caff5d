import type { Transport, TransportResponse } from "../http/transport.ts";
import { privacyError } from "../privacy-error.ts";
import { callHost, type HostObject } from "./call-host.ts";

interface HostAnswer {
  readonly statusCode?: unknown;
  /** As `my` calls it. */
  readonly status?: unknown;
  readonly data?: unknown;
  readonly header?: object | null;
  readonly headers?: object | null;
}

/** Sends calls by the host's `request`. Whatever status comes back is an answer. */
export function requestTransport(host: HostObject): Transport {
  return async ({ method, url, headers, body }) =>
    responseOf(
      await callHost(host, "request", {
        method,
        url,
        header: headers,
        headers,
        dataType: "json",
        ...(body !== undefined && { data: body }),
      }),
    );
}

export interface CloudContainerOptions {
  /** The environment's id. */
  readonly env: string;
  /** The service that runs the privacy endpoints. */
  readonly service: string;
}

/** Sends calls by `wx.cloud.callContainer`; the client's `endpoint` is then a path, e.g. `/privacy`. */
export function cloudContainerTransport(
  host: HostObject,
  { env, service }: CloudContainerOptions,
): Transport {
  return async ({ method, url, headers, body }) =>
    responseOf(
      await callHost(cloudOf(host), "callContainer", {
        config: { env },
        path: url,
        method,
        header: { ...headers, "X-WX-SERVICE": service },
        dataType: "json",
        ...(body !== undefined && { data: body }),
      }),
    );
}

/**
 * Sends calls by `wx.cloud.callFunction`: the function gets `{ method, url, headers, body }` and answers
 * `{ status, body, retryAfter? }`.
 */
export function cloudFunctionTransport(host: HostObject, name: string): Transport {
  return async (request) => {
    const { result } = await callHost<{ result?: TransportResponse }>(
      cloudOf(host),
      "callFunction",
      { name, data: request },
    );
    if (typeof result?.status !== "number") throw privacyError("ERR_STORE_UNAVAILABLE");
    return result;
  };
}

function cloudOf(host: HostObject): object {
  return (host as { readonly cloud?: object }).cloud ?? {};
}

function responseOf(answer: HostAnswer): TransportResponse {
  const { data } = answer;
  const header = answer.header ?? answer.headers ?? {};
  const status = Number(answer.statusCode ?? answer.status);
  const [, retryAfter] =
    Object.entries(header).find(([name]) => name.toLowerCase() === "retry-after") ?? [];
  return { status, body: data, retryAfter: Number(retryAfter) };
}
