import { createGuard, type Fetch, guardFetch } from "@miniprivacy/web/guard";

/** A `fetch` that rejects with `ERR_SENSITIVE_DATA_FOUND` before sensitive data leaves. */
export function guarded(send: Fetch, report: (place: string) => void): Fetch {
  const guard = createGuard({
    profile: "tcmpp-strict",
    mode: "block",
    onFinding: ({ type, path }) => report(`${type} ${path}`), // never the value
  });
  return guardFetch(guard, send);
}
