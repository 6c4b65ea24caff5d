/** Whose terms a row comes from. */
export type ObligationSource = "weixin" | "tcmpp" | "wecom" | "feishu" | "kuaishou";

/**
 * How far code can carry a duty out, for what runs through it: `enforced` wholly, `assisted` partly, `evidenced` by
 * keeping proof, `outside` not at all.
 */
export type ObligationKind = "enforced" | "assisted" | "evidenced" | "outside";

/** One duty, prohibition, condition or right of a platform's terms. */
export interface Obligation {
  /** How code and tests name it, e.g. `WX-4.4.3`. */
  readonly id: string;
  /** Where in the terms. */
  readonly clause: string;
  readonly kind: ObligationKind;
  /** What is asked, in our words. */
  readonly duty: string;
  /** What sets it off. */
  readonly trigger: string;
  /** When it is due, where the terms say so. */
  readonly deadline?: string;
}
