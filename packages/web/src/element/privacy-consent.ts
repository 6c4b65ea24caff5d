import type { ShownNotice } from "../consent/consent-client.ts";
import { CONSENT_STYLE } from "./consent-style.ts";
import { adoptStyle, type ElementHost, makeElement, onSingleClick } from "./element-host.ts";
import { noticeParts } from "./notice-parts.ts";
import { TEXTS } from "./texts.ts";

/**
 * `<privacy-consent>`: shows one notice over the page, with two equal choices and neither chosen.
 *
 * Parts for styling: `dialog`, `title`, `text`, `hint`, `agree`, `refuse`.
 *
 * @see WX-4.4.3, PIPL-14, PIPL-16
 */
export interface PrivacyConsentElement extends HTMLElement {
  /** Escape, a click beside it, leaving the page, removing the element and another question are all `refused`. */
  ask(notice: ShownNotice): Promise<"given" | "refused">;
}

type Choice = "given" | "refused";

export function privacyConsent(host: ElementHost): CustomElementConstructor {
  return class extends host.HTMLElement implements PrivacyConsentElement {
    #settle: (choice: Choice) => void = () => undefined;

    constructor() {
      super();
      adoptStyle(host, this.attachShadow({ mode: "open" }), CONSENT_STYLE);
    }

    ask(notice: ShownNotice): Promise<Choice> {
      this.#settle("refused");
      return new Promise((resolve) => {
        const focused = focusedElement(host.document);
        const dialog = openDialog(host, this.shadowRoot!, notice, (choice) => this.#settle(choice));
        const refuse = (): void => this.#settle("refused");
        host.addEventListener("pagehide", refuse);
        this.#settle = (choice) => {
          this.#settle = () => undefined;
          host.removeEventListener("pagehide", refuse);
          dialog.close();
          dialog.remove();
          focused?.focus();
          resolve(choice);
        };
      });
    }

    disconnectedCallback(): void {
      this.#settle("refused");
    }
  };
}

/** Where the focus is, also inside other elements' shadow roots. */
function focusedElement({ activeElement }: DocumentOrShadowRoot): HTMLElement | null {
  const inner = activeElement?.shadowRoot;
  return inner?.activeElement ? focusedElement(inner) : (activeElement as HTMLElement | null);
}

function openDialog(
  host: ElementHost,
  root: ShadowRoot,
  { text, language }: ShownNotice,
  settle: (choice: Choice) => void,
): HTMLDialogElement {
  const texts = TEXTS[language];
  const title = makeElement(
    host,
    "h2",
    { id: "title", part: "title", tabindex: "-1" },
    texts.title,
  );
  const place = makeElement(
    host,
    "div",
    { id: "text", part: "text", role: "region", "aria-labelledby": "title", tabindex: "0" },
    ...noticeParts(host, text),
  );
  const hint = makeElement(host, "p", { id: "hint", part: "hint" }, texts.hint);
  const button = (part: string, label: string): HTMLButtonElement =>
    makeElement(host, "button", { type: "button", part }, label);
  const agree = button("agree", texts.agree);
  const refuse = button("refuse", texts.refuse);
  const dialog = makeElement(
    host,
    "dialog",
    {
      part: "dialog",
      role: "dialog",
      "aria-modal": "true",
      "aria-labelledby": "title",
      "aria-describedby": "text hint",
      lang: language,
    },
    title,
    place,
    hint,
    makeElement(host, "div", { class: "choice" }, agree, refuse),
  );
  onSingleClick(agree, () => settle("given"));
  onSingleClick(refuse, () => settle("refused"));
  // Escape, and whatever else a browser closes a dialog by.
  for (const type of ["cancel", "close"]) dialog.addEventListener(type, () => settle("refused"));
  refuseBeside(dialog, settle);
  keepFocus(dialog, root, [place, agree, refuse]);
  root.append(dialog);
  dialog.showModal();
  // Neither choice is preset: Enter presses nothing.
  title.focus();
  return dialog;
}

/** A press and its release both beside the dialog: marking text with the mouse may end there too. */
function refuseBeside(dialog: HTMLDialogElement, settle: (choice: Choice) => void): void {
  let beganBeside = false;
  const isBeside = ({ target, clientX, clientY }: MouseEvent): boolean => {
    const { left, right, top, bottom } = dialog.getBoundingClientRect();
    const isInside = clientX >= left && clientX <= right && clientY >= top && clientY <= bottom;
    return target === dialog && !isInside;
  };
  dialog.addEventListener("pointerdown", (event) => void (beganBeside = isBeside(event)));
  onSingleClick(dialog, (event) => {
    if (beganBeside && isBeside(event)) settle("refused");
  });
}

/** Tab goes round: a modal dialog alone would let it out into the browser's own buttons. */
function keepFocus(
  dialog: HTMLDialogElement,
  root: ShadowRoot,
  stops: readonly HTMLElement[],
): void {
  dialog.addEventListener("keydown", (event) => {
    if (event.key !== "Tab") return;
    event.preventDefault();
    const at = stops.indexOf(root.activeElement as HTMLElement);
    const next = event.shiftKey ? (at > 0 ? at : stops.length) - 1 : (at + 1) % stops.length;
    stops[next]!.focus();
  });
}
