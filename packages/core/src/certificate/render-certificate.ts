import type { Contact, Language, LocalizedText } from "../policy/policy.ts";
import type { CertificateWords } from "./certificate-words.ts";
import { CERTIFICATE_WORDS_EN } from "./certificate-words-en.ts";
import { CERTIFICATE_WORDS_ZH_CN } from "./certificate-words-zh-cn.ts";
import { deriveClaim, scopeClaim } from "./claim.ts";
import type {
  BackupStatement,
  CertificateText,
  DeletionCertificate,
  ErasedScope,
  ErasureTrigger,
} from "./deletion-certificate.ts";
import { type Html, html } from "./html.ts";
import { htmlDocument } from "./html-document.ts";

export interface CertificateRenderOptions {
  readonly language: Language;
  /** The signed form, printed at the end (none). */
  readonly jws?: string;
  /** Names of data categories by id (the ids themselves). */
  readonly categoryLabels?: { readonly [category: string]: LocalizedText };
}

/** What every part of the page needs. */
interface Page {
  readonly certificate: DeletionCertificate;
  readonly words: CertificateWords;
  readonly text: (localized: CertificateText) => string;
  readonly categories: (ids: readonly string[]) => string;
  /** Epoch milliseconds of the issue. */
  readonly at: number;
}

/**
 * Prints a certificate as one self-contained HTML document without scripts. The page is for people: proof is in the
 * signed file, so render only what {@link verifyCertificate} found valid, or what you issued yourself.
 *
 * The title follows from the outcomes; an incomplete deletion never gets the title of a confirmation.
 */
export function renderCertificateHtml(
  certificate: DeletionCertificate,
  options: CertificateRenderOptions,
): string {
  const { language, jws } = options;
  const page = createPage(certificate, options);
  const { words, at } = page;
  const { scopes, backups, processors } = certificate;
  // Requirement WX-4.7c: the written confirmation says what was done, and is not called one while anything is open.
  const { claim, completesAt } = deriveClaim(scopes, at, { backups, processors });
  const open = scopes.filter((scope) => scopeClaim(scope, at) === "partial");
  const done = scopes.filter((scope) => !open.includes(scope));
  const completion =
    completesAt === undefined ? words.completesUnknown : words.completesAt + moment(completesAt);
  const body = html`<header>
      <h1>${words.title[claim]}</h1>
      <p class="claim ${claim}">
        ${words.claim[claim]}${claim === "partial" ? html`<br />${completion}` : undefined}
      </p>
    </header>
    ${claim === "partial" ? [openPoints(page, open), outsideStores(page), factsTable(page)] : factsTable(page)}
    ${scopeTable(page, claim === "partial" ? words.labels.done : words.labels.stores, done)}
    ${claim === "partial" ? undefined : outsideStores(page)} ${proofs(page)}
    ${verification(page, jws)}
    <footer>
      <span>${words.labels.responsible}</span><span>${words.labels.seal}</span
      ><span>${words.labels.date}</span>
    </footer>`;
  return htmlDocument(language, words.title[claim], body).html;
}

function createPage(
  certificate: DeletionCertificate,
  { language, categoryLabels = {} }: CertificateRenderOptions,
): Page {
  const text = (localized: CertificateText): string =>
    localized[language] ?? Object.values(localized)[0] ?? "";
  const label = (id: string): string =>
    Object.hasOwn(categoryLabels, id) ? text(categoryLabels[id]!) : id;
  return {
    certificate,
    words: language === "en" ? CERTIFICATE_WORDS_EN : CERTIFICATE_WORDS_ZH_CN,
    text,
    categories: (ids) => ids.map(label).join(language === "en" ? ", " : "、"),
    at: Date.parse(certificate.issuedAt),
  };
}

