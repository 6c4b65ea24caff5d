import type { Connector } from "./connector.ts";

/** Of a store whose rows are one content each: without it there is no row. */
export function wholeRows(
  content: string,
  erase: Connector["erase"],
): Pick<Connector, "eraseFields" | "blankValues"> {
  return {
    async eraseFields(record, subject, fields) {
      if (fields.includes(content)) await erase(record, subject);
    },
    blankValues: () => undefined,
  };
}
