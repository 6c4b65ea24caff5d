import type { Warn } from "../page-host.ts";
import { type Dialog, type DialogAnswer, type DialogHandler, openDialog } from "./dialog.ts";
import type { DialogHandlers } from "./dialog-handlers.ts";
import { withinTime } from "./within-time.ts";

/** What is asked: everything of the question but how it is answered. */
export interface Asked<Question extends Dialog> {
  readonly handlers: DialogHandlers<Question>;
  /** The page it was asked on (any): another one does not show it. */
  readonly from?: DialogHandler<Question> | undefined;
  /** Worked out when its turn has come; nothing when it was answered meanwhile. */
  readonly content: () => Promise<Omit<Question, keyof Dialog> | DialogAnswer>;
  /** Told once it is on the screen. */
  readonly shown?: () => void;
}

/** Shows one question at a time; the next waits for the answer to the one before. */
export interface DialogQueue {
  open<Question extends Dialog>(asked: Asked<Question>): Promise<DialogAnswer>;
  /** Refuses what is open on a page that was left, gives up what waits for one. @returns whether there was anything */
  leave(): boolean;
}

/** A page that is coming up registers within this time. */
const GRACE_MS = 1_000;

export function createDialogQueue(warn: Warn): DialogQueue {
  /** Each gives up its question if its page was left, and says so. */
  const leaves = new Set<() => boolean>();
  let last: Promise<unknown> = Promise.resolve();
  let isWarned = false;

  async function show<Question extends Dialog>(asked: Asked<Question>): Promise<DialogAnswer> {
    const content = await asked.content();
    if ("outcome" in content) return content;
    const handler = await pageFor(asked);
    if (handler === undefined) return UNSEEN;
    const { dialog, answer } = openDialog();
    const leave = (): boolean => {
      const isLeft = !asked.handlers.has(handler);
      if (isLeft) dialog.refuse();
      return isLeft;
    };
    leaves.add(leave);
    handTo(handler, { ...content, ...dialog } as unknown as Question);
    if (asked.shown) asked.shown();
    const given = await answer;
    leaves.delete(leave);
    return given;
  }

  /** The page the question was asked on, waited for while it is hidden; or any, where it was asked on none. */
  async function pageFor<Question extends Dialog>({
    handlers,
    from,
  }: Asked<Question>): Promise<DialogHandler<Question> | undefined> {
    if (from === undefined) {
      if (handlers.last() === undefined) await withinTime(handlers.next(), GRACE_MS);
      if (handlers.last() === undefined) warnMissing();
      return handlers.last();
    }
    if (handlers.last() === undefined) await hidden(handlers);
    return handlers.has(from) ? from : undefined;
  }

  /** Until a page comes up, or the question is given up. */
  async function hidden({ next }: { readonly next: () => Promise<void> }): Promise<void> {
    let giveUp: () => boolean;
    const left = new Promise<void>((resolve) => leaves.add((giveUp = () => (resolve(), true))));
    await Promise.race([next(), left]);
    leaves.delete(giveUp!);
  }

  function warnMissing(): void {
    if (isWarned) return;
    isWarned = true;
    try {
      warn({ code: "dialog-missing", cause: undefined });
    } catch {
      // The app's own; the question is answered all the same.
    }
  }

  return {
    open(asked) {
      const answer = last.then(() => show(asked));
      last = answer.catch(() => undefined);
      return answer;
    },
    leave: () => Array.from(leaves, (leave) => leave()).some(Boolean),
  };
}

const UNSEEN: DialogAnswer = { outcome: "unseen" };

/** A page that fails to show a question says no: nothing is taken for a yes (PIPL-14). */
function handTo<Question extends Dialog>(
  handler: (question: Question) => unknown,
  question: Question,
): void {
  void (async () => handler(question))().catch(() => question.refuse());
}
