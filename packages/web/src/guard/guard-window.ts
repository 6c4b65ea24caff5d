import type { Guard } from "@miniprivacy/core/sensitive-data";
import { clearedBody } from "./browser-body.ts";
import { requireClear } from "./clearance.ts";
import { type Beacon, guardBeacon } from "./guard-beacon.ts";
import { type Fetch, guardFetch } from "./guard-fetch.ts";
import { guardXhr, type Xhr } from "./guard-xhr.ts";

/** What of a page's window sends; what it lacks stays lacking. */
export interface SendingWindow {
  fetch: Fetch;
  XMLHttpRequest?: Xhr;
  WebSocket?: typeof WebSocket;
  readonly navigator?: { sendBeacon?: Beacon };
}

/**
 * Puts a guard before what a page's scripts send by, third-party SDKs too: `fetch`, `XMLHttpRequest`,
 * `navigator.sendBeacon` and `WebSocket`. A socket's constructor and `send` throw PrivacyError
 * `ERR_SENSITIVE_DATA_FOUND`.
 *
 * Call it before other scripts run: what they have kept of before goes around it. So do images, frames, forms, workers
 * and `EventSource`.
 *
 * @returns Puts everything back.
 * @see TC-D6.2a
 */
export function guardWindow(guard: Guard, window: SendingWindow): () => void {
  const { navigator = {} } = window;
  const putBack = [
    replace(window, "fetch", (fetch) => guardFetch(guard, fetch.bind(window))),
    replace(window, "XMLHttpRequest", (Base) => guardXhr(guard, Base)),
    replace(window, "WebSocket", (Base) => guardSocket(guard, Base)),
    replace(navigator, "sendBeacon", () => guardBeacon(guard, navigator as { sendBeacon: Beacon })),
  ];
  return () => putBack.forEach((act) => act());
}

function guardSocket(guard: Guard, Base: typeof WebSocket): typeof WebSocket {
  return class extends Base {
    constructor(url: string | URL, protocols?: string | string[]) {
      requireClear(guard, url);
      // Pages sign in by it: a socket has no headers of theirs.
      requireClear(guard, protocols, "token");
      super(url, protocols);
    }

    override send(data: Parameters<WebSocket["send"]>[0]): void {
      super.send(clearedBody(guard, data));
    }
  };
}

function replace<Owner extends object, Name extends keyof Owner>(
  owner: Owner,
  name: Name,
  guarded: (own: NonNullable<Owner[Name]>) => Owner[Name],
): () => void {
  const own = owner[name];
  if (!own) return () => undefined;
  owner[name] = guarded(own);
  return () => void (owner[name] = own);
}
