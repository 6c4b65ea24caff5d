import type { Guard } from "@miniprivacy/core/sensitive-data";
import { clearedBody, readFiles } from "./browser-body.ts";
import { requireClear, requireClearHeaders } from "./clearance.ts";

/** A browser's `XMLHttpRequest`. */
export type Xhr = typeof XMLHttpRequest;

/** What one request has been told so far; another one once it is opened anew or aborted. */
interface Call {
  readonly opened: readonly unknown[];
  readonly headers: (readonly [name: string, value: string])[];
}

type Open = (...opened: readonly unknown[]) => void;

/**
 * Puts a guard before `XMLHttpRequest`. `send` looks through URL, headers and body; what is stopped ends as a failure of
 * the network does, with `error` and `loadend`.
 *
 * Files are read first, so a request with a form or file is sent a moment later; one that is not asynchronous is stopped,
 * and so are documents and what else cannot be read, unless the mode is `report`.
 *
 * @returns A class with the type of the given one.
 * @see TC-D6.2a, TC-D6.2b
 */
export function guardXhr(guard: Guard, Base: Xhr): Xhr {
  const calls = new WeakMap<XMLHttpRequest, Call>();
  return class extends Base {
    constructor() {
      super();
      calls.set(this, { opened: [], headers: [] });
    }

    override open(...opened: readonly unknown[]): void {
      (super.open as Open)(...opened);
      calls.set(this, { opened, headers: [] });
    }

    override setRequestHeader(name: string, value: string): void {
      super.setRequestHeader(name, value);
      calls.get(this)!.headers.push([name, value]);
    }

    override abort(): void {
      calls.set(this, { ...calls.get(this)! });
      super.abort();
    }

    override send(body?: XMLHttpRequestBodyInit | Document | null): void {
      const call = calls.get(this)!;
      const isAsync = call.opened[2] !== false;
      // Fails by itself, in the browser's own way, and goes nowhere.
      const stop = (): void => {
        super.open("GET", "blob:", isAsync);
        super.send();
      };
      let content = body;
      try {
        requireClear(guard, call.opened);
        requireClearHeaders(guard, call.headers);
        if (isAsync && (body instanceof FormData || body instanceof Blob)) {
          const goOn = (act: () => void): void => {
            if (calls.get(this) === call) act();
          };
          void readFiles(guard, body)
            .then((read) => requireClear(guard, read))
            .then(
              () => goOn(() => super.send(body)),
              () => goOn(stop),
            );
          return;
        }
        content = clearedBody(guard, body);
      } catch {
        return stop();
      }
      super.send(content);
    }
  };
}
