import type { Connector } from "./connector.ts";

/** A connector of tables. */
export interface SqlConnector extends Connector {
  /**
   * Columns that lead to a subject and that no index begins with, as `table.column`: every question about a person reads
   * such a table from end to end.
   */
  missingIndexes(): Promise<readonly string[]>;
}
