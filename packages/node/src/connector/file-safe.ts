import { createHash } from "node:crypto";

/** The longest name of a file or folder that every common file system takes, bytes. */
const LONGEST = 255;

/**
 * The folder name of an id: one path segment, whatever the id holds, and never that of another id, not even where the
 * file system folds case or normalizes Unicode. Lower-case letters, digits, `-` and `_` stay; every other byte becomes
 * `%xx`; what would be longer than 255 bytes becomes `~` and the SHA-256 of the id.
 *
 * @throws RangeError for an empty id, which would name the folder of everybody.
 */
export function fileSafe(id: string): string {
  if (id === "") throw new RangeError("id is empty");
  const bytes = Buffer.from(id);
  const name = [...bytes].map(escaped).join("");
  return name.length <= LONGEST ? name : `~${createHash("sha256").update(bytes).digest("hex")}`;
}

/** The id that a folder's name stands for; undefined where it is none, or a digest that does not tell. */
export function idOfFileSafe(name: string): string | undefined {
  if (!/^(?:[a-z0-9_-]|%[0-9a-f]{2})+$/.test(name)) return undefined;
  const bytes = name.replaceAll(/%([0-9a-f]{2})/g, (_all, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  const id = Buffer.from(bytes, "latin1").toString();
  return fileSafe(id) === name ? id : undefined;
}

/** Whether a name is the digest of an id that was too long for one. */
export function isFileSafeDigest(name: string): boolean {
  return /^~[0-9a-f]{64}$/.test(name);
}

function escaped(byte: number): string {
  const char = String.fromCharCode(byte);
  return /[a-z0-9_-]/.test(char) ? char : `%${byte.toString(16).padStart(2, "0")}`;
}
