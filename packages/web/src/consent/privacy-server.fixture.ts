import type { TransportRequest, TransportResponse } from "../http/transport.ts";
import { createPrivacyClient, type PrivacyClient } from "../privacy-client.ts";
import type { ClientWarning, PageHost } from "../page-host.ts";
import type { ClientStorage } from "./client-storage.ts";

export interface Posted {
  readonly decisionId: string;
  readonly purpose: string;
  readonly decision: string;
  readonly counter: number;
  readonly signal?: string;
}

/** A small privacy server: takes a decision once, whatever is repeated. */
export class PrivacyServer {
  readonly recorded: Posted[] = [];
  readonly posted: Posted[] = [];
  readonly calls: TransportRequest[] = [];
  /** What happens to a POST instead of an answer. */
  fault: ((record: () => void) => TransportResponse) | undefined;
  online = true;
  status: Record<string, string> = { delivery: "unknown", marketing: "unknown" };
  /** Device secrets that belong to a person who is not signed in. */
  readonly linked = new Set<string>();
  /** Called when a list has been made, and awaited before it is answered. */
  hold: (() => Promise<unknown>) | undefined;

  readonly transport = async (request: TransportRequest): Promise<TransportResponse> => {
    this.calls.push(request);
    if (!this.online) throw new TypeError("network");
    if (this.linked.has(request.headers["x-privacy-device"] ?? ""))
      return { status: 401, body: { code: "ERR_DEVICE_LINKED" } };
    if (request.url === "/privacy/policy") return { status: 200, body: POLICY };
    if (request.url.startsWith("/privacy/notice"))
      return { status: 200, body: { token: "token", text: "What we do" } };
    if (request.method === "POST") return this.#post(JSON.parse(request.body!).decisions[0]);
    const consents = Object.entries(this.status).map(([purpose, status]) => ({ purpose, status }));
    await this.hold?.();
    return { status: 200, body: { consents } };
  };

  #post(decision: Posted): TransportResponse {
    this.posted.push(decision);
    const record = (): void => {
      if (this.recorded.some(({ decisionId }) => decisionId === decision.decisionId)) return;
      this.recorded.push(decision);
      this.status[decision.purpose] = decision.decision;
    };
    if (this.fault !== undefined) return this.fault(record);
    record();
    return { status: 201, body: { results: [{ status: 201, receipt: "r" }] } };
  }
}

const POLICY = {
  purposes: {
    delivery: { use: "service" },
    marketing: { use: "marketing" },
    partners: { use: "sharing" },
  },
  sdks: { mailer: { purpose: "marketing" }, courier: { purpose: "delivery" } },
};

export function memoryStorage(): ClientStorage & { text: string } {
  const storage = {
    text: "",
    get: () => storage.text,
    set: (_key: string, value: string) => void (storage.text = value),
  };
  return storage;
}

let seed = 0;
export interface PageOptions extends PageHost {
  readonly storage?: ClientStorage;
  readonly account?: string;
  readonly prompt?: () => Promise<"given" | "refused">;
  readonly now?: () => number;
  readonly onWarning?: (warning: ClientWarning) => void;
}

/** A page that has a client; what is no option of the client is part of its window. */
export function openPage(server: PrivacyServer, options: PageOptions = {}): PrivacyClient<string> {
  return createPrivacyClient({
    endpoint: "/privacy",
    language: "en",
    host: {
      ...options,
      fetch: () => Promise.reject(new Error("not to be used")),
      crypto: { getRandomValues: (bytes: Uint8Array) => bytes.fill(++seed) },
    },
    transport: server.transport,
    prompt: async () => "given",
    now: () => 1_000,
    ...options,
  });
}
