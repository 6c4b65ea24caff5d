import type { Language } from "@miniprivacy/core/policy";
import type { MiniProgramClient } from "../../platform/mini-program-client.ts";
import { COMPONENT_TEXTS } from "../component-texts.ts";

/** A purpose with its state, as the center shows it. */
export interface ConsentRow {
  readonly purpose: string;
  readonly label: string;
  readonly status: string;
  readonly permitted: boolean;
  readonly action: string;
  readonly receipt: string;
}

export async function consentRows(privacy: MiniProgramClient): Promise<readonly ConsentRow[]> {
  const { language } = privacy;
  const texts = COMPONENT_TEXTS[language];
  const [{ purposes }, consents] = await Promise.all([privacy.policy(), privacy.consent.list()]);
  return consents.map(({ purpose, status, permitted, receipt = "" }) => ({
    purpose,
    label: inLanguage(purposes[purpose]?.label, language) ?? purpose,
    status: texts.status[status],
    permitted,
    action: permitted ? texts.withdraw : texts.decide,
    receipt,
  }));
}

function inLanguage(
  text: { readonly [language: string]: string } | undefined,
  language: Language,
): string | undefined {
  return text?.[language] ?? Object.values(text ?? {})[0];
}
