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
  readonly outcomes: readonly {
    readonly store: string;
    readonly record: string;
    readonly outcome: StepOutcome;
    readonly countBefore: number;
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
  return {
    erase: async () =>
      call("POST", "/requests", { body: { kind: "erase", requestKey: await randomId(random) } }),
    progress: ({ id, requestToken }) =>
      call("GET", `/requests/${encodeURIComponent(id)}`, {
        headers: { "x-request-token": requestToken },
      }),
    certificate: (certificateId, requestToken) =>
      call("GET", `/certificates/${encodeURIComponent(certificateId)}`, {
        headers: { "x-request-token": requestToken },
      }),
  };
}
