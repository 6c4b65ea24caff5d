import { isPermitting, sha256Hex } from "@miniprivacy/core";
import { PrivacyError } from "@miniprivacy/core/errors";
import { type Language, renderNotice } from "@miniprivacy/core/policy";
import type { Runtime } from "../runtime.ts";
import type { ConsentSubject } from "../subject/subject-identity.ts";
import { deviceName, linkSubject } from "../subject/subject-store.ts";
import { type ConsentHistory, lastLeaf, loadHistory, type StoredConsent } from "./consent-store.ts";
import { type NoticeClaims, openNotice, sealNotice } from "./notice-token.ts";

/** A notice as it is handed to a client, to be shown before a grant. */
export interface Notice {
  readonly token: string;
  readonly text: string;
  readonly purposes: readonly string[];
  readonly language: Language;
  /** RFC 3339: after it the notice is fetched anew before showing. */
  readonly showUntil: string;
  /** RFC 3339: after it a decision on this notice is stale. */
  readonly submitUntil: string;
}

/** What a client asks to show. */
export interface NoticeWish {
  readonly language: Language;
  readonly purposes: readonly string[];
  /** What will show it, e.g. `element`. */
  readonly surface?: string;
}

export type NoticeVerdict =
  | { readonly valid: true; readonly claims: NoticeClaims }
  | { readonly valid: false; readonly code: "ERR_NOTICE_INVALID" | "ERR_NOTICE_STALE" };

export interface NoticeService {
  /** @throws PrivacyError `ERR_PURPOSE_UNKNOWN`, `ERR_INPUT_INVALID` for a language the policy lacks */
  serve(subject: ConsentSubject, wish: NoticeWish): Promise<Notice>;
  /**
   * Whether a grant may rest on a notice: one of ours, served to her or to a device of hers, for this purpose as it
   * stands, in time, and after her last refusal or withdrawal.
   */
  check(grant: {
    readonly tenant: string;
    readonly purpose: string;
    readonly notice: string | undefined;
    /** The names she has in a notice: her ref, and those of her devices. */
    readonly names: readonly string[];
    readonly events: readonly StoredConsent[];
  }): NoticeVerdict;
}

const DAY_MS = 86_400_000;
const SHOW_MS = 7 * DAY_MS;
/** How long a notice may be answered. */
export const SUBMIT_MS: number = SHOW_MS + 30 * DAY_MS;

export function createNoticeService(runtime: Runtime): NoticeService {
  const { database, keys, policy, published, now } = runtime;
  const { tables } = database;

  /** Bound to a person's link, a notice is stale once the link is gone: nothing from before an erasure permits after it. */
  async function nameOf(
    subject: ConsentSubject,
    { link }: ConsentHistory,
    at: Date,
  ): Promise<string> {
    if ("subjectId" in subject)
      return (link ?? (await linkSubject(tables, keys.index, subject, at))).ref;
    // Looking makes no device known.
    if (typeof link?.linkedTo === "string") throw new PrivacyError("ERR_DEVICE_LINKED");
    return deviceName(keys.index, subject);
  }

  return {
    async serve(subject, { language, purposes, surface }) {
      if (!policy.languages.includes(language))
        throw new PrivacyError("ERR_INPUT_INVALID", {
          issues: [{ code: "value", schemaPath: "language" }],
        });
      if (purposes.some((purpose) => !Object.hasOwn(policy.purposes, purpose)))
        throw new PrivacyError("ERR_PURPOSE_UNKNOWN");
      const servedAt = now();
      const history = await loadHistory(tables, keys.index, subject);
      const { events } = history;
      const text = renderNotice(policy, { language, purposes, format: "text" });
      const claims: NoticeClaims = {
        tenant: subject.tenant,
        subject: await nameOf(subject, history, new Date(servedAt)),
        purposes: Object.fromEntries(
          purposes.map((purpose) => [
            purpose,
            {
              digest: published.purposes[purpose]!,
              asOf: lastLeaf(events, (event) => event.purpose === purpose),
            },
          ]),
        ),
        language,
        ...(surface !== undefined && { surface }),
        textDigest: sha256Hex(text),
        servedAt,
        submitUntil: servedAt + SUBMIT_MS,
      };
      return {
        token: sealNotice(keys.mac, claims),
        text,
        purposes,
        language,
        showUntil: new Date(servedAt + SHOW_MS).toISOString(),
        submitUntil: new Date(claims.submitUntil).toISOString(),
      };
    },

    check({ tenant, purpose, notice, names, events }) {
      const claims = notice === undefined ? undefined : openNotice(keys.mac, notice);
      if (claims === undefined) return { valid: false, code: "ERR_NOTICE_INVALID" };
      const foreign = claims.tenant !== tenant || !names.includes(claims.subject);
      const asked = Object.hasOwn(claims.purposes, purpose) ? claims.purposes[purpose] : undefined;
      const changed = asked?.digest !== published.purposes[purpose];
      const denied = lastLeaf(
        events,
        (event) => event.purpose === purpose && !isPermitting(event.status),
      );
      const overtaken = denied > (asked?.asOf ?? -1);
      // Requirement WX-4.4.3: a grant rests on the notice that was served for it.
      if (foreign || changed || overtaken || now() > claims.submitUntil)
        return { valid: false, code: "ERR_NOTICE_STALE" };
      return { valid: true, claims };
    },
  };
}
