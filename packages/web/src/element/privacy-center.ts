import type { Language } from "@miniprivacy/core/policy";
import type { PrivacyClient } from "../privacy-client.ts";
import { CENTER_STYLE } from "./consent-style.ts";
import { consentSection, type Section } from "./consent-section.ts";
import { adoptStyle, type ElementHost } from "./element-host.ts";

/**
 * `<privacy-center>`: where a person sees and changes what they consented to, and takes their receipts away.
 *
 * Parts for styling: `heading`, `intro`, `purpose`, `label`, `status`, `change`, `receipt`, `message`.
 *
 * @see PIPL-15, WX-4.4.4d
 */
export interface PrivacyCenterElement extends HTMLElement {
  /** Shows nothing without. */
  client: PrivacyClient<string> | undefined;
  /** The attribute `language` (the client's). */
  language: Language;
}

export function privacyCenter(host: ElementHost): CustomElementConstructor {
  return class extends host.HTMLElement implements PrivacyCenterElement {
    #client: PrivacyClient<string> | undefined;
    #section: Section | undefined;

    static get observedAttributes(): readonly string[] {
      return ["language"];
    }

    constructor() {
      super();
      adoptStyle(host, this.attachShadow({ mode: "open" }), CENTER_STYLE);
      // Set before the element was defined.
      const { client } = this;
      if (Object.prototype.hasOwnProperty.call(this, "client")) {
        delete (this as { client?: unknown }).client;
        this.#client = client;
      }
    }

    get client(): PrivacyClient<string> | undefined {
      return this.#client;
    }

    set client(client: PrivacyClient<string> | undefined) {
      this.#client = client;
      this.#show();
    }

    get language(): Language {
      const language = this.getAttribute("language") ?? this.#client?.language;
      return language === "en" ? "en" : "zh-CN";
    }

    set language(language: Language) {
      this.setAttribute("language", language);
    }

    attributeChangedCallback(): void {
      this.#show();
    }

    connectedCallback(): void {
      this.#show();
    }

    disconnectedCallback(): void {
      this.#section?.end();
      this.#section = undefined;
    }

    #show(): void {
      if (!this.isConnected) return;
      this.#section?.end();
      this.#section = this.#client && consentSection(host, this.#client, this.language);
      const parts = this.#section === undefined ? [] : [this.#section.element];
      const styles = this.shadowRoot!.querySelectorAll("style");
      this.shadowRoot!.replaceChildren(...styles, ...parts);
    }
  };
}
