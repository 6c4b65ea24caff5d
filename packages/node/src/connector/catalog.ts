/** An index that serves comparisons of whole columns. */
export interface Index {
  /** From the first on; null for what is no column. */
  readonly columns: readonly (string | null)[];
  readonly unique: boolean;
  readonly primary: boolean;
}

export interface ForeignKey {
  /** The names a mapping may give the table whose rows refer, with its schema first. */
  readonly child: readonly string[];
  /** The same of the table they refer to. */
  readonly parent: readonly string[];
  readonly columns: readonly {
    readonly column: string;
    /** What it refers to. */
    readonly key: string;
    readonly nullable: boolean;
  }[];
  /** What becomes of a row when the one it refers to is deleted. */
  readonly onDelete: "cascade" | "unlink" | "forbid";
}

/** What a database says of its tables, asked anew each time: a migration may have come in between. */
export interface Catalog {
  /** Those of some tables that foreign keys refer to, and perhaps others; cheap to ask. */
  readonly referred: (tables: readonly string[]) => Promise<readonly string[]>;
  readonly indexes: (table: string) => Promise<readonly Index[]>;
  readonly foreignKeysOf: (table: string) => Promise<readonly ForeignKey[]>;
  readonly foreignKeysOnto: (table: string) => Promise<readonly ForeignKey[]>;
}
