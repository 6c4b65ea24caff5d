import type { WeixinPrivacyKey } from "@miniprivacy/core/policy";
import { hostError } from "../platform/call-host.ts";

/** What the platform is told about its question. */
export interface PrivacyResolution {
  readonly event: "exposureAuthorization" | "agree" | "disagree";
  readonly buttonId?: string | undefined;
}

export type PrivacyListener = (
  resolve: (resolution: PrivacyResolution) => void,
  info: { readonly referrer: string },
) => void;

export interface PrivacyFlowOptions {
  /** Kinds of information the mini-program's privacy guide declares. */
  readonly declared: readonly WeixinPrivacyKey[];
  readonly isBanned: boolean;
  /** What the person does with the platform's own popup, shown when nobody listens. */
  readonly officialPopup: () => "agree" | "disagree" | Promise<"agree" | "disagree">;
  readonly now: () => number;
}

/** The documented way from a call to the person's agreement with the privacy guide. */
export interface PrivacyFlow {
  /** @throws as the host fails: 104, 112 or 1025 */
  pass(name: string, key: WeixinPrivacyKey): Promise<void>;
  /** As `requirePrivacyAuthorize` asks: for everything declared. */
  passAll(name: string): Promise<void>;
  needsAuthorization(): boolean;
  /** The one registered last counts. */
  readonly listen: (listener: PrivacyListener) => void;
  /** A tap on `<button open-type="agreePrivacyAuthorization">`. */
  readonly tap: (buttonId: string) => void;
  readonly declare: (key: WeixinPrivacyKey) => void;
  readonly forget: () => void;
}

/** After a refusal nothing is asked for so long. */
const GAP_MS = 10_000;

export function createPrivacyFlow(options: PrivacyFlowOptions, popups: string[]): PrivacyFlow {
  const { isBanned, officialPopup, now } = options;
  const declared = new Set(options.declared);
  const agreed = new Set<WeixinPrivacyKey>();
  const tapped = new Set<string>();
  let pending = 0;
  let refusedAt = -Infinity;
  let listener: PrivacyListener | undefined;

  const agree = (): void => declared.forEach((key) => agreed.add(key));

  /** Pending until the listener resolves: never, if it never does. */
  function askListener(name: string): Promise<void> {
    pending++;
    return new Promise<void>((resolve, reject) => {
      let isResolved = false;
      listener!(
        ({ event, buttonId }) => {
          if (isResolved || event === "exposureAuthorization") return;
          isResolved = true;
          pending--;
          if (event === "disagree") return reject(refused(name));
          // A tap answers what waits at that time, and nothing later.
          if (needsAuthorization() && !tapped.delete(buttonId ?? ""))
            return reject(notAgreed(name, " or buttonId is wrong"));
          agree();
          resolve();
        },
        { referrer: name },
      );
    });
  }

  function refused(name: string): Error {
    refusedAt = now();
    return notAgreed(name);
  }

  async function ask(name: string): Promise<void> {
    if (now() - refusedAt < GAP_MS) throw notAgreed(name);
    if (listener !== undefined) return askListener(name);
    popups.push("privacy-guide");
    if ((await officialPopup()) === "disagree") throw refused(name);
    agree();
  }
  const needsAuthorization = (): boolean => [...declared].some((key) => !agreed.has(key));

  return {
    async pass(name, key) {
      if (isBanned) throw hostError(`${name}:fail appid privacy api banned`, 1025);
      if (!declared.has(key))
        throw hostError(`${name}:fail api scope is not declared in the privacy agreement`, 112);
      if (!agreed.has(key)) await ask(name);
    },
    async passAll(name) {
      if (needsAuthorization()) await ask(name);
    },
    needsAuthorization,
    listen: (registered) => void (listener = registered),
    tap(buttonId) {
      // What is pending is answered by `resolve` alone.
      if (pending > 0) tapped.add(buttonId);
      else agree();
    },
    declare: (key) => void declared.add(key),
    forget() {
      agreed.clear();
      tapped.clear();
    },
  };
}

function notAgreed(name: string, more = ""): Error {
  return hostError(`${name}:fail privacy permission is not authorized${more}`, 104);
}
