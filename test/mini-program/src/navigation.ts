import type { PageStack } from "./page-stack.ts";

interface Options {
  readonly url?: string;
  readonly delta?: number;
  readonly success?: (result: Result) => void;
  readonly fail?: (result: Result) => void;
  readonly complete?: (result: Result) => void;
}

interface Result {
  readonly errMsg: string;
}

type Api = (options?: Options) => Promise<Result> | undefined;

/** The part of `wx` that moves between pages: callbacks, or a promise where there are none. */
export function createNavigation(stack: PageStack): Readonly<Record<string, Api>> {
  const api = (name: string, move: (options: Options) => void): Api => {
    return (options = {}) => {
      const moved = Promise.resolve().then(() => attempt(name, () => move(options)));
      const asked = [options.success, options.fail, options.complete].some(Boolean);
      return asked ? void moved.then(...answerTo(options)) : moved;
    };
  };
  return {
    navigateTo: api("navigateTo", ({ url }) => stack.navigateTo(url!)),
    redirectTo: api("redirectTo", ({ url }) => stack.redirectTo(url!)),
    switchTab: api("switchTab", ({ url }) => stack.switchTab(url!)),
    reLaunch: api("reLaunch", ({ url }) => stack.reLaunch(url!)),
    navigateBack: api("navigateBack", ({ delta }) => stack.navigateBack(delta)),
  };
}

function attempt(name: string, move: () => void): Result {
  try {
    move();
    return { errMsg: `${name}:ok` };
  } catch (error) {
    // Promises of the platform reject with a plain object.
    // oxlint-disable-next-line no-throw-literal
    throw { errMsg: `${name}:fail ${(error as Error).message}` };
  }
}

function answerTo({ success, fail, complete }: Options) {
  return [
    (result: Result): void => {
      success?.(result);
      complete?.(result);
    },
    (result: Result): void => {
      fail?.(result);
      complete?.(result);
    },
  ] as const;
}
