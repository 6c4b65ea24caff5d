import type { Warn } from "../page-host.ts";
import { privacyError } from "../privacy-error.ts";
import { isText } from "../text.ts";

/**
 * Where the client keeps its counter, decisions that were not delivered, and when somebody refused. Synchronous or not.
 *
 * On a shared device it holds one state for each `account` of the client's options.
 *
 * @example
 * const page = { get: (key) => localStorage.getItem(key), set: (key, value) => localStorage.setItem(key, value) }
 * const miniProgram = { get: (key) => wx.getStorageSync(key), set: (key, value) => wx.setStorageSync(key, value) }
 */
export interface ClientStorage {
  /** What was set, or nothing: `undefined`, `null` or `""`. */
  get(key: string): unknown;
  /** Keeps a text, or throws. May answer with a promise. */
  set(key: string, value: string): unknown;
  /** Both in one, so that no other page comes between (`get`, then `set`). Calls `change` once. */
  update?(key: string, change: (value: unknown) => string): unknown;
}

/** A decision as it is submitted. A retry sends the same. */
export interface StoredDecision {
  readonly decisionId: string;
  readonly purpose: string;
  readonly decision: "given" | "refused" | "withdrawn";
  readonly notice?: string;
  /** Not the person but the browser refused. */
  readonly signal?: "gpc" | undefined;
  readonly counter: number;
  readonly at: string;
}

/** What the client keeps. */
export interface ClientState {
  /** Of the next decision; never goes back. */
  readonly counter: number;
  /** Not delivered yet, in order. */
  readonly outbox: readonly StoredDecision[];
  /** When a purpose was last refused, epoch milliseconds. */
  readonly refusedAt: readonly (readonly [purpose: string, at: number])[];
  /**
   * Only after what was kept could not be read, so that a denial may be lost: the purposes decided since. Of others a
   * consent does not count until it is asked for again.
   */
  readonly decidedSince?: readonly string[];
  /** The secret by which the server knows this device. */
  readonly device?: string;
}

/** Reads and changes the state, one after the other. */
export interface StateStore {
  read(): Promise<ClientState>;
  /** @returns whether the storage keeps the change; if not, it is remembered until the page is left */
  update(change: (state: ClientState) => ClientState): Promise<boolean>;
}

export interface StateStoreOptions {
  readonly storage?: ClientStorage | undefined;
  readonly key: string;
  /** Epoch milliseconds; a counter that was lost starts there, past any it can have reached. */
  readonly now: () => number;
  readonly warn: Warn;
}

export function createStateStore({ storage, key, now, warn }: StateStoreOptions): StateStore {
  let remembered: ClientState = { counter: 0, outbox: [], refusedAt: [] };
  let isKept = Boolean(storage);
  let isWarned = false;
  let last: Promise<unknown> = Promise.resolve();

  function inTurn<Value>(act: () => Promise<Value>): Promise<Value> {
    const turn = last.then(act);
    last = turn.catch(() => undefined);
    return turn;
  }

  /** Read anew each time: another page may have changed it. */
  async function load(): Promise<ClientState> {
    if (!isKept) return remembered;
    try {
      return adopt(await storage!.get(key));
    } catch (cause) {
      return distrust(cause);
    }
  }

  /** What was kept, with what the storage did not take before. */
  function adopt(text: unknown): ClientState {
    try {
      if (!text) return remembered;
      const kept = parseState(JSON.parse(text as string));
      remembered = isKept ? kept : mergeStates(kept, remembered);
      return remembered;
    } catch (cause) {
      return distrust(cause);
    }
  }

  /** What was kept and cannot be read may have been a denial. */
  function distrust(cause: unknown): ClientState {
    const counter = Math.max(remembered.counter, now());
    remembered = { decidedSince: [], ...remembered, counter };
    fail(cause);
    return remembered;
  }

  function fail(cause: unknown): void {
    if (!isWarned) warn({ code: "storage-failed", cause });
    isWarned = true;
  }

  async function save(change: (state: ClientState) => ClientState): Promise<boolean> {
    let next: ClientState | undefined;
    const apply = (text: unknown): string => JSON.stringify((next = change(adopt(text))));
    try {
      if (storage && storage.update) await storage.update(key, apply);
      else if (storage) await storage.set(key, apply(await storage.get(key)));
      isKept = Boolean(storage);
    } catch (cause) {
      isKept = false;
      if (!next) distrust(cause);
      else fail(cause);
    }
    remembered = next || change(remembered);
    return isKept;
  }

  return { read: () => inTurn(load), update: (change) => inTurn(() => save(change)) };
}

/** Nothing of either is lost; what stands in both is delivered once more, under the same id. */
function mergeStates(kept: ClientState, own: ClientState): ClientState {
  return {
    ...kept,
    ...own,
    counter: Math.max(kept.counter, own.counter),
    outbox: [...kept.outbox, ...own.outbox],
    refusedAt: [...kept.refusedAt, ...own.refusedAt],
  };
}

/** @throws PrivacyError for anything else than what was kept */
function parseState(input: ClientState): ClientState {
  const { counter, outbox, refusedAt } = input;
  const isState =
    Number.isSafeInteger(counter) &&
    outbox.every(({ decisionId, purpose }) => isText(decisionId) && isText(purpose)) &&
    refusedAt.every(([purpose]) => isText(purpose));
  if (!isState) throw privacyError("ERR_INPUT_INVALID");
  return input;
}
