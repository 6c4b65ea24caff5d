import { explainPrivacyError } from "../platform/explain-privacy-error.ts";
import { COMPONENT_TEXTS, type ComponentTexts } from "./component-texts.ts";
import type { ComponentDefinition } from "./define-component.ts";
import { appClient, type ComponentInstance } from "./mini-program-globals.ts";

/** A component of the platform that hands over information, behind a consent to its purpose. */
export interface PurposeBound extends ComponentInstance<{
  readonly purpose: string;
  permitted: boolean;
  label: string;
  hint: string;
}> {
  unwatch?: (() => void) | undefined;
  /** Of the last look at the consent; an answer to an earlier one is late. */
  turn?: number;
}

export interface BoundTexts {
  /** Before and after the consent. */
  readonly ask: keyof ComponentTexts;
  readonly take: keyof ComponentTexts;
}

/**
 * What the three of them share: before there is a consent a tap asks for it, and only then the platform's own component
 * is there.
 *
 * @param event Of the component, when something was handed over.
 * @param taken What it hands over, from the platform's event; undefined when the person gave nothing.
 */
export function purposeBound(
  texts: BoundTexts,
  event: string,
  taken: (detail: { readonly [name: string]: unknown }) => object | undefined,
): ComponentDefinition<PurposeBound> {
  return {
    properties: { purpose: { type: String, value: "" } },
    data: { permitted: false, label: "", hint: "" },
    lifetimes: {
      attached() {
        const privacy = appClient();
        if (privacy === undefined) return;
        label(this, texts, false);
        this.unwatch = privacy.consent.watch(() => void look(this, texts));
        void look(this, texts);
      },
      detached() {
        this.unwatch?.();
      },
    },
    observers: {
      // Frameworks hand it over after the component was made.
      purpose() {
        if (this.unwatch === undefined) return;
        // What was permitted was another purpose.
        label(this, texts, false);
        void look(this, texts);
      },
    },
    methods: {
      // The person is asked when she wants to hand it over, and not before (WX-4.4.3).
      ask() {
        void ask(this, texts);
      },
      take({ detail }: { readonly detail: { readonly [name: string]: unknown } }) {
        void handOver(this, texts, event, detail, taken(detail));
      },
    },
  };
}

async function look(bound: PurposeBound, texts: BoundTexts): Promise<void> {
  const { purpose } = bound.data;
  if (purpose === "") return;
  const turn = (bound.turn = (bound.turn ?? 0) + 1);
  // Unknown denies: a tap asks.
  const { permitted } = await appClient()!
    .consent.status(purpose)
    .catch(() => ({ permitted: false }));
  if (turn === bound.turn && permitted !== bound.data.permitted) label(bound, texts, permitted);
}

async function ask(bound: PurposeBound, texts: BoundTexts): Promise<void> {
  const privacy = appClient();
  if (privacy === undefined) return;
  const { language, consent } = privacy;
  bound.turn = (bound.turn ?? 0) + 1;
  try {
    const { permitted } = await consent.ask(bound.data.purpose, { again: true });
    bound.turn++;
    label(bound, texts, permitted);
    if (permitted) bound.setData({ hint: COMPONENT_TEXTS[language].again });
    else bound.triggerEvent("refused", {});
  } catch {
    bound.setData({ hint: COMPONENT_TEXTS[language].problem });
  }
}

/** What was handed over goes on only while the consent holds. */
async function handOver(
  bound: PurposeBound,
  texts: BoundTexts,
  event: string,
  detail: { readonly [name: string]: unknown },
  given: object | undefined,
): Promise<void> {
  if (given === undefined) {
    if (detail["errMsg"] !== undefined) bound.triggerEvent("failed", explainPrivacyError(detail));
    return;
  }
  const privacy = appClient();
  if (privacy === undefined) return;
  const { language, consent } = privacy;
  try {
    const { permitted, headers } = await consent.ask(bound.data.purpose);
    label(bound, texts, permitted);
    bound.triggerEvent(permitted ? event : "refused", permitted ? { ...given, headers } : {});
  } catch {
    bound.setData({ hint: COMPONENT_TEXTS[language].problem });
  }
}

function label(bound: PurposeBound, { ask, take }: BoundTexts, permitted: boolean): void {
  const { language } = appClient()!;
  const text = COMPONENT_TEXTS[language][permitted ? take : ask] as string;
  bound.setData({ permitted, label: text, hint: "" });
}
