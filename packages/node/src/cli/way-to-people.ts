import { isOpenid, type People, tellsPeople } from "./find-people.ts";
import type { SchemaTable } from "./read-schema.ts";
import { type Reference, referencesOf, wordsOfName } from "./table-references.ts";

/** Whose a table's rows are, or why nobody can tell from names and keys. */
export type WayToPeople =
  | {
      readonly found: true;
      /** As a mapping's `subject`: own column, then what it leads to. */
      readonly subject: readonly [own: string, ...steps: string[]];
      /** The steps that no foreign key says. */
      readonly guessed: readonly string[];
    }
  | {
      readonly found: false;
      /** Nothing leads to a person; what leads there may be a clerk's work on it; two columns do. */
      readonly reason: "no-way" | "unclear" | "two-people";
      readonly columns: readonly string[];
    };

const LONGEST_WAY = 4;

/** Finds the shortest way from a table's rows to the people. */
export function wayToPeople(
  table: SchemaTable,
  tables: readonly SchemaTable[],
  people: People,
): WayToPeople {
  if (table === people.table) return { found: true, subject: [people.column], guessed: [] };
  const openids = table.columns.filter(({ name }) => isOpenid(name) && isOpenid(people.column));
  const direct = referencesOf(table, tables).filter(
    (reference) => reference.table === people.table,
  );
  const hers = direct.filter((reference) => isHers(reference, people));
  const columns = [...openids.map(({ name }) => name), ...hers.map(({ column }) => column)];
  if (openids.length > 1 || hers.length > 1) return { found: false, reason: "two-people", columns };
  const [openid] = openids;
  if (openid !== undefined) return { found: true, subject: [openid.name], guessed: [] };
  const steps = shortest(table, tables, people);
  if (steps !== undefined) return { found: true, ...written(table, steps, people) };
  return {
    found: false,
    reason: direct.length > 0 ? "unclear" : "no-way",
    columns: direct.map(({ column }) => column),
  };
}

function shortest(
  from: SchemaTable,
  tables: readonly SchemaTable[],
  people: People,
): readonly Reference[] | undefined {
  let ways: readonly (readonly Reference[])[] = [[]];
  for (let length = 1; length <= LONGEST_WAY; length++) {
    ways = ways.flatMap((way) => {
      const gone = [from, ...way.map((step) => step.table)];
      return referencesOf(gone.at(-1)!, tables)
        .filter((step) => !gone.includes(step.table))
        .filter((step) => step.table !== people.table || isHers(step, people))
        .map((step) => [...way, step]);
    });
    const found = ways.find((way) => way.at(-1)!.table === people.table);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** `member_id` tells whose a row is; `created_by` may tell who worked on it. */
function isHers({ column }: Reference, people: People): boolean {
  const words = wordsOfName(column);
  const noun = wordsOfName(people.table.name).at(-1)!;
  return words.some((word) => tellsPeople(word) || word === noun || word === "uid");
}

function written(
  table: SchemaTable,
  steps: readonly Reference[],
  people: People,
): { subject: readonly [string, ...string[]]; guessed: readonly string[] } {
  const [first, ...others] = steps as readonly [Reference, ...Reference[]];
  const last = steps.at(-1)!;
  const own = (i: number): string => (steps[i - 1]?.table ?? table).name;
  const end = last.key === people.column ? [] : [`${people.table.name}.${people.column}`];
  return {
    subject: [first.column, ...others.map(({ column }, i) => `${own(i + 1)}.${column}`), ...end],
    guessed: steps.flatMap((step, i) =>
      step.isDeclared ? [] : [`${own(i)}.${step.column} -> ${step.table.name}.${step.key}`],
    ),
  };
}