function openPoints(page: Page, open: readonly ErasedScope[]): Html {
  const { words, certificate } = page;
  const { marks } = words;
  const { residuals } = certificate;
  return html`${scopeTable(page, words.labels.open, open)}
  ${
    residuals.length === 0
      ? undefined
      : html`<h2>${words.labels.residuals}</h2>
          <p>${words.limited}</p>
          <ul>
            ${residuals.map(
              ({ store, record, reason, until, retentionBasis }) =>
                html`<li>
                  ${store} /
                  ${record}${marks.colon}${words.reason[reason]}${retentionBasis && inBrackets(page.text(retentionBasis), words)}${marks.comma}${words.labels.until}
                  ${until === undefined ? words.labels.unknown : moment(until)}
                </li>`,
            )}
          </ul>`
  }`;
}

function factsTable({ certificate, words, text, categories }: Page): Html {
  const { certificateId, issuedAt, issuer, about, trigger, supersedes, scopes } = certificate;
  const { labels } = words;
  const affected =
    about.kind === "dataset"
      ? about.selector.dataCategories
      : scopes.flatMap((scope) => scope.dataCategories);
  const rows: readonly (readonly [string, string | undefined])[] = [
    [labels.number, certificateId],
    [labels.issuedAt, moment(issuedAt)],
    [labels.demand, trigger.kind === "platform-demand" ? trigger.number : undefined],
    [labels.request, trigger.kind === "subject-request" ? trigger.requestId : undefined],
    [labels.trigger, triggerWords(trigger, words)],
    [labels.issuer, text(issuer.name) + inBrackets(words.role[issuer.role], words)],
    [labels.contact, contactLine(issuer.contact)],
    [
      labels.controller,
      issuer.controller &&
        `${text(issuer.controller.name)}${words.marks.comma}${contactLine(issuer.controller.contact)}`,
    ],
    [labels.subject, about.kind === "subject" ? about.subjectCommitment : undefined],
    [labels.persons, about.kind === "dataset" ? String(about.persons) : undefined],
    [labels.records, about.kind === "dataset" ? String(about.records) : undefined],
    [labels.categories, categories([...new Set(affected)])],
    [labels.supersedes, supersedes],
  ];
  return html`<table class="facts">
    ${rows.map(([name, value]) =>
      value === undefined
        ? html``
        : html`<tr>
            <th>${name}</th>
            <td>${value}</td>
          </tr> `,
    )}
  </table>`;
}

function scopeTable(page: Page, heading: string, scopes: readonly ErasedScope[]): Html | undefined {
  if (scopes.length === 0) return undefined;
  const { labels } = page.words;
  return html`<h2>${heading}</h2>
    <table class="scopes">
      <thead>
        <tr>
          ${[labels.store, labels.outcome, labels.counts, labels.means, labels.check].map(
            (name) => html`<th>${name}</th>`,
          )}
        </tr>
      </thead>
      <tbody>
        ${scopes.map((scope) => scopeRow(page, scope))}
      </tbody>
    </table>`;
}

function scopeRow({ words, text, categories }: Page, scope: ErasedScope): Html {
  const { labels, marks, kind, outcome, method, verdict } = words;
  const {
    verification,
    remnants,
    until,
    readableUntil,
    retentionBasis,
    anonymizationCertificateId,
  } = scope;
  const count = (value: number | null): string =>
    value === null ? labels.uncounted : String(value);
  const notes = [
    retentionBasis && text(retentionBasis),
    anonymizationCertificateId,
    until && `${labels.until} ${moment(until)}`,
    readableUntil && `${labels.readableUntil} ${moment(readableUntil)}`,
    ...remnants.map(
      (remnant) =>
        `${labels.remnants}${marks.colon}${remnant.where}${marks.comma}${labels.until} ${moment(remnant.until)}`,
    ),
  ].filter((note) => note !== undefined);
  return html`<tr>
    <td>
      <b>${scope.store}</b> / ${scope.record}<br />${kind[scope.kind]}<br /><small
        >${categories(scope.dataCategories)}</small
      >
    </td>
    <td class="${scope.outcome}" data-label="${labels.outcome}">
      ${outcome[scope.outcome]}${notes.map((note) => html`<br /><small>${note}</small>`)}
    </td>
    <td data-label="${labels.counts}">${count(scope.countBefore)} → ${count(scope.countAfter)}</td>
    <td data-label="${labels.means}">
      ${scope.technique}<br /><small>${scope.tool} ${scope.toolVersion}</small>
    </td>
    <td data-label="${labels.check}">
      ${method[verification.method]}${marks.colon}${verdict[verification.verdict]}<br /><small
        >${moment(verification.at)}${marks.comma}${verification.by}</small
      >
    </td>
  </tr> `;
}

