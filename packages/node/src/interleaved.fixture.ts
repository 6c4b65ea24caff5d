/** Contenders that take turns: what slows one down on a busy machine slows the others down as well. */
export interface Turns {
  /** Milliseconds of each, the median of its turns. */
  readonly medians: { readonly [name: string]: number };
  /** How many times longer one took than another, the median over the rounds. */
  ratio(name: string, beside: string): number;
}

const WARM_UP = 5;

export async function interleaved(
  rounds: number,
  contenders: { readonly [name: string]: () => Promise<unknown> },
): Promise<Turns> {
  const taken = new Map<string, number[]>(Object.keys(contenders).map((name) => [name, []]));
  for (let round = 0; round < rounds + WARM_UP; round++)
    for (const [name, run] of Object.entries(contenders)) {
      const start = performance.now();
      await run();
      if (round >= WARM_UP) taken.get(name)!.push(performance.now() - start);
    }
  return {
    medians: Object.fromEntries(Array.from(taken, ([name, times]) => [name, quantile(times, 0.5)])),
    ratio(name, beside) {
      const other = taken.get(beside)!;
      return quantile(
        taken.get(name)!.map((time, round) => time / other[round]!),
        0.5,
      );
    },
  };
}

export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(Math.floor(sorted.length * part), sorted.length - 1)]!;
}
