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

const MOST_FRAMES = 8;
const MOST_CAUSES = 3;
/** A frame of V8's: a function's name and a place in a file. */
const FRAME =
  /^ {4}at (?:async |new )*[\w$.<>[\] #]*\(?(?:file:|node:|\/|[A-Za-z]:\\)[^()\n]*:\d+:\d+\)?$/;
/** Names of Node's and of PostgreSQL's (SQLSTATE), and none that a value could pass for. */
const CODE = /^(?:[A-Z][A-Z_]{1,63}|[0-9A-Z]{5})$/;
const IDENTIFIER = /^[A-Za-z_$][\w$]{0,62}$/;

/**
 * What of a fault may be written down: its kind, the constraint it broke, what caused it, and where it arose. Its message
 * may not: PostgreSQL's quotes the row, a host's whatever it likes.
 */
export function faultFields(error: unknown): LogFields {
  try {
    if (!(error instanceof Error)) return { fault: typeof error };
    const { constraint } = error as { readonly constraint?: unknown };
    return {
      fault: faultKinds(error),
      ...(isText(constraint, IDENTIFIER) && { constraint }),
      at: frames(error),
    };
  } catch {
    // What was thrown throws when it is looked at.
    return { fault: "unreadable" };
  }
}

/** The error and what caused it, each by name and code. */
function faultKinds(error: Error): string {
  const kinds: string[] = [];
  let next: unknown = error;
  while (next instanceof Error && kinds.length < MOST_CAUSES) {
    const { name, code } = next as Error & { readonly code?: unknown };
    const kind = isText(name, IDENTIFIER) ? name : "Error";
    kinds.push(isText(code, CODE) ? `${kind} ${code}` : kind);
    next = next.cause;
  }
  return kinds.join(" < ");
}

/** The stack behind the message, which may have lines that look like frames. */
function frames({ message, stack }: Error): string | undefined {
  if (typeof stack !== "string" || !stack.includes(message)) return undefined;
  const lines = stack.slice(stack.indexOf(message) + message.length).split("\n");
  const found = lines.filter((line) => FRAME.test(line)).map((line) => line.trim());
  return found.slice(0, MOST_FRAMES).join("; ");
}

function isText(value: unknown, pattern: RegExp): value is string {
  return typeof value === "string" && pattern.test(value);
}
