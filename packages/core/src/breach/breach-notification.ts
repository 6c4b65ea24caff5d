import type { Contact, Language, LocalizedText } from "../policy/policy.ts";
import type { BreachDuty } from "./breach-clock.ts";
import { BREACH_PHRASES, type BreachPhrases } from "./breach-phrases.ts";
import type { BreachRecipient, BreachRecord } from "./breach-record.ts";

export interface BreachNotificationOptions {
  readonly recipient: BreachRecipient;
  readonly language: Language;
  readonly controller: { readonly name: Partial<LocalizedText>; readonly contact: Contact };
  /** Labels of the categories touched, by id. */
  readonly categoryLabels: { readonly [category: string]: Partial<LocalizedText> };
  /** Duties of the breach; those of the recipient set the due times. */
  readonly duties: readonly BreachDuty[];
}

/**
 * Writes the notice for one recipient, in Markdown; texts of the record are escaped.
 *
 * @see PIPL-57 for what it must say, WX-4.11c, WX-4.11d, WX-4.11e for whom
 */
export function renderBreachNotification(
  record: BreachRecord,
  options: BreachNotificationOptions,
): string {
  const { recipient, language, controller, duties } = options;
  const phrases = BREACH_PHRASES[language];
  const say = (text: Partial<LocalizedText>): string => escapeMarkdown(text[language] ?? "");
  const sections: readonly (readonly [string, readonly string[]])[] = [
    [phrases.whatHappened, [say(record.summary), ...occurrence(record, phrases)]],
    [phrases.categories, [categoryNames(record, options, say).join(phrases.listSeparator)]],
    [phrases.cause, [say(record.cause)]],
    [phrases.harm, [say(record.likelyHarm)]],
    [phrases.measures, bullets(record.measures.map(say))],
    [phrases.selfHelp, bullets(record.selfHelp.map(say))],
    ...officialSections(record, recipient, phrases),
    ...dueSections(duties, recipient, phrases),
    [phrases.contact, [contactLine(say(controller.name), record.contact, phrases)]],
  ];
  const body = sections.map(([heading, lines]) => `## ${heading}\n\n${lines.join("\n")}`);
  return `${[`# ${phrases.title[recipient]}`, phrases.greeting[recipient], ...body].join("\n\n")}\n`;
}

function occurrence(
  { occurredFrom, occurredTo, discoveredAt }: BreachRecord,
  phrases: BreachPhrases,
): readonly string[] {
  const period =
    occurredFrom === undefined
      ? []
      : [
          `${phrases.period}${minute(occurredFrom)} – ${occurredTo === undefined ? phrases.ongoing : minute(occurredTo)}`,
        ];
  return ["", ...period, `${phrases.discovered}${minute(discoveredAt)}`];
}

function categoryNames(
  { impact }: BreachRecord,
  { categoryLabels }: BreachNotificationOptions,
  say: (text: Partial<LocalizedText>) => string,
): readonly string[] {
  return impact.categories.map((id) => say(categoryLabels[id] ?? {}) || escapeMarkdown(id));
}

/** Numbers and states that platform and authority need; a person is not told about others. */
function officialSections(
  { impact, status, awareAt }: BreachRecord,
  recipient: BreachRecipient,
  phrases: BreachPhrases,
): readonly (readonly [string, readonly string[]])[] {
  if (recipient === "subjects" || recipient === "guardians") return [];
  return [
    [
      phrases.scope,
      bullets([
        phrases.persons(impact.personsAtLeast),
        `${phrases.disclosure}${phrases.disclosed[impact.disclosure]}`,
        `${phrases.minors}${phrases.answer[impact.minors]}`,
        `${phrases.status}${phrases.state[status]}`,
        `${phrases.aware}${minute(awareAt)}`,
      ]),
    ],
  ];
}

function dueSections(
  duties: readonly BreachDuty[],
  recipient: BreachRecipient,
  phrases: BreachPhrases,
): readonly (readonly [string, readonly string[]])[] {
  const own = duties.filter((duty) => duty.recipient === recipient);
  if (recipient === "subjects" || recipient === "guardians" || own.length === 0) return [];
  return [
    [
      phrases.due,
      bullets(own.map(({ dueAt, obligations }) => `${minute(dueAt)} (${obligations.join(", ")})`)),
    ],
  ];
}

function contactLine(
  name: string,
  { email, phone, url, address }: Contact,
  { listSeparator, colon }: BreachPhrases,
): string {
  const ways = [email, phone, url, address].filter((way) => way !== undefined).map(escapeMarkdown);
  return `${name}${colon}${ways.join(listSeparator)}`;
}

/** `2026-01-02T11:04:05.678+08:00` as `2026-01-02 03:04 UTC`. */
function minute(rfc3339: string): string {
  const utc = new Date(rfc3339).toISOString();
  return `${utc.slice(0, 10)} ${utc.slice(11, 16)} UTC`;
}

function bullets(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `- ${line}`);
}

function escapeMarkdown(text: string): string {
  return text
    .replaceAll(/\s*\n\s*/g, " ")
    .replaceAll(/[&<>]/g, (char) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[char] ?? char)
    .replaceAll(/[\\`*_{}[\]#|~!]/g, "\\$&");
}
