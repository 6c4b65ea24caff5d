import { isPrivacyError } from "@miniprivacy/core/errors";
import { element } from "./dom.ts";
import type { Texts } from "./texts.ts";

/** Tells the person what went wrong, outside the order form. */
export function tellProblem(error: unknown, texts: Texts): void {
  element("data-result").textContent = explainProblem(error, texts);
}

/** What went wrong, in the person's words. Who is signed out finds no name chosen and can choose again. */
export function explainProblem(error: unknown, { problems }: Texts): string {
  if (isSignedOut(error)) {
    element<HTMLSelectElement>("person").selectedIndex = -1;
    return problems.signedOut;
  }
  switch (isPrivacyError(error) ? error.code : undefined) {
    case "ERR_NOTICE_STALE":
      return problems.noticeStale;
    case "ERR_STORE_UNAVAILABLE":
      return problems.unreachable;
    default:
      return problems.other;
  }
}

export function isSignedOut(error: unknown): boolean {
  return (
    isPrivacyError(error) &&
    (error.code === "ERR_UNAUTHENTICATED" || error.code === "ERR_REAUTHENTICATION_REQUIRED")
  );
}
