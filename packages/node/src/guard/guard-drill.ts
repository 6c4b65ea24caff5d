import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { TIMED_OUT, within } from "../within.ts";
import { CANARY_CARRIERS, CANARY_KINDS, SYNTHETIC } from "./canary.ts";
import { type CanarySink, openCanarySink } from "./canary-sink.ts";
import { holdsPlanted } from "./planted-value.ts";

/** What a transport of the host's is given to send in a drill. */
export interface Canary {
  /** Where to: a server of this machine's. */
  readonly url: string;
  /** What to send, as JSON or however the transport does. */
  readonly payload: { readonly [name: string]: unknown };
}

/** Sends a canary the way the application sends; to throw is to refuse. */
export type GuardedTransport = (canary: Canary) => unknown;

/** The transports that a guard stands before, by names of the host's own. */
export type GuardedTransports = { readonly [name: string]: GuardedTransport };

/**
 * What became of a canary. `masked` arrived without what it planted; `timed-out` did not arrive, nor was it refused in
 * time, so nobody knows.
 */
export type CanaryOutcome = "stopped" | "masked" | "arrived" | "timed-out";

export interface CanaryResult {
  readonly kind: string;
  readonly carrier: string;
  readonly outcome: CanaryOutcome;
}

export interface TransportResult {
  readonly transport: string;
  /** `not-reached`: what holds nothing sensitive did not arrive either, before the canaries or after them. */
  readonly outcome: "reached" | "not-reached";
  readonly canaries: readonly CanaryResult[];
}

/** What a drill came to. Holds no planted value. */
export interface GuardDrill {
  /** Whether every transport was reached and every canary stopped or masked. */
  readonly passed: boolean;
  readonly transports: readonly TransportResult[];
}

export interface GuardDrillOptions {
  /** How long one send may take, milliseconds (5000). */
  readonly timeoutMs?: number;
}

/**
 * Checks that the guards before these transports work: sends made-up sensitive data of each kind through each of them
 * to a server of this machine's, and looks at what arrives, also percent-encoded, escaped or in base64.
 *
 * First and last goes a payload that holds nothing sensitive: where that does not arrive in a form that can be read,
 * nothing is known.
 *
 * @see WX-4.4.6b
 */
export async function runGuardDrill(
  transports: GuardedTransports,
  { timeoutMs = 5000 }: GuardDrillOptions = {},
): Promise<GuardDrill> {
  const sink = await openCanarySink();
  try {
    const results: TransportResult[] = [];
    // One after another: what arrives without its mark is of the one that is under way.
    for (const [name, transport] of Object.entries(transports))
      results.push(await drillTransport(name, { transport, sink, timeoutMs }));
    return { passed: results.every(hasPassed), transports: results };
  } finally {
    await sink.close();
  }
}

function hasPassed({ outcome, canaries }: TransportResult): boolean {
  // Requirement WX-4.4.6b: whether the measures work is seen by what arrives.
  const failed = canaries.some((canary) => FAILED.includes(canary.outcome));
  return outcome === "reached" && !failed;
}
const FAILED: readonly CanaryOutcome[] = ["arrived", "timed-out"];

interface Drilled {
  readonly transport: GuardedTransport;
  readonly sink: CanarySink;
  readonly timeoutMs: number;
}

/** What was sent, and after how many arrivals. */
interface Sent {
  /** In the URL, and in the payload. */
  readonly id: string;
  readonly mark: string;
  readonly from: number;
  readonly settled: boolean;
}

async function drillTransport(name: string, drilled: Drilled): Promise<TransportResult> {
  const { sink } = drilled;
  const notReached = { transport: name, outcome: "not-reached", canaries: [] } as const;
  const first = sink.arrivals.length;
  const control = await send(drilled, {}, CONTROL_QUERY);
  if (!(await arrives(drilled, control))) return notReached;
  const hasQuery = sink.arrivals.slice(first).some((text) => holdsPlanted(text, CONTROL_QUERY));
  const planted: (Planted & { readonly sent: Sent })[] = [];
  for (const canary of plantedCanaries(hasQuery))
    planted.push({ ...canary, sent: await send(drilled, canary.payload, canary.query) });
  // What a transport sends later than it says is waited for: this one comes after it.
  const last = await send(drilled, {});
  if (!(await arrives(drilled, last))) return notReached;
  const sends = [...planted.map(({ sent }) => sent), last];
  const canaries = planted.map(({ kind, carrier, value, sent }) => ({
    kind,
    carrier,
    outcome: outcomeOf(arrivalsOf(sink, sends, sent), value, sent),
  }));
  return { transport: name, outcome: "reached", canaries };
}

interface Planted {
  readonly kind: string;
  readonly carrier: string;
  readonly value: string;
  readonly payload: object;
  readonly query: string | undefined;
}

/** Every kind in every carrier it has; in a query only where a query arrives. */
function plantedCanaries(hasQuery: boolean): readonly Planted[] {
  return CANARY_KINDS.flatMap((kind) =>
    CANARY_CARRIERS.flatMap(({ carrier, ...carries }) => {
      const payload = carries.payload(kind);
      if (payload === undefined || (carries.query !== undefined && !hasQuery)) return [];
      const { value } = kind;
      return [{ kind: kind.kind, carrier, value, payload, query: carries.query?.(kind) }];
    }),
  );
}

const CONTROL_QUERY = "drill=control";

async function send(
  { transport, sink, timeoutMs }: Drilled,
  planted: object,
  query?: string,
): Promise<Sent> {
  const [id, mark] = [drawId(), drawId()];
  const url = `${sink.url}/${id}${query === undefined ? "" : `?${query}`}`;
  const payload = { synthetic: SYNTHETIC, drill: mark, ...planted };
  const from = sink.arrivals.length;
  const answer = Promise.resolve()
    .then(() => transport({ url, payload }))
    // Refused, or broken: only what arrives counts.
    .catch(() => undefined);
  return { id, mark, from, settled: (await within(timeoutMs, answer)) !== TIMED_OUT };
}

/** Letters only: no digits that could be taken for something. */
function drawId(): string {
  return randomBytes(10)
    .toString("hex")
    .replaceAll(/\d/g, (digit) => "ghijklmnop"[Number(digit)]!);
}

/** Waits until its payload has arrived. */
async function arrives({ sink, timeoutMs }: Drilled, { mark, from }: Sent): Promise<boolean> {
  const until = Date.now() + timeoutMs;
  for (;;) {
    if (sink.arrivals.slice(from).some((text) => holdsPlanted(text, mark))) return true;
    if (Date.now() >= until) return false;
    await sleep(POLL_MS);
  }
}
const POLL_MS = 10;

/** What arrived of one: what bears its mark, or came without any while it was under way. */
function arrivalsOf(
  { arrivals }: CanarySink,
  sends: readonly Sent[],
  sent: Sent,
): readonly string[] {
  const to = sends[sends.indexOf(sent) + 1]?.from ?? arrivals.length;
  return arrivals.filter((text, at) => {
    const marked = sends.filter((other) => bearsMark(text, other));
    return marked.length === 0 ? at >= sent.from && at < to : marked.includes(sent);
  });
}

function bearsMark(text: string, { id, mark }: Sent): boolean {
  return holdsPlanted(text, id) || holdsPlanted(text, mark);
}

function outcomeOf(mine: readonly string[], value: string, { settled }: Sent): CanaryOutcome {
  if (mine.some((text) => holdsPlanted(text, value))) return "arrived";
  if (mine.length > 0) return "masked";
  return settled ? "stopped" : "timed-out";
}
