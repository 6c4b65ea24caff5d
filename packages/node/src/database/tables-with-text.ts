import { sql } from "kysely";
import { ownTables } from "./copy-database.ts";
import type { Database } from "./database.ts";

/** Our tables with a row that holds one of some texts, as it is or as bytes. Every row is read. */
export async function tablesWithText(
  database: Pick<Database, "tables">,
  texts: readonly string[],
): Promise<readonly string[]> {
  const sought = texts.flatMap((text) => [text, Buffer.from(text).toString("hex")]);
  const found: string[] = [];
  for (const name of await ownTables(database)) {
    const query = sql<{ there: boolean }>`
      select exists (
        select 1 from ${sql.raw(name)} as one, unnest(${sought}::text[]) as text
        where position(text in one::text) > 0) as there`;
    if ((await query.execute(database.tables)).rows[0]!.there) found.push(name);
  }
  return found;
}
