import type { Dialog, DialogHandler } from "./dialog.ts";

/** Who shows questions of one kind: the one registered last. */
export interface DialogHandlers<Question extends Dialog = Dialog> {
  /** @returns ends it; what is open with it stays open until another one comes */
  readonly register: (handler: DialogHandler<Question>) => () => void;
  /** The one registered last, if there is any now. */
  last(): DialogHandler<Question> | undefined;
  has(handler: DialogHandler<Question>): boolean;
  /** Resolves when the next one registers. */
  readonly next: () => Promise<void>;
}

/** @param registered Told of each that registers. */
export function createDialogHandlers<Question extends Dialog>(
  registered: () => void,
): DialogHandlers<Question> {
  let handlers: readonly DialogHandler<Question>[] = [];
  let wake: () => void = () => undefined;
  let next = new Promise<void>((resolve) => (wake = resolve));
  return {
    register(handler) {
      handlers = [...handlers.filter((each) => each !== handler), handler];
      wake();
      next = new Promise((resolve) => (wake = resolve));
      registered();
      return () => void (handlers = handlers.filter((each) => each !== handler));
    },
    last: () => handlers[handlers.length - 1],
    has: (handler) => handlers.indexOf(handler) >= 0,
    next: () => next,
  };
}
