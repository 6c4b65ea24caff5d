import {
  type Check,
  type StatementVerification,
  VERIFY_WORDS,
} from "@miniprivacy/core/certificate";
import type { Language } from "@miniprivacy/core/policy";
import type { Outcome } from "./check-statement.ts";
import { element, node } from "./dom.ts";
import { statementContent } from "./statement-content.ts";
import { TEXTS } from "./texts.ts";

type Verified = Extract<Outcome, { state: "verified" }>;

/** Shows an outcome: the verdict, what it rests on, what the statement says, every check. */
export function showOutcome(outcome: Outcome, language: Language): void {
  const verdict = element("verdict");
  verdict.dataset["verdict"] = verdictName(outcome);
  verdict.replaceChildren(...headline(outcome, language));
  const verified = outcome.state === "verified" ? outcome : undefined;
  fill("trust-told", verified ? grounds(verified, language) : []);
  fill("content", verified ? content(verified, language) : []);
  fill("checks", verified ? checks(verified.verification.checks, language) : []);
}

/** `unchecked`: what could be checked holds, but that was not all. */
function verdictName(outcome: Outcome): string {
  if (outcome.state !== "verified") return outcome.state;
  const { verdict } = outcome.verification;
  return verdict === "valid" && outcome.proofUnchecked ? "unchecked" : verdict;
}

function fill(id: string, parts: readonly Node[]): void {
  element(id).hidden = parts.length === 0;
  element(id).replaceChildren(...parts);
}

function headline(outcome: Outcome, language: Language): readonly Node[] {
  const texts = TEXTS[language];
  const words = VERIFY_WORDS[language];
  switch (outcome.state) {
    case "waiting":
      return [node("p", {}, texts.waiting[outcome.for.length === 2 ? "both" : outcome.for[0]!])];
    case "unsupported":
      return [
        node("p", { class: "word" }, texts.uncheckable),
        node("p", {}, texts.unsupported[outcome.missing]),
      ];
    case "unreadable":
      return [
        node("p", { class: "word" }, texts.unreadable),
        node("p", {}, outcome.why === "form" ? texts.form[outcome.input] : texts.file[outcome.why]),
      ];
    case "verified": {
      const { verdict, type, checks: done } = outcome.verification;
      const last = done.at(-1);
      const unchecked = verdictName(outcome) === "unchecked";
      return [
        node("p", { class: "word" }, unchecked ? texts.unchecked : words.verdict[verdict]),
        node("p", { class: "type" }, type),
        ...(unchecked ? [node("p", {}, texts.uncheckedWhy)] : []),
        ...(verdict === "invalid" && last !== undefined
          ? [node("p", {}, texts.failedAt, words.checks[last.name])]
          : []),
      ];
    }
    default:
      return outcome satisfies never;
  }
}

/** Whose word the verdict rests on, and what it does not rest on. */
function grounds({ verification, proofUnchecked }: Verified, language: Language): readonly Node[] {
  const words = VERIFY_WORDS[language];
  const thumbprint = verification.claims?.issuer.keyThumbprint;
  return [
    node("p", {}, words.trust[verification.trust]),
    ...(thumbprint === undefined
      ? []
      : [node("p", {}, TEXTS[language].signingKey, node("code", {}, thumbprint))]),
    node("p", { id: "proof" }, logLine(verification, proofUnchecked, language)),
  ];
}

/** Whether and where a log holds it. */
function logLine(
  verification: StatementVerification,
  proofUnchecked: boolean,
  language: Language,
): string {
  if (proofUnchecked) return TEXTS[language].proofUnchecked;
  const { labels, notLogged } = VERIFY_WORDS[language];
  const logged = verification.verdict === "valid" ? verification.logged : undefined;
  if (logged === undefined) return notLogged;
  return `${labels.logged}: ${logged.origin}, ${logged.leafIndex + 1} / ${logged.size}`;
}

function content({ verification: { claims } }: Verified, language: Language): readonly Node[] {
  if (claims === undefined) return [];
  return [node("h2", {}, TEXTS[language].says), ...statementContent(claims, language)];
}

/** Every check, folded away where all held. */
function checks(done: readonly Check[], language: Language): readonly Node[] {
  const texts = TEXTS[language];
  const held = done.filter(({ ok }) => ok).length;
  const list = node(
    "ol",
    {},
    ...done.map(({ name, ok }) =>
      node(
        "li",
        { "data-check": name, "data-ok": String(ok) },
        node("span", { class: "mark" }, ok ? texts.held : texts.failed),
        node("span", {}, VERIFY_WORDS[language].checks[name], " ", node("code", {}, name)),
      ),
    ),
  );
  const summary = node("summary", {}, texts.checks(held, done.length));
  return [node("details", held === done.length ? {} : { open: "" }, summary, list)];
}
