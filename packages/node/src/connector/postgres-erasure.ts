import type { PersonalRecord } from "@miniprivacy/core/policy";
import { FIRST_BATCH_SIZE } from "./batch-size.ts";
import { planDeletion, type Unlink } from "./deletion-plan.ts";
import { differing, givenRow } from "./given-row.ts";
import { equal, type Lead, ledTo, unled } from "./joined-path.ts";
import { leadsToChanged, stillLedTo } from "./leads.ts";
import { makeChange, makeChanges, type RowChange } from "./postgres-change.ts";
import { type ChosenRows, chooseRows, type SubjectCall } from "./postgres-rows.ts";
import { ask, type QueryPool } from "./query-pool.ts";
import { requireTenant } from "./require-tenant.ts";
import { mayBeSameTable } from "./same-table.ts";
import { POSTGRES_QUOTING, sqlName, sqlTable } from "./sql-name.ts";
import { blankColumns, mappingOf, type TableMapping } from "./table-mapping.ts";

/** How a table lets go of a person's rows. */
interface Plan {
  readonly table: TableMapping;
  /** What her columns become; undefined: the rows go. */
  readonly blank: ReadonlyMap<string, unknown> | undefined;
  readonly unlinks: readonly Unlink[];
  /** While such rows are there, a row stays as it is. */
  readonly leads: readonly Lead[];
  /** Tables whose rows go with it. */
  readonly cascaded: readonly string[];
}

/**
 * Erases a person's rows of several records, in their order; those of few rows that nothing stands before by one statement.
 *
 * @param counts How many rows each record is thought to have.
 * @returns The tables that rows went from.
 */
export async function eraseRows(
  call: SubjectCall,
  records: readonly PersonalRecord[],
  counts: readonly number[],
): Promise<readonly string[]> {
  const tables = new Set<string>();
  let together: Plan[] = [];
  for (const [i, record] of records.entries()) {
    const plan = await planOf(call, record);
    [plan.table.table, ...plan.cascaded].forEach((name) => tables.add(name));
    if (isFree(plan, together) && counts[i]! <= FIRST_BATCH_SIZE) together.push(plan);
    else {
      await carryOutTogether(call, together);
      together = [];
      await carryOut(call, plan);
    }
  }
  await carryOutTogether(call, together);
  return [...tables];
}

/** Gives columns of a person's rows other values, where they have not got them. */
export async function blankRows(
  call: SubjectCall,
  table: TableMapping,
  blank: ReadonlyMap<string, unknown>,
): Promise<void> {
  requireTenant(table.tenant !== undefined, call.subject.tenant);
  await carryOut(call, await blankPlan(call, table, blank));
}

async function planOf(call: SubjectCall, record: PersonalRecord): Promise<Plan> {
  const { known, subject } = call;
  const table = mappingOf(known.tables, record.name);
  requireTenant(table.tenant !== undefined, subject.tenant);
  const blank = blankColumns(table, record);
  if (blank !== undefined) return blankPlan(call, table, blank);
  return { table, blank, ...(await planDeletion(table, known)) };
}

async function blankPlan(
  { known }: SubjectCall,
  table: TableMapping,
  blank: ReadonlyMap<string, unknown>,
): Promise<Plan> {
  const leads = await leadsToChanged(table, [...blank.keys()], known);
  return { table, blank, unlinks: [], leads, cascaded: [] };
}

/** Whether nothing stands before it, nor is anything else of the statement about its table. */
function isFree({ table, unlinks, leads }: Plan, together: readonly Plan[]): boolean {
  return (
    unlinks.length === 0 &&
    leads.length === 0 &&
    !together.some((other) => mayBeSameTable(other.table.table, table.table))
  );
}

async function carryOutTogether(call: SubjectCall, plans: readonly Plan[]): Promise<void> {
  if (plans.length === 0) return;
  const changes: RowChange[] = [];
  let first = 1;
  for (const plan of plans) {
    const change = changeOf(
      plan,
      await chooseRows(call, plan.table, { alias: "target", first }),
      first,
    );
    changes.push(change);
    first += change.values.length;
  }
  await makeChanges(call.pool, changes);
}

async function carryOut(call: SubjectCall, plan: Plan): Promise<void> {
  const { pool } = call;
  for (const unlink of plan.unlinks)
    await makeChange(pool, await unlinking(call, unlink, plan.table));
  const rows = await chooseRows(call, plan.table);
  await makeChange(pool, changeOf(plan, rows));
  await requireNoneLed(pool, rows, plan.leads);
}

/** Rows that others lead to were left as they are. */
async function requireNoneLed(
  pool: QueryPool,
  { from, where, spelling, values }: ChosenRows,
  leads: readonly Lead[],
): Promise<void> {
  const led = ledTo(leads, POSTGRES_QUOTING);
  if (led === undefined) return;
  const text = `select 1 from ${from} where ${where} and ${spelling} and ${led} limit 1`;
  if ((await ask(pool, text, values)).length > 0) throw stillLedTo(leads);
}

/** @param first Number of the statement's first parameter. */
function changeOf({ table, blank, leads }: Plan, rows: ChosenRows, first = 1): RowChange {
  const { own, others, values } = rows;
  const name = sqlTable(table.table);
  const where = `${rows.where} and ${rows.spelling}${unled(leads, POSTGRES_QUOTING)}`;
  if (blank === undefined) {
    const using = others.length === 0 ? "" : ` using ${others.join(", ")}`;
    return { table: name, text: `delete from ${own}${using}`, from: rows.from, where, values };
  }
  const { assigned, from, value } = givenRow(table.table, blank, first + values.length);
  return {
    table: name,
    text: `update ${own} set ${assigned} from ${[from, ...others].join(", ")}`,
    from: `${rows.from}, ${from}`,
    where: `${where} and (${differing(blank)})`,
    values: [...values, value],
  };
}

async function unlinking(
  call: SubjectCall,
  { child, columns, links }: Unlink,
  table: TableMapping,
): Promise<RowChange> {
  const rows = await chooseRows(call, child);
  const gone = await chooseRows(call, table, { alias: "gone", first: rows.values.length + 1 });
  const linked = links.map(
    ([column, key]) => [`target.${sqlName(column)}`, `gone.${sqlName(key)}`] as const,
  );
  const others = [...rows.others, gone.from];
  return {
    table: sqlTable(child.table),
    text: `update ${rows.own} set ${columns.map((column) => `${sqlName(column)} = null`).join(", ")} from ${others.join(", ")}`,
    from: [rows.own, ...others].join(", "),
    where: `${rows.where} and ${rows.spelling} and ${gone.where} and ${gone.spelling} and ${equal(linked)}`,
    values: [...rows.values, ...gone.values],
  };
}
