import type { PrivacyCenterElement } from "./element/privacy-center.ts";
import type { PrivacyConsentElement } from "./element/privacy-consent.ts";

export type { ElementHost } from "./element/element-host.ts";
export type { PrivacyCenterElement } from "./element/privacy-center.ts";
export type { PrivacyConsentElement } from "./element/privacy-consent.ts";
export { definePrivacyElements, elementPrompt } from "./element/privacy-elements.ts";

declare global {
  interface HTMLElementTagNameMap {
    "privacy-center": PrivacyCenterElement;
    "privacy-consent": PrivacyConsentElement;
  }
}
