import type { KyselyPlugin, OperationNode, RootOperationNode } from "kysely";
import type { Database, Unit } from "./database.ts";
import { TENANT_TABLES } from "./tables.ts";

/**
 * The database as services get it: a select, update or delete on a table of tenants' rows throws unless it names each
 * such table's tenant. It is there for what was forgotten; raw SQL passes it.
 */
export function guardTenants(database: Database): Database {
  return { ...database, tables: database.tables.withPlugin(tenantGuard) };
}

/** For what concerns the whole deployment, such as sweeps and the change bus. */
export function everyTenant(unit: Unit): Unit {
  return unit.withoutPlugins();
}

const tenantGuard: KyselyPlugin = {
  transformQuery({ node }): RootOperationNode {
    for (const query of queriesIn(node)) requireTenant(query);
    return node;
  },
  transformResult: async ({ result }) => result,
};

/** A node of Kysely's as it is: the kinds that matter here are told apart below. */
interface Node {
  readonly kind: string;
  readonly [member: string]: unknown;
}

const QUERIES = new Set(["SelectQueryNode", "UpdateQueryNode", "DeleteQueryNode"]);
/** Where a query names tables, and where conditions. */
const TABLE_MEMBERS = ["from", "table", "using", "joins"] as const;
const CONDITION_MEMBERS = ["where", "joins"] as const;

function requireTenant(query: Node): void {
  const tables = TABLE_MEMBERS.flatMap((member) => tablesIn(query[member]));
  const conditions = CONDITION_MEMBERS.flatMap((member) => [...within(query[member])]);
  const named = conditions.flatMap(tenantsCompared);
  for (const { name, alias } of tables) {
    const isNamed = named.some((of) => of === alias || (of === undefined && tables.length === 1));
    if (TENANT_TABLES.has(name) && !isNamed)
      throw new TypeError(`a query on ${name} names no tenant`);
  }
}

interface TableName {
  readonly name: string;
  readonly alias: string;
}

function tablesIn(value: unknown): readonly TableName[] {
  return nodes(value).flatMap((node): readonly TableName[] => {
    const { kind, froms, tables, table, node: aliased, alias } = node;
    if (kind === "TableNode") return [{ name: identifier(table), alias: identifier(table) }];
    if (kind === "AliasNode")
      return tablesIn(aliased).map(({ name }) => ({ name, alias: identifier(alias) }));
    return kind === "JoinNode" ? tablesIn(table) : tablesIn(froms ?? tables);
  });
}

/** The tables whose tenant an equation names; undefined for one that names none. */
function tenantsCompared(node: Node): readonly (string | undefined)[] {
  const { kind, operator, leftOperand, rightOperand } = node;
  if (kind !== "BinaryOperationNode" || (operator as Node)["operator"] !== "=") return [];
  return [leftOperand as Node, rightOperand as Node]
    .filter((side) => side.kind === "ReferenceNode" && columnOf(side) === "tenant")
    .map(({ table }) => (table === undefined ? undefined : identifier((table as Node)["table"])));
}

function columnOf({ column }: Node): string | undefined {
  const { kind, column: named } = column as Node;
  return kind === "ColumnNode" ? identifier(named) : undefined;
}

/** The name in an identifier, or in one that may have a schema. */
function identifier(value: unknown): string {
  const { name, identifier: inner } = value as Node;
  return typeof name === "string" ? name : identifier(inner);
}

function* queriesIn(node: OperationNode): Iterable<Node> {
  if (QUERIES.has(node.kind)) yield node as unknown as Node;
  for (const child of children(node as unknown as Node)) yield* queriesIn(child as OperationNode);
}

/** A value's nodes, those of queries inside left out: they name their own. */
function* within(value: unknown): Iterable<Node> {
  for (const node of nodes(value)) {
    if (QUERIES.has(node.kind)) continue;
    yield node;
    for (const child of children(node)) yield* within(child);
  }
}

function children(node: Node): readonly Node[] {
  return Object.values(node).flatMap(nodes);
}

function nodes(value: unknown): readonly Node[] {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return values.filter(
    (one): one is Node => typeof one === "object" && one !== null && "kind" in one,
  );
}
