import { PrivacyError, type PrivacyErrorCode } from "@miniprivacy/core/errors";

/** One call to the privacy endpoints. */
export interface TransportRequest {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly url: string;
  readonly headers: { readonly [name: string]: string };
  /** JSON text. */
  readonly body?: string;
}

export interface TransportResponse {
  readonly status: number;
  /** The parsed JSON body. */
  readonly body: unknown;
}

/** How calls leave the device: `fetch` in a page, `request` or a cloud call in a mini-program. */
export type Transport = (request: TransportRequest) => Promise<TransportResponse>;

/** The part of a page's window that is used. */
export interface FetchHost {
  fetch(url: string, init: object): Promise<{ readonly status: number; json(): Promise<unknown> }>;
}

/** Sends calls through the host's `fetch`, with its cookies. */
export function fetchTransport(host: FetchHost): Transport {
  return async ({ method, url, headers, body }) => {
    const response = await host.fetch(url, {
      method,
      headers,
      credentials: "same-origin",
      ...(body !== undefined && { body }),
    });
    return { status: response.status, body: await response.json() };
  };
}

/** Calls one endpoint and gives its body. */
export type Call = <Body>(
  method: TransportRequest["method"],
  path: string,
  content?: { readonly body?: object; readonly headers?: { readonly [name: string]: string } },
) => Promise<Body>;

export interface CallOptions {
  /** Where the endpoints are, e.g. `/privacy` or `https://shop.example/privacy`. */
  readonly endpoint: string;
  readonly transport: Transport;
  /** Sent with every call, e.g. the session of a mini-program (none). */
  readonly headers?: () =>
    | { readonly [name: string]: string }
    | Promise<{ readonly [name: string]: string }>;
}

/**
 * @throws PrivacyError with the server's code for an answer of 400 and above; `ERR_STORE_UNAVAILABLE` when there was none
 */
export function createCall({ endpoint, transport, headers }: CallOptions): Call {
  return async <Body>(
    method: TransportRequest["method"],
    path: string,
    content: {
      readonly body?: object;
      readonly headers?: { readonly [name: string]: string };
    } = {},
  ): Promise<Body> => {
    const { status, body } = await send(transport, {
      method,
      url: endpoint + path,
      headers: {
        ...(await headers?.()),
        ...content.headers,
        ...(content.body && { "content-type": "application/json" }),
      },
      ...(content.body && { body: JSON.stringify(content.body) }),
    });
    if (status >= 400) throw new PrivacyError(codeOf(body));
    return body as Body;
  };
}

async function send(transport: Transport, request: TransportRequest): Promise<TransportResponse> {
  try {
    return await transport(request);
  } catch (cause) {
    throw new PrivacyError("ERR_STORE_UNAVAILABLE", { cause });
  }
}

function codeOf(body: unknown): PrivacyErrorCode {
  const { code, results } = (body ?? {}) as {
    code?: PrivacyErrorCode;
    results?: readonly { code?: PrivacyErrorCode }[];
  };
  return code ?? results?.[0]?.code ?? "ERR_INTERNAL";
}
