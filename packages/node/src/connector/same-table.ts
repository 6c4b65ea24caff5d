/**
 * Whether two names may be those of one table. In doubt they are: case makes no difference, nor does a schema that only
 * one of them has.
 */
export function mayBeSameTable(one: string, other: string): boolean {
  const [a, b] = [one, other].map((name) => name.toLowerCase().split(".")) as [string[], string[]];
  return a.at(-1) === b.at(-1) && (a.length !== b.length || a[0] === b[0]);
}
