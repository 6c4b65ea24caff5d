import type { AgeBand } from "@miniprivacy/core";
import type { Language } from "@miniprivacy/core/policy";
import type { ShownNotice } from "../consent/consent-client.ts";

/** A question on the screen, and how it is answered. The first answer counts. */
export interface Dialog {
  /** @param buttonId The id of the tapped `<button open-type="agreePrivacyAuthorization">`, where there is one. */
  agree(buttonId?: string): void;
  /** Closing, leaving and ignoring are this too. */
  refuse(): void;
  /** Settles once it is answered, here or elsewhere: whether it was agreed to. Then it closes. */
  readonly answered: Promise<boolean>;
}

/** The question for a consent, as a page shows it. */
export interface ConsentQuestion<Purpose extends string = string>
  extends Dialog, ShownNotice<Purpose> {
  /**
   * Whether the platform's own privacy guide is still to be agreed to: then the agree button is one of
   * `open-type="agreePrivacyAuthorization"`, and its id goes to `agree`. One tap gives both.
   */
  readonly asksPlatform: boolean;
  /** Whether a yes must say how old the person is: children may be among them, or the platform wants it asked. */
  readonly asksAge: boolean;
  /** @param ageBand What she says, where it is asked. */
  agree(buttonId?: string, ageBand?: AgeBand): void;
}

/** The platform asks whether its privacy guide is agreed to, since something wants personal information. */
export interface PlatformQuestion extends Dialog {
  /** What wants it, e.g. `getLocation` or `button.getPhoneNumber`. */
  readonly referrer: string;
  /** The title of the guide, e.g. 《街角小店小程序隐私保护指引》. */
  readonly contractName: string;
  readonly language: Language;
}

/** What became of a dialog; `unseen` when no page showed it. */
export type DialogAnswer =
  | {
      readonly outcome: "agreed";
      readonly buttonId?: string | undefined;
      readonly ageBand?: AgeBand | undefined;
    }
  | { readonly outcome: "refused" | "unseen" };

/** Shows a question. One that throws or rejects has refused it. */
export type DialogHandler<Question extends Dialog = Dialog> = (question: Question) => void;

/** A dialog to be answered once, and what it is answered with. */
export function openDialog(): { readonly dialog: Dialog; readonly answer: Promise<DialogAnswer> } {
  let settle: (answer: DialogAnswer) => void;
  const answer = new Promise<DialogAnswer>((resolve) => (settle = resolve));
  return {
    answer,
    dialog: {
      agree(buttonId?: unknown, ageBand?: AgeBand) {
        // Handed to a tap as it is, it gets the tap's event.
        const id = typeof buttonId === "string" ? buttonId : undefined;
        settle({ outcome: "agreed", buttonId: id, ageBand });
      },
      refuse: () => settle({ outcome: "refused" }),
      answered: answer.then(({ outcome }) => outcome === "agreed"),
    },
  };
}
