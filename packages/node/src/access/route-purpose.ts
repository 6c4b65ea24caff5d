import { AsyncLocalStorage } from "node:async_hooks";

const purposes = new AsyncLocalStorage<string>();

/** Runs something for a purpose: `access.forRoute` reads for it, in everything that is awaited from here. */
export function runForPurpose<Result>(purpose: string, work: () => Result): Result {
  return purposes.run(purpose, work);
}

/** The purpose of what is running; none where nobody has said one. */
export function currentPurpose(): string | undefined {
  return purposes.getStore();
}

/**
 * Express and Nest middleware: the route it stands on is served for this purpose.
 *
 * @example
 * app.post('/labels/:id', expressPurpose('delivery'), printLabel)
 */
export function expressPurpose(
  purpose: string,
): (request: unknown, response: unknown, next: () => unknown) => void {
  return (_request, _response, next) => void runForPurpose(purpose, next);
}

/** Koa middleware: the route it stands on is served for this purpose. */
export function koaPurpose(
  purpose: string,
): (context: unknown, next: () => Promise<unknown>) => Promise<unknown> {
  return (_context, next) => runForPurpose(purpose, next);
}
