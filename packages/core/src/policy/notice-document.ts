import { isAbroad } from "./abroad.ts";
import { NOTICE_PHRASES, type NoticePhrases } from "./notice-phrases.ts";
import type {
  Contact,
  Language,
  LocalizedText,
  Party,
  Policy,
  PurposeDefinition,
  RecipientDefinition,
  SdkDefinition,
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
  return onOneLineEach({
    language,
    title: phrases.title(say(policy.controller.name)),
    sections: [
      // Requirement WX-4.4.4c: purpose, scope and manner of processing are told, processing by others included.
      ...shown.map(([id, purpose]) => purposeSection(policy, id, purpose, phrases, say)),
      ...extraSections(policy, Object.fromEntries(shown), phrases, say),
      whoSection(policy, phrases, say),
      rightsSection(policy, Object.fromEntries(shown), phrases),
    ],
  });
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
        (policy.storageLocations ?? [controller.country])
          .map((code) => named(phrases.country, code))
          .join(phrases.listSeparator),
      ],
      [phrases.version, policy.version],
    ],
    paragraphs: [],
  };
}

function purposeSection(
  policy: Policy,
  id: string,
  purpose: PurposeDefinition,
  phrases: NoticePhrases,
  say: Say,
): NoticeSection {
  const { retention, sensitiveNotice } = purpose;
  // Requirement PIPL-23: a recipient is named, with contact, purpose, method and kinds of data.
  const recipients = [
    ...(purpose.recipients ?? [])
      .flatMap((recipient) => policy.recipients[recipient] ?? [])
      .map((recipient) => partyText(recipient, phrases, say, recipientFacts(recipient, phrases))),
    ...Object.values(policy.sdks ?? {})
      .filter((sdk) => sdk.purpose === id)
      .map((sdk) => sdkText(policy, sdk, phrases, say)),
  ];
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
      [phrases.recipients, recipients.join(phrases.listSeparator) || phrases.noRecipients],
      ...(retention
        ? ([
            [
              phrases.retention,
              phrases.keptFor(retention.days, named(phrases.event, retention.from), retention.then),
            ],
          ] as const)
        : []),
      [phrases.need, purpose.necessity === "necessary" ? phrases.necessary : phrases.optional],
      [phrases.basis, basisText(purpose, phrases)],
    ],
    paragraphs: [],
  };
}

/** What binds data of these purposes beside the purposes themselves. */
function extraSections(
  policy: Policy,
  purposes: Policy["purposes"],
  phrases: NoticePhrases,
  say: Say,
): readonly NoticeSection[] {
  const labels = (ids: readonly string[]): string =>
    ids.map((id) => say(policy.categories[id]?.label ?? {})).join(phrases.listSeparator);
  const section = (heading: string, paragraphs: readonly string[]): readonly NoticeSection[] =>
    paragraphs.length === 0 ? [] : [{ heading, entries: [], paragraphs }];
  const sdks = Object.values(policy.sdks ?? {}).flatMap(({ name, categories, purpose }) => {
    const shown = purposes[purpose];
    return shown ? [phrases.sdkTakes(say(name), labels(categories), say(shown.label))] : [];
  });
  const told = new Set(Object.values(purposes).flatMap(({ categories }) => categories));
  const holds = Object.values(policy.holds ?? {}).flatMap(({ law, categories, days, from }) => {
    const held = categories.filter((id) => told.has(id));
    return held.length === 0
      ? []
      : [phrases.holdFor(say(law), labels(held), days, named(phrases.event, from))];
  });
  const evidence = policy.evidence
    ? [phrases.evidenceFor(policy.evidence.keepDays, say(policy.evidence.basis))]
    : [];
  return [
    ...section(phrases.sdks, sdks),
    ...section(phrases.holds, holds),
    ...section(phrases.evidence, evidence),
  ];
}

function rightsSection(
  policy: Policy,
  purposes: Policy["purposes"],
  phrases: NoticePhrases,
): NoticeSection {
  const operators = Object.values(policy.sdks ?? {})
    .filter(({ purpose }) => Object.hasOwn(purposes, purpose))
    .flatMap(({ recipient }) => recipient ?? []);
  const abroad = Object.values(purposes)
    .flatMap(({ recipients = [] }) => recipients)
    .concat(operators)
    .flatMap((id) => policy.recipients[id] ?? [])
    .some(({ country }) => isAbroad(country));
  return {
    heading: phrases.rights,
    entries: [],
    // Requirement PIPL-39: how to exercise rights towards a recipient abroad is told.
    paragraphs: abroad ? [...phrases.rightsText, phrases.rightsAbroad] : phrases.rightsText,
  };
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

function partyText(
  { name, contact }: Party,
  phrases: NoticePhrases,
  say: Say,
  facts: readonly string[] = [],
): string {
  const about = [...facts, contactText(contact, phrases)].join(phrases.clauseSeparator);
  return `${say(name)}${phrases.brackets(about)}`;
}

function recipientFacts(
  { role, country }: RecipientDefinition,
  phrases: NoticePhrases,
): readonly string[] {
  return [phrases.role[role], named(phrases.country, country)];
}

/** An SDK, and who runs it and so gets the data. */
function sdkText(
  policy: Policy,
  { name, recipient = "" }: SdkDefinition,
  phrases: NoticePhrases,
  say: Say,
): string {
  const operator = policy.recipients[recipient];
  const facts = operator ? [say(operator.name), ...recipientFacts(operator, phrases)] : [];
  return operator
    ? partyText({ ...operator, name }, phrases, say, [phrases.sdk, ...facts])
    : `${say(name)}${phrases.brackets(phrases.sdk)}`;
}

function contactText({ email, phone, url, address }: Contact, phrases: NoticePhrases): string {
  const ways = [email, phone, url, address].filter((way) => way !== undefined);
  return `${phrases.contact}${phrases.colon}${ways.join(phrases.listSeparator)}`;
}

function named(names: { readonly [id: string]: string }, id: string): string {
  return Object.hasOwn(names, id) ? names[id]! : id;
}

/** A line break inside a text of the policy must not be able to start a heading or a row. */
function onOneLineEach({ language, title, sections }: NoticeDocument): NoticeDocument {
  const line = (text: string): string => text.replaceAll(/\s+/g, " ").trim();
  return {
    language,
    title: line(title),
    sections: sections.map(({ heading, entries, paragraphs }) => ({
      heading: line(heading),
      entries: entries.map(([term, text]) => [term, line(text)] as const),
      paragraphs: paragraphs.map(line),
    })),
  };
}
