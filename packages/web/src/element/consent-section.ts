import type { Language } from "@miniprivacy/core/policy";
import type { ConsentAnswer } from "../consent/consent-client.ts";
import type { PrivacyClient } from "../privacy-client.ts";
import { type ElementHost, makeElement, onSingleClick } from "./element-host.ts";
import { TEXTS } from "./texts.ts";

/** A part of the privacy center. */
export interface Section {
  readonly element: HTMLElement;
  /** Stops following what happens. */
  end(): void;
}

/** Each purpose with its state, and the one click that changes it. */
export function consentSection(
  host: ElementHost,
  client: PrivacyClient<string>,
  language: Language,
): Section {
  const texts = TEXTS[language];
  const rows = new Map<string, Row>();
  const list = makeElement(host, "ul", { role: "list" });
  const message = makeElement(host, "p", { part: "message", role: "status" });
  const element = makeElement(
    host,
    "section",
    { lang: language, "aria-labelledby": "consents" },
    makeElement(host, "h2", { id: "consents", part: "heading" }, texts.heading),
    makeElement(host, "p", { part: "intro" }, texts.intro),
    list,
    message,
  );
  let turns = 0;

  async function refresh(): Promise<void> {
    const turn = ++turns;
    const [{ purposes }, consents] = await Promise.all([client.policy(), client.consent.list()]);
    // A later look is on its way.
    if (turn !== turns) return;
    for (const { purpose, ...consent } of consents) {
      const names = purposes[purpose]?.label;
      const label = names?.[language] ?? Object.values(names ?? {})[0] ?? purpose;
      if (!rows.has(purpose)) rows.set(purpose, addRow(purpose, label));
      rows.get(purpose)!.show(consent);
    }
  }

  function addRow(purpose: string, label: string): Row {
    const row = consentRow(host, { purpose, label, language, change: () => void change() });
    async function change(): Promise<void> {
      const { consent } = client;
      try {
        const decided = row.isPermitted()
          ? await consent.withdraw(purpose)
          : await consent.ask(purpose, { again: true });
        // Without a network it counts here already.
        row.show(decided);
        message.textContent = label + texts.colon + texts.status[decided.status];
        await refresh().catch(() => undefined);
      } catch {
        message.textContent = label + texts.colon + texts.problem;
      }
    }
    list.append(row.element);
    return row;
  }

  const look = (): void =>
    void refresh().catch(() => {
      // What is shown stays as it is.
      if (rows.size === 0) message.textContent = texts.problem;
    });
  const end = client.consent.watch(look);
  look();
  return { element, end };
}

interface Row {
  readonly element: HTMLElement;
  show(consent: ConsentAnswer): void;
  isPermitted(): boolean;
}

interface RowOptions {
  readonly purpose: string;
  readonly label: string;
  readonly language: Language;
  readonly change: () => void;
}

/** One purpose; its buttons stay the same elements, so that the focus stays where it is. */
function consentRow(host: ElementHost, { purpose, label, language, change }: RowOptions): Row {
  const texts = TEXTS[language];
  let shown: ConsentAnswer | undefined;
  const status = makeElement(host, "span", { class: "status", part: "status" });
  const button = (part: string, act: () => void): HTMLButtonElement => {
    const made = makeElement(host, "button", { type: "button", part });
    onSingleClick(made, act);
    return made;
  };
  const name = (of: HTMLElement, text: string): void => {
    of.textContent = text;
    of.setAttribute("aria-label", text + texts.colon + label);
  };
  const changes = button("change", change);
  const receipt = button("receipt", () => save(host, `consent-${purpose}.jwt`, shown?.receipt));
  name(receipt, texts.receipt);
  const element = makeElement(
    host,
    "li",
    { part: "purpose", "data-purpose": purpose },
    makeElement(host, "span", { class: "label", part: "label" }, label),
    status,
    makeElement(host, "span", { class: "buttons" }, changes, receipt),
  );
  return {
    element,
    isPermitted: () => shown?.permitted === true,
    show(consent) {
      shown = consent;
      element.dataset["status"] = consent.status;
      element.dataset["permitted"] = String(consent.permitted);
      status.textContent = consent.signal ? texts.optedOut : texts.status[consent.status];
      name(changes, consent.permitted ? texts.withdraw : texts.decide);
      changes.hidden = consent.signal !== undefined;
      receipt.hidden = consent.receipt === undefined;
    },
  };
}

/** Hands a file to the person. */
function save(host: ElementHost, file: string, content = ""): void {
  const href = host.URL.createObjectURL(new host.Blob([content], { type: "application/jwt" }));
  makeElement(host, "a", { href, download: file }).click();
  host.setTimeout(() => host.URL.revokeObjectURL(href), 60_000);
}
