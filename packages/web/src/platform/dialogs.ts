import type { Language } from "@miniprivacy/core/policy";
import type { AgeBand } from "@miniprivacy/core";
import type { ShownNotice } from "../consent/consent-client.ts";
import type { Warn } from "../page-host.ts";

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

/** What became of a dialog. */
export interface DialogAnswer {
  readonly agreed: boolean;
  readonly buttonId?: string | undefined;
  readonly ageBand?: AgeBand | undefined;
}

export type DialogHandler<Question extends Dialog = Dialog> = (question: Question) => void;

/** Who shows questions of one kind: the one registered last. */
export interface DialogHandlers<Question extends Dialog = Dialog> {
  /** @returns ends it; what is open with it stays open until something else is asked */
  readonly register: (handler: DialogHandler<Question>) => () => void;
  /** The one that shows the next question; waits a moment for a page that is just coming up. */
  current(): Promise<DialogHandler<Question> | undefined>;
  /** The one registered last, if there is any now. */
  last(): DialogHandler<Question> | undefined;
  has(handler: DialogHandler<Question>): boolean;
}

/** A page that is coming up registers within this time, or nothing is shown. */
const GRACE_MS = 1_000;

export function createDialogHandlers<Question extends Dialog>(): DialogHandlers<Question> {
  let handlers: readonly DialogHandler<Question>[] = [];
  const waiting = new Set<() => void>();
  const last = (): DialogHandler<Question> | undefined => handlers[handlers.length - 1];
  return {
    register(handler) {
      handlers = [...handlers.filter((each) => each !== handler), handler];
      waiting.forEach((wake) => wake());
      return () => void (handlers = handlers.filter((each) => each !== handler));
    },
    async current() {
      if (handlers.length === 0)
        await new Promise<void>((resolve) => {
          const wake = (): void => {
            clearTimeout(timer);
            waiting.delete(wake);
            resolve();
          };
          const timer = setTimeout(wake, GRACE_MS);
          waiting.add(wake);
        });
      return last();
    },
    last,
    has: (handler) => handlers.indexOf(handler) >= 0,
  };
}

/** What is asked: everything of the question but how it is answered. */
export interface Asked<Question extends Dialog> {
  readonly handlers: DialogHandlers<Question>;
  readonly content: Omit<Question, keyof Dialog>;
  /** The page it was asked on (any): another one does not show it. */
  readonly from?: DialogHandler<Question> | undefined;
  /** Asked when its turn has come: an answer that came meanwhile, so that it is not shown any more. */
  readonly answeredAlready?: () => DialogAnswer | undefined;
  /** Told once it is on the screen. */
  readonly shown?: () => void;
}

export interface Dialogs {
  /** Shows one question at a time; the next waits for the answer to the one before. */
  open<Question extends Dialog>(asked: Asked<Question>): Promise<DialogAnswer>;
  /** Something else is wanted: refuses what is open on a page that was left. @returns whether there was anything */
  refuseLeft(): boolean;
}

export function createDialogs(warn: Warn): Dialogs {
  let last: Promise<unknown> = Promise.resolve();
  let refuseLeft = (): boolean => false;

  async function show<Question extends Dialog>(asked: Asked<Question>): Promise<DialogAnswer> {
    const { handlers, content, from, answeredAlready, shown } = asked;
    const already = answeredAlready && answeredAlready();
    if (already !== undefined) return already;
    const handler = await handlers.current();
    if (handler === undefined) {
      warn({ code: "dialog-missing", cause: undefined });
      return REFUSED;
    }
    if (from !== undefined && !handlers.has(from)) return REFUSED;
    const { dialog, answer } = openDialog();
    refuseLeft = () => {
      if (handlers.has(handler)) return false;
      dialog.refuse();
      return true;
    };
    try {
      handler({ ...content, ...dialog } as unknown as Question);
      if (shown) shown();
    } catch {
      // A dialog that fails is no yes (PIPL-14).
      dialog.refuse();
    }
    const given = await answer;
    refuseLeft = () => false;
    return given;
  }

  return {
    open(asked) {
      refuseLeft();
      const answer = last.then(() => show(asked));
      last = answer.catch(() => undefined);
      return answer;
    },
    refuseLeft: () => refuseLeft(),
  };
}

const REFUSED: DialogAnswer = { agreed: false };

function openDialog(): { readonly dialog: Dialog; readonly answer: Promise<DialogAnswer> } {
  let settle: (answer: DialogAnswer) => void;
  const answer = new Promise<DialogAnswer>((resolve) => (settle = resolve));
  return {
    answer,
    dialog: {
      agree: (buttonId?: string, ageBand?: AgeBand) => settle({ agreed: true, buttonId, ageBand }),
      refuse: () => settle(REFUSED),
      answered: answer.then(({ agreed }) => agreed),
    },
  };
}
