import type { RequestState, StepOutcome } from "@miniprivacy/core";
import { type RandomBytes, randomId } from "../random-id.ts";
import type { Call } from "../http/transport.ts";

/** A request just opened. Keep id and token: after an erasure they are the only way back to it. */
export interface OpenedRequest {
  readonly id: string;
  readonly requestToken: string;
  readonly state: RequestState;
  readonly dueAt: string;
}

export interface RequestProgress {
  readonly id: string;
  readonly kind: string;
  readonly state: RequestState;
  readonly dueAt: string;
  /** Of an erasure that the shop has put off: until when (RFC 3339), and why. Nobody uses her data meanwhile. */
  readonly postponed?: { readonly until: string; readonly reason: string };
  readonly outcomes: readonly {
    readonly store: string;
    readonly record: string;
    readonly outcome: StepOutcome;
    readonly countBefore: number | null;
    readonly countAfter: number | null;
  }[];
  readonly certificateId?: string;
}

/** The signed confirmation (JWS), with its place in the log once there is one. */
export interface IssuedCertificate {
  readonly certificate: string;
  readonly proof?: string;
}

export interface SubjectRequestClient {
  /** Asks for the erasure of everything; it runs at once and needs nobody's approval. @see WX-4.4.7b */
  erase(): Promise<OpenedRequest>;
  progress(request: Pick<OpenedRequest, "id" | "requestToken">): Promise<RequestProgress>;
  certificate(certificateId: string, requestToken: string): Promise<IssuedCertificate>;
}

export function createSubjectRequestClient(call: Call, random: RandomBytes): SubjectRequestClient {
  /** Of an erasure whose answer did not come: asked for again, it is the same request. */
  let requestKey: string | undefined;
  const read = <Body extends object>(what: string, id: string, token: string): Promise<Body> =>
    call("GET", `/${what}/${encodeURIComponent(id)}`, { headers: { "x-request-token": token } });
  return {
    async erase() {
      requestKey ||= await randomId(random);
      const body = { kind: "erase", requestKey };
      const opened = await call<OpenedRequest>("POST", "/requests", { body });
      requestKey = undefined;
      return opened;
    },
    progress: ({ id, requestToken }) => read("requests", id, requestToken),
    certificate: (certificateId, requestToken) => read("certificates", certificateId, requestToken),
  };
}
