/** Waits for an answer so long and no longer. @returns the answer, or undefined when the time was up first */
export function withinTime<Value>(work: Promise<Value>, ms: number): Promise<Value | undefined> {
  let timer: ReturnType<typeof setTimeout>;
  const timeUp = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  return Promise.race([work, timeUp]).finally(() => clearTimeout(timer));
}
