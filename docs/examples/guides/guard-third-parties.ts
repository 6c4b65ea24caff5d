import { createGuard, type Fetch, guardWindow, type SendingWindow } from "@miniprivacy/web/guard";

/** Guards what other people's scripts send; call it before any of them runs. */
export function guardThirdParties(
  page: SendingWindow,
  report: (place: string) => void,
): { readonly fetch: Fetch; putBack(): void } {
  const fetch = page.fetch.bind(page); // for the privacy client, whose signed tokens are credentials
  const guard = createGuard({
    profile: "tcmpp-strict",
    mode: "report",
    onFinding: ({ type, path }) => report(`${type} ${path}`),
  });
  return { fetch, putBack: guardWindow(guard, page) };
}
