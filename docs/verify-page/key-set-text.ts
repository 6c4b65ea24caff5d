/** Whether a text is JSON with `keys`: what is dropped is sorted by this. */
export function isKeySetText(text: string): boolean {
  try {
    return Object.hasOwn(Object(JSON.parse(text)), "keys");
  } catch {
    return false;
  }
}