function outsideStores({ certificate, words, text, at }: Page): Html {
  const { backups, processors } = certificate;
  const list = processors.map((processor) => {
    const order =
      processor.confirmation === "not-told" ? "" : inBrackets(processor.requestId, words);
    return html`<li>
      ${text(processor.name)}${words.marks.colon}${words.confirmation[processor.confirmation]}${order}
    </li>`;
  });
  return html`<h2>${words.labels.backups}</h2>
    <p>${backupWords(backups, words, at)}</p>
    ${
      list.length === 0
        ? undefined
        : html`<h2>${words.labels.processors}</h2>
            <ul>
              ${list}
            </ul>`
    }`;
}

function proofs({ certificate, words }: Page): Html {
  const { scopes, checkpoint } = certificate;
  const has = (test: (scope: ErasedScope) => boolean, sentence: string): readonly string[] =>
    scopes.some(test) ? [sentence] : [];
  const proven = [
    ...has(
      ({ verification: { method, verdict, canary } }) =>
        method === "read-back" && verdict === "pass" && canary,
      words.proven.readBack,
    ),
    ...has(({ outcome }) => outcome === "key-destroyed", words.proven.key),
    ...has(({ outcome }) => outcome === "anonymized", words.proven.anonymized),
    words.proven.signature,
  ];
  const notProven =
    checkpoint === undefined ? [...words.notProven, words.undated] : words.notProven;
  const list = (sentences: readonly string[]): Html =>
    html`<ul>
      ${sentences.map((sentence) => html`<li>${sentence}</li>`)}
    </ul>`;
  return html`<h2>${words.labels.proven}</h2>
    ${list(proven)}
    <h2>${words.labels.notProven}</h2>
    ${list(notProven)}`;
}

function verification({ certificate, words }: Page, jws: string | undefined): Html {
  const { keyThumbprint } = certificate.issuer;
  return html`<h2>${words.labels.verify}</h2>
    <p>${words.howToVerify}</p>
    <pre>miniprivacy verify certificate.jwt --keys jwks.json --trust ${keyThumbprint}</pre>
    <p>${words.labels.key}${words.marks.colon}<code>${keyThumbprint}</code></p>
    ${jws === undefined ? undefined : html`<pre class="jws">${jws}</pre>`}`;
}

function triggerWords(trigger: ErasureTrigger, words: CertificateWords): string {
  const reason = words.trigger[trigger.kind];
  const detail = triggerDetail(trigger, words);
  return detail === undefined ? reason : `${reason}${words.marks.colon}${detail}`;
}

function triggerDetail(trigger: ErasureTrigger, words: CertificateWords): string | undefined {
  switch (trigger.kind) {
    case "subject-request":
      return trigger.ground && words.ground[trigger.ground];
    case "platform-demand":
    case "contract-exit":
      return words.platform[trigger.platform];
    case "retention":
      return undefined;
    default:
      return trigger satisfies never;
  }
}

function backupWords(
  backups: BackupStatement,
  { backups: words }: CertificateWords,
  at: number,
): string {
  if (backups.policy !== "rotation") return words[backups.policy];
  const state = Date.parse(backups.expiresAt) > at ? words.held : words.gone;
  return `${state}${moment(backups.expiresAt)} ${backups.restoreGuard ? words.guard : words.noGuard}`;
}

function inBrackets(text: string, { marks }: CertificateWords): string {
  return marks.open + text + marks.close;
}

function contactLine({ email, phone, url, address }: Contact): string {
  return [email, phone, url, address].filter((way) => way !== undefined).join(" · ");
}

/** `2026-01-02T03:04:05.678Z` as `2026-01-02 03:04:05 UTC`. */
function moment(rfc3339: string): string {
  return `${rfc3339.slice(0, 10)} ${rfc3339.slice(11, 19)} UTC`;
}
