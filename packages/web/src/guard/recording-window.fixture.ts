import type { Beacon } from "./guard-beacon.ts";
import type { SendingWindow } from "./guard-window.ts";
import type { Xhr } from "./guard-xhr.ts";

/** What left by a window: the carrier, the address, and what it carried. */
export interface Left {
  readonly by: "fetch" | "xhr" | "beacon" | "socket";
  readonly url: string;
  readonly headers?: { readonly [name: string]: string };
  readonly body?: unknown;
}

export interface RecordingWindow {
  readonly window: Required<SendingWindow> & { readonly navigator: { sendBeacon: Beacon } };
  readonly left: Left[];
}

/** A window that keeps what leaves by it; nothing is at the other end. */
export function createRecordingWindow(): RecordingWindow {
  const left: Left[] = [];

  /** Does of `XMLHttpRequest` what a guard and its tests use; `blob:` leads nowhere, as in browsers. */
  class FakeXhr extends EventTarget {
    #url = "";
    #isAsync = true;
    #headers: { [name: string]: string } = {};

    open(_method: string, url: string | URL, isAsync = true): void {
      this.#url = String(url);
      this.#isAsync = isAsync;
      this.#headers = {};
    }

    setRequestHeader(name: string, value: string): void {
      this.#headers[name] = value;
    }

    send(body?: unknown): void {
      if (this.#url === "") throw new DOMException("", "InvalidStateError");
      const fails = this.#url.startsWith("blob:");
      if (fails && !this.#isAsync) throw new DOMException("", "NetworkError");
      if (!fails) left.push({ by: "xhr", url: this.#url, headers: this.#headers, body });
      queueMicrotask(() => {
        this.dispatchEvent(new Event(fails ? "error" : "load"));
        this.dispatchEvent(new Event("loadend"));
      });
    }

    abort(): void {
      this.dispatchEvent(new Event("abort"));
    }
  }

  class FakeSocket {
    readonly #url: string;

    constructor(url: string | URL, protocols: string | string[] = []) {
      this.#url = String(url);
      left.push({ by: "socket", url: this.#url, body: protocols });
    }

    send(body: unknown): void {
      left.push({ by: "socket", url: this.#url, body });
    }
  }

  const navigator = {
    left,
    sendBeacon(url: string | URL, body?: unknown): boolean {
      this.left.push({ by: "beacon", url: String(url), body });
      return true;
    },
  };
  const fetch: SendingWindow["fetch"] = async (input) => {
    const request = new Request(input);
    left.push({ by: "fetch", url: request.url, body: await request.text() });
    return new Response();
  };
  return {
    window: {
      fetch,
      XMLHttpRequest: FakeXhr as unknown as Xhr,
      WebSocket: FakeSocket as unknown as typeof WebSocket,
      navigator,
    },
    left,
  };
}

/** Sends by a class, and tells its events once it has ended. */
export function sendXhr(
  Xhr: Xhr,
  body?: XMLHttpRequestBodyInit | Document | null,
  { url = "https://shop.example/", headers = {} }: { url?: string; headers?: object } = {},
): Promise<readonly string[]> {
  const xhr = new Xhr();
  const events: string[] = [];
  return new Promise((resolve) => {
    for (const type of ["load", "error", "loadend"])
      xhr.addEventListener(type, () => {
        events.push(type);
        if (type === "loadend") resolve(events);
      });
    xhr.open("POST", url);
    for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, String(value));
    xhr.send(body);
  });
}
