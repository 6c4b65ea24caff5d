/** Options of every command. */
export interface OutputOptions {
  /** Print JSON instead of sentences (false). */
  readonly json?: boolean;
}

/** Prints what a command came to, as JSON or as lines. */
export function print({ json }: OutputOptions, result: object, lines: readonly string[]): void {
  process.stdout.write(json ? `${JSON.stringify(result, null, 2)}\n` : `${lines.join("\n")}\n`);
}
