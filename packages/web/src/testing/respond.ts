/** What every function of the host takes beside its own options. */
export interface HostCallbacks {
  readonly success?: (result: object) => void;
  readonly fail?: (error: object) => void;
  readonly complete?: (answer: object) => void;
}

/**
 * Answers as the host does, later and never at once: by callbacks where there is one, otherwise by a promise, except
 * where the host has callbacks only. What a callback throws keeps the others from nothing.
 */
export function respond(
  name: string,
  options: HostCallbacks,
  work: () => object | Promise<object>,
  style: "both" | "callbacks" = "both",
): Promise<object> | undefined {
  const { success, fail, complete } = options;
  const answered = later(work).then((result) => ({ errMsg: `${name}:ok`, ...result }));
  if (style === "both" && !success && !fail && !complete) return answered;
  const tell = (callback: ((answer: object) => void) | undefined, answer: object): void => {
    if (callback) setTimeout(() => callback(answer), 0);
  };
  answered.then(
    (result) => (tell(success, result), tell(complete, result)),
    (error: object) => (tell(fail, error), tell(complete, error)),
  );
  return undefined;
}

/** An answer of the host comes in a task of its own. */
async function later(work: () => object | Promise<object>): Promise<object> {
  await new Promise((resolve) => setTimeout(resolve, 0));
  return work();
}
