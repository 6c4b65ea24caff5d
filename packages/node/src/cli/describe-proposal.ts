import type { LeftTable, MapProposal, ProposedTable } from "./propose-map.ts";

/** What was guessed and what could not be, a line each. */
export function describeProposal(
  proposal: MapProposal,
  missingIndexes: readonly string[],
): readonly string[] {
  const { subject, tables, guessedSteps, unknown, left } = proposal;
  const apart = left.filter(({ reason }) => reason !== "no-way");
  const holding = left.filter(({ reason, personal }) => reason === "no-way" && personal.length > 0);
  const others = left.filter((table) => !apart.includes(table) && !holding.includes(table));
  return [
    "read the schema only, no row; every line below is a guess for you to check",
    ...missingIndexes.map(
      (column) => `index missing  ${column}: every request would read the whole table`,
    ),
    `person         ${subject}: must be the id that authenticate gives`,
    ...tables.map(describeTable),
    ...guessedSteps.map((step) => `by name only   ${step}: there is no foreign key`),
    ...unknown.map((column) => `not guessed    ${column}: map it, if it holds personal data`),
    ...apart.map((table) => `not mapped     ${table.table}: ${REASONS[table.reason](table)}`),
    ...holding.map(
      ({ table, personal }) =>
        `not mapped     ${table}: leads to nobody, but ${personal.join(", ")} looks personal`,
    ),
    ...(others.length === 0
      ? []
      : [`not mapped     ${others.map(({ table }) => table).join(", ")}: lead to nobody`]),
  ];
}

function describeTable({ mapping, fields }: ProposedTable): string {
  const { table, subject } = mapping;
  const way = typeof subject === "string" ? subject : subject.join(" -> ");
  const guessed = fields.flatMap(({ column, category }) =>
    category === undefined ? [] : [`${column.name} ${category.id}`],
  );
  return `mapped         ${table}: by ${way}; ${guessed.join(", ") || "nothing personal guessed"}`;
}

const REASONS: {
  readonly [Reason in LeftTable["reason"]]: (table: LeftTable) => string;
} = {
  "no-way": () => "leads to nobody",
  unclear: ({ columns }) => `${columns.join(", ")} may tell of a clerk: say whose rows they are`,
  "two-people": ({ columns }) => `rows of two people, by ${columns.join(" and ")}: map it twice`,
  "no-key": () => "its rows have no key of one column",
};
