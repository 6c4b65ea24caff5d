import {
  type DeletionCertificate,
  renderCertificateHtml,
  type StatementClaims,
} from "@miniprivacy/core/certificate";
import type { Language } from "@miniprivacy/core/policy";
import { node, printable } from "./dom.ts";
import { TEXTS } from "./texts.ts";

type Claims = StatementClaims[keyof StatementClaims];
type ConsentReceipt = StatementClaims["consent-receipt+jwt"];

/** What a valid statement says, in words. */
export function statementContent(claims: Claims, language: Language): readonly Node[] {
  return claims.type === "consent-receipt"
    ? receiptContent(claims, language)
    : certificateContent(claims, language);
}

/** The printed certificate without the boxes for seal and signature, its headings one level down. */
function certificateContent(certificate: DeletionCertificate, language: Language): readonly Node[] {
  const printed = renderCertificateHtml(certificate, { language });
  // Without its head: the style in it is not ours, and our content policy would say so.
  const content = printed.slice(printed.indexOf("<body>"));
  const { body } = new DOMParser().parseFromString(
    certificates?.createHTML(content) ?? content,
    "text/html",
  );
  body.querySelector("footer")?.remove();
  for (const heading of body.querySelectorAll("h1, h2"))
    heading.replaceWith(
      node(heading.localName === "h1" ? "h3" : "h4", {}, heading.textContent ?? ""),
    );
  const texts = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) texts.currentNode.nodeValue = printable(texts.currentNode.nodeValue!);
  return [...body.children];
}

/** Core has escaped all that was signed; the content policy lets this, and nothing else, become HTML. */
const { trustedTypes } = globalThis as {
  readonly trustedTypes?: {
    createPolicy(name: string, rules: HtmlRules): HtmlRules;
  };
};
const certificates = trustedTypes?.createPolicy("certificate", { createHTML: (html) => html });

interface HtmlRules {
  createHTML(html: string): string;
}

function receiptContent(receipt: ConsentReceipt, language: Language): readonly Node[] {
  const { receipt: labels, status, keptFor, separator } = TEXTS[language];
  const say = (text: { readonly [name: string]: string }): string =>
    text[language] ?? Object.values(text)[0] ?? "";
  const names = (list: readonly string[]): string => list.join(separator);
  const { purpose, retention, recipients } = receipt;
  const rows: readonly (readonly [string, string | undefined])[] = [
    [labels.purpose, `${say(purpose.label)} — ${say(purpose.text)}`],
    [labels.status, status[receipt.status]],
    [labels.decidedAt, moment(receipt.decidedAt)],
    [labels.categories, names(receipt.dataCategories.map(({ label }) => say(label)))],
    [labels.recipients, names(recipients.map(({ name }) => say(name))) || labels.nobody],
    [labels.retention, retention && keptFor(retention.days, retention.from, retention.then)],
    [labels.controller, say(receipt.controller.name)],
    [labels.issuedAt, moment(receipt.issuedAt)],
    [labels.policy, `${receipt.policy.id} ${receipt.policy.version}`],
    [labels.number, receipt.receiptId],
  ];
  return [
    node("h3", {}, labels.title),
    node(
      "dl",
      {},
      ...rows.flatMap(([term, text]) =>
        text === undefined ? [] : [node("dt", {}, term), node("dd", {}, printable(text))],
      ),
    ),
  ];
}

/** `2026-01-02T03:04:05.678Z` as `2026-01-02 03:04:05 UTC`. */
function moment(rfc3339: string): string {
  return `${rfc3339.slice(0, 10)} ${rfc3339.slice(11, 19)} UTC`;
}
