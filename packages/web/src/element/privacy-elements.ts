import type { ConsentPrompt } from "../consent/consent-client.ts";
import type { ElementHost } from "./element-host.ts";
import { privacyCenter } from "./privacy-center.ts";
import { privacyConsent } from "./privacy-consent.ts";

/** Defines `<privacy-consent>` and `<privacy-center>`; the second call does nothing. */
export function definePrivacyElements(host: ElementHost): void {
  const { customElements } = host;
  if (!customElements.get(CONSENT)) customElements.define(CONSENT, privacyConsent(host));
  if (!customElements.get(CENTER)) customElements.define(CENTER, privacyCenter(host));
}

const CONSENT = "privacy-consent";
const CENTER = "privacy-center";

/**
 * Asks with `<privacy-consent>`: the one that stands in the page, otherwise one of its own. One purpose at a time;
 * the next question waits for the answer to the one before.
 *
 * @example
 * const privacy = createPrivacyClient({ endpoint: '/privacy', language: 'en', host: window, prompt: elementPrompt(window) })
 */
export function elementPrompt(host: ElementHost): ConsentPrompt {
  definePrivacyElements(host);
  let last: Promise<unknown> = Promise.resolve();
  const prompt: ConsentPrompt = (notice) => {
    const asked = last.then(async () => {
      const { document } = host;
      const placed = document.querySelector(CONSENT);
      // One in a hidden part of the page would ask unseen.
      const standing = placed?.getClientRects().length ? placed : null;
      const element = standing ?? document.createElement(CONSENT);
      if (standing === null) document.body.append(element);
      try {
        return await element.ask(notice);
      } finally {
        if (standing === null) element.remove();
      }
    });
    last = asked.catch(() => undefined);
    return asked;
  };
  return Object.assign(prompt, { surface: "element" });
}
