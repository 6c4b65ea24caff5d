import { once } from "../once.ts";
import type { Catalog } from "./catalog.ts";

/**
 * A catalog for the length of one call: what it has said it is not asked again, and of mapped tables that no other refers
 * to it is asked all at once.
 */
export function askedOnce(catalog: Catalog, mapped: readonly string[]): Catalog {
  const referred = once(async () => new Set(await catalog.referred(mapped)));
  const indexes = oncePerTable(catalog.indexes);
  const foreignKeysOf = oncePerTable(catalog.foreignKeysOf);
  const foreignKeysOnto = oncePerTable(catalog.foreignKeysOnto);
  return {
    referred: catalog.referred,
    indexes,
    foreignKeysOf,
    foreignKeysOnto: async (table) =>
      mapped.includes(table) && !(await referred()).has(table) ? [] : foreignKeysOnto(table),
  };
}

function oncePerTable<Answer>(
  ask: (table: string) => Promise<Answer>,
): (table: string) => Promise<Answer> {
  const answers = new Map<string, () => Promise<Answer>>();
  return (table) => {
    const answer = answers.get(table) ?? once(() => ask(table));
    answers.set(table, answer);
    return answer();
  };
}
