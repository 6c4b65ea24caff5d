import { NOTICE_PHRASES, type NoticePhrases } from "./notice-phrases.ts";
import type {
  Contact,
  Language,
  LocalizedText,
  Party,
  Policy,
  PurposeDefinition,
} from "./policy.ts";
import { processingMethods } from "./processing-methods.ts";

/** A notice before it is printed. */
export interface NoticeDocument {
  readonly language: Language;
  readonly title: string;
  readonly sections: readonly NoticeSection[];
}

export interface NoticeSection {
  readonly heading: string;
  /** Terms with their text. */
  readonly entries: readonly (readonly [term: string, text: string])[];
  readonly paragraphs: readonly string[];
}

/** Which purposes a notice is about, and in which language. */
export interface NoticeScope {
  readonly language: Language;
  readonly purposes: readonly string[];
}

/**
 * Puts together all a subject must be told, purposes in the policy's order.
 *
 * @see PIPL-17, PIPL-23, PIPL-30, REG-21
 */
export function noticeDocument(
  policy: Policy,
  { language, purposes }: NoticeScope,
): NoticeDocument {
  const phrases = NOTICE_PHRASES[language];
  const say = (text: Partial<LocalizedText>): string => text[language] ?? "";
  const shown = Object.entries(policy.purposes).filter(([id]) => purposes.includes(id));
  return {
    language,
    title: phrases.title(say(policy.controller.name)),
    sections: [
      // Requirement WX-4.4.4c: purpose, scope and manner of processing are told, processing by others included.
      ...shown.map(([, purpose]) => purposeSection(policy, purpose, phrases, say)),
      ...extraSections(
        policy,
        shown.map(([id]) => id),
        phrases,
        say,
      ),
      whoSection(policy, phrases, say),
      { heading: phrases.rights, entries: [], paragraphs: phrases.rightsText },
    ],
  };
}

type Say = (text: Partial<LocalizedText>) => string;

function whoSection(policy: Policy, phrases: NoticePhrases, say: Say): NoticeSection {
  const { controller, processor } = policy;
  return {
    heading: phrases.who,
    entries: [
      [phrases.controller, partyText(controller, phrases, say)],
      ...(processor ? ([[phrases.processor, partyText(processor, phrases, say)]] as const) : []),
      [
        phrases.storage,
        (policy.storageLocations ?? [controller.country]).join(phrases.listSeparator),
      ],
      [phrases.version, policy.version],
    ],
    paragraphs: [],
  };
}

function purposeSection(
  policy: Policy,
  purpose: PurposeDefinition,
  phrases: NoticePhrases,
  say: Say,
): NoticeSection {
  const { retention, sensitiveNotice } = purpose;
  const recipients = (purpose.recipients ?? []).flatMap((id) => policy.recipients[id] ?? []);
  const recipientTexts = recipients.map(
    (recipient) =>
      `${partyText(recipient, phrases, say)}${phrases.brackets(`${phrases.role[recipient.role]}, ${recipient.country}`)}`,
  );
  return {
    heading: say(purpose.label),
    entries: [
      [phrases.purpose, say(purpose.text)],
      [
        phrases.categories,
        purpose.categories
          .map((id) => categoryText(policy, id, phrases, say))
          .join(phrases.listSeparator),
      ],
      ...(sensitiveNotice
        ? ([
            [phrases.necessityOfSensitive, say(sensitiveNotice.necessity)],
            [phrases.impact, say(sensitiveNotice.impact)],
          ] as const)
        : []),
      [
        phrases.methods,
        processingMethods(purpose)
          .map((method) => phrases.method[method])
          .join(phrases.listSeparator),
      ],
      [phrases.recipients, recipientTexts.join(phrases.listSeparator) || phrases.noRecipients],
      ...(retention
        ? ([
            [
              phrases.retention,
              phrases.keptFor(
                retention.days,
                phrases.event[retention.from] ?? retention.from,
                retention.then,
              ),
            ],
          ] as const)
        : []),
      [phrases.need, purpose.necessity === "necessary" ? phrases.necessary : phrases.optional],
      [phrases.basis, basisText(purpose, phrases)],
    ],
    paragraphs: [],
  };
}

function extraSections(
  policy: Policy,
  purposes: readonly string[],
  phrases: NoticePhrases,
  say: Say,
): readonly NoticeSection[] {
  const labels = (ids: readonly string[]): string =>
    ids.map((id) => say(policy.categories[id]?.label ?? {})).join(phrases.listSeparator);
  const sdks = Object.values(policy.sdks ?? {}).filter(({ purpose }) => purposes.includes(purpose));
  const holds = Object.values(policy.holds ?? {});
  const section = (heading: string, paragraphs: readonly string[]): readonly NoticeSection[] =>
    paragraphs.length === 0 ? [] : [{ heading, entries: [], paragraphs }];
  return [
    ...section(
      phrases.sdks,
      sdks.map(({ name, categories }) => `${say(name)}${phrases.colon}${labels(categories)}`),
    ),
    ...section(
      phrases.holds,
      holds.map(({ law, categories, days }) => phrases.holdFor(say(law), labels(categories), days)),
    ),
    ...section(
      phrases.evidence,
      policy.evidence
        ? [phrases.evidenceFor(policy.evidence.keepDays, say(policy.evidence.basis))]
        : [],
    ),
  ];
}

function categoryText(policy: Policy, id: string, phrases: NoticePhrases, say: Say): string {
  const category = policy.categories[id];
  if (category === undefined) return id;
  const marks = [
    phrases.sources[category.source],
    ...(category.sensitive ? [phrases.sensitive] : []),
  ];
  return `${say(category.label)}${phrases.brackets(marks.join(phrases.listSeparator))}`;
}

function basisText(
  { basis, consentKind = "explicit" }: PurposeDefinition,
  phrases: NoticePhrases,
): string {
  return basis === "consent" ? phrases.consent[consentKind] : phrases.grounds[basis];
}

function partyText({ name, contact }: Party, phrases: NoticePhrases, say: Say): string {
  return `${say(name)}${phrases.brackets(contactText(contact, phrases))}`;
}

function contactText({ email, phone, url, address }: Contact, phrases: NoticePhrases): string {
  const ways = [email, phone, url, address].filter((way) => way !== undefined);
  return `${phrases.contact}${phrases.colon}${ways.join(phrases.listSeparator)}`;
}
