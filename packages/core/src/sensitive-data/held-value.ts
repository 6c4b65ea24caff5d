/** Whether an object is made of members and nothing else. */
export function isPlain(item: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(item);
  return prototype === Object.prototype || prototype === null;
}

/** Whether there is anything in a value that the name it stands under could be about. */
export function holdsSomething(value: unknown): boolean {
  if (value === null || value === undefined || value === "" || value === false) return false;
  if (Array.isArray(value)) return value.length > 0;
  return typeof value !== "object" || !isPlain(value) || Object.keys(value).length > 0;
}
