import { answerCode, answerItem, type Exchange, isSuccess } from "../http/transport.ts";
import type { PageHost } from "../page-host.ts";
import { type AnswerCode, privacyError } from "../privacy-error.ts";
import { type RandomBytes, randomId } from "../random-id.ts";
import { isText } from "../text.ts";
import type { StateStore, StoredDecision } from "./client-storage.ts";

/** What a grant states beside the yes, where the purpose needs it. */
export interface GrantStatement {
  /** Where the audience may hold minors. @see PIPL-31 */
  readonly ageBand?: "under-14" | "14-17" | "adult";
  /** Who consents for a child, and how that was checked. @see PIPL-31 */
  readonly guardian?: {
    readonly relation: "parent" | "guardian";
    readonly verification: "identity-check" | "signed-form" | "payment" | "message";
  };
  /** Where the law wants writing: SHA-256 of the document in hex. @see PIPL-29 */
  readonly written?: {
    readonly documentDigest: string;
    readonly method: "handwritten" | "electronic-signature";
  };
  /** The same tap agreed to the platform's own privacy guide. */
  readonly platformAgreement?: "same-act";
}

/** What a person chose, or the browser for them. */
export type Choice =
  | (GrantStatement & { readonly decision: "given"; readonly notice: string })
  | { readonly decision: "refused" | "withdrawn"; readonly signal?: "gpc" | undefined };

/** A decision made: as it is submitted, and its receipt; none for a denial that waits to be delivered. */
export interface Decided {
  readonly stored: StoredDecision;
  readonly receipt?: string | undefined;
}

/** Whether a purpose was denied since the watch began. */
export type DeniedSince = (purpose: string) => boolean;

export interface Outbox {
  /**
   * Puts a decision behind those not yet delivered, and delivers them all.
   *
   * @throws PrivacyError for a grant that was not recorded, and a denial neither recorded nor kept
   */
  decide(purpose: string, choice: Choice): Promise<Decided>;
  /** Delivers what is left, as far as the server can be reached; what is then left is tried again. */
  flush(): Promise<void>;
  /** A denial of a purpose that still waits: it counts at once. */
  waitingDenial(purpose: string): Promise<"refused" | "withdrawn" | undefined>;
  /** Delivers nothing any more. */
  readonly close: () => void;
  /** From now on: whether a purpose was denied on this page meanwhile, so that an answer under way is late. */
  watchDenials(): DeniedSince;
}

export interface OutboxOptions {
  readonly exchange: Exchange;
  readonly store: StateStore;
  readonly random: RandomBytes;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly host: PageHost;
  /** Called when a decision was delivered, or could not be. */
  readonly tell: () => void;
}

type Delivery = { readonly receipt: string } | { readonly code: AnswerCode };

/** Answers that no repetition changes: about the notice, the purpose, the input or its size, a rule, or the id. */
const FINAL = /^ERR_(NOTICE|PURPOSE|INPUT|CONSENT|STORE_CONFLICT)/;
/** Between two tries: from one second, doubled each time. */
const LONGEST_PAUSE_MS = 8_000;
/** No server needs longer; a clock that was set back makes it no longer either. */
const LONGEST_LIMIT_MS = 3_600_000;

/** Decisions on their way: in order, each under its own id, so that the server takes a repeated one only once. */
export function createOutbox({ exchange, store, random, now, host, tell }: OutboxOptions): Outbox {
  const deliveries = new Map<string, Delivery>();
  const denied = new Map<string, number>();
  let denials = 0;
  let failures = 0;
  let isTimed = false;
  let isClosed = false;
  /** Until when the server does not want to be asked. */
  let limitedUntil = 0;
  let last: Promise<void> = Promise.resolve();

  function deliver(): Promise<void> {
    const turn = last.then(deliverAll);
    last = turn.then(() => void (failures = 0), tryLater);
    return turn;
  }

  async function deliverAll(): Promise<void> {
    for (;;) {
      const [first] = (await store.read()).outbox;
      if (!first) return;
      const { decisionId } = first;
      deliveries.set(decisionId, await submit(first));
      await takeOut(decisionId);
      tell();
    }
  }

  function takeOut(decisionId: string): Promise<boolean> {
    return store.update((state) => ({
      ...state,
      outbox: state.outbox.filter((entry) => entry.decisionId !== decisionId),
    }));
  }

  function tryLater(): void {
    if (isTimed || isClosed || !host.setTimeout) return;
    isTimed = true;
    const again = (): void => {
      isTimed = false;
      void flush();
    };
    host.setTimeout(again, Math.min(1_000 * 2 ** failures++, LONGEST_PAUSE_MS));
  }

  async function submit(decision: StoredDecision): Promise<Delivery> {
    if (isClosed) throw privacyError("ERR_STORE_UNAVAILABLE");
    const wait = limitedUntil - now();
    if (wait > 0 && wait <= LONGEST_LIMIT_MS) throw privacyError("ERR_RATE_LIMITED");
    const answer = await exchange("POST", "/consents", { body: { decisions: [decision] } });
    const { status, receipt } = answerItem(answer);
    if (isSuccess(status) && isText(receipt)) return { receipt };
    const code = answerCode(answer);
    limitedUntil = now() + 1_000 * (answer.retryAfter || 0);
    if (!FINAL.test(code)) throw privacyError(code);
    return { code };
  }

  async function decide(purpose: string, choice: Choice): Promise<Decided> {
    const decisionId = await randomId(random);
    const at = now();
    if (choice.decision !== "given") denied.set(purpose, ++denials);
    let stored: StoredDecision | undefined;
    const isKept = await store.update(({ counter, outbox, refusedAt, decidedSince, ...rest }) => {
      stored = { ...choice, decisionId, purpose, counter, at: new Date(at).toISOString() };
      return {
        ...rest,
        counter: counter + 1,
        outbox: [...outbox, stored],
        refusedAt: [
          ...refusedAt.filter(([refused]) => refused !== purpose),
          ...(choice.decision === "refused" ? [[purpose, at] as const] : []),
        ],
        ...(decidedSince && { decidedSince: [...decidedSince, purpose] }),
      };
    });
    let delivery: Delivery;
    try {
      await deliver();
      // Another page may have delivered it: sent once more, it gets the same answer.
      delivery = deliveries.get(decisionId) || (await submit(stored!));
    } catch (error) {
      tell();
      // A refusal not recorded permits nothing; a withdrawal not recorded must not be lost.
      if (choice.decision === "refused" || (choice.decision === "withdrawn" && isKept))
        return { stored: stored! };
      // What was said not to be kept never goes out later, perhaps in another person's name.
      if (choice.decision === "withdrawn") await takeOut(decisionId);
      throw error;
    }
    deliveries.delete(decisionId);
    if ("code" in delivery) throw privacyError(delivery.code);
    return { stored: stored!, receipt: delivery.receipt };
  }

  async function waitingDenial(purpose: string): Promise<"refused" | "withdrawn" | undefined> {
    const { outbox } = await store.read();
    const last = outbox.filter((entry) => entry.purpose === purpose).pop();
    return last && last.decision !== "given" ? last.decision : undefined;
  }

  const flush = (): Promise<void> => deliver().catch(() => undefined);

  return {
    decide,
    waitingDenial,
    watchDenials() {
      const made = denials;
      // Never denied is not later than anything.
      return (purpose) => denied.get(purpose)! > made;
    },
    flush,
    close: () => void (isClosed = true),
  };
}
