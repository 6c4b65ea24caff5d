/** Where log lines go; pino has this shape. What we pass holds ids of ours, never personal data. */
export interface Logger {
  info(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
}

export type LogFields = { readonly [name: string]: string | number | boolean | undefined };

/** Errors as JSON lines on standard error, nothing else. */
export const errorLogger: Logger = {
  info() {},
  error(fields, message) {
    process.stderr.write(`${JSON.stringify({ level: "error", message, ...fields })}\n`);
  },
};

/** What of a fault may be written down: its kind and where it arose; messages can hold values. */
export function faultFields(error: unknown): LogFields {
  if (!(error instanceof Error)) return { fault: typeof error };
  const at = error.stack
    ?.split("\n")
    .find((line) => line.trimStart().startsWith("at "))
    ?.trim();
  const { code } = error as { code?: unknown };
  return { fault: typeof code === "string" ? `${error.name} ${code}` : error.name, at };
}
