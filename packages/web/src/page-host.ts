/** What else of a page's window is used, where it is there. */
export interface PageHost {
  /** Its `globalPrivacyControl`. */
  readonly navigator?: object;
  /** Tries again what could not be delivered (it is tried at the next call, and when a page opens a client). */
  setTimeout?(act: () => void, ms: number): unknown;
  /** For `online`. */
  addEventListener?(type: string, listener: () => void): unknown;
  /** Pages of one origin tell each other that somebody decided. */
  readonly BroadcastChannel?: new (name: string) => Channel;
  readonly console?: { warn(text: string): unknown };
}

/** The part of a `BroadcastChannel` that is used. */
export interface Channel {
  postMessage(message: string): unknown;
  addEventListener(type: "message", listener: () => void): unknown;
}

/** Something that works less well than it should, and not worth an error. */
export interface ClientWarning {
  /**
   * `storage-failed`: what is decided lasts no longer than the page. `sdk-unknown`: the policy declares no SDK of this
   * name, so it is never started. `dialog-missing`: no page shows the question, so nothing is permitted.
   */
  readonly code: "storage-failed" | "sdk-unknown" | "dialog-missing";
  readonly cause: unknown;
}

export type Warn = (warning: ClientWarning) => void;

/** Whether the browser says "do not sell or share". @see https://www.w3.org/TR/gpc/ */
export function signalsOptOut({ navigator }: PageHost): boolean {
  const { globalPrivacyControl } = (navigator || {}) as { readonly globalPrivacyControl?: unknown };
  return globalPrivacyControl === true;
}
