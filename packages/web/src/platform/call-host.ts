/**
 * A mini-program's host object: `wx`, `tt`, `ks`, `my`, `swan`, `qq`, `Taro`, `uni`, or what a TCMPP container gives.
 * Nothing is taken for granted: what it lacks is not used.
 */
export type HostObject = object;

type HostMethod = (options?: unknown, ...more: readonly unknown[]) => unknown;

/** A function of the host, or undefined where it has none of this name. */
export function hostMethod(host: HostObject, name: string): HostMethod | undefined {
  const method = (host as { readonly [name: string]: unknown })[name];
  return typeof method === "function" ? (method.bind(host) as HostMethod) : undefined;
}

/**
 * Calls a function that answers by `success` and `fail`, or by a promise of something, or both. The first answer counts;
 * a promise of nothing is none, for others wrap functions that answer by callbacks.
 *
 * @throws what the host fails with, an error with `errMsg` where it has no such function
 */
export function callHost<Result>(
  host: HostObject,
  name: string,
  options: object = {},
): Promise<Result> {
  return new Promise<Result>((resolve, reject) => {
    const method = hostMethod(host, name);
    if (method === undefined) throw hostError(`${name}:fail is not supported`);
    const returned = method({ ...options, success: resolve, fail: reject });
    if (!isPromise(returned)) return;
    const answered = (value: unknown): void => {
      if (value !== undefined) resolve(value as Result);
    };
    returned.then(answered, reject);
  });
}

/** An error as hosts make them, for code that reads `errMsg`. */
export function hostError(errMsg: string, errno?: number): Error & { readonly errMsg: string } {
  return Object.assign(new Error(errMsg), { errMsg, ...(errno !== undefined && { errno }) });
}

/** Whether an answer is still to come. */
export function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | undefined)?.then === "function";
}
