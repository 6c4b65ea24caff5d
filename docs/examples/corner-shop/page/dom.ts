import { node } from "../../../verify-page/dom.ts";

export { element, node } from "../../../verify-page/dom.ts";

/** A quiet button. What `act` rejects with is the caller's to tell. */
export function button(
  text: string,
  attributes: { readonly [name: string]: string },
  act: () => Promise<void>,
): HTMLButtonElement {
  const made = node("button", { type: "button", class: "quiet", ...attributes }, text);
  made.addEventListener("click", () => void act());
  return made;
}

/** Hands a file to the person. */
export function download(name: string, content: string): void {
  const href = URL.createObjectURL(new Blob([content]));
  node("a", { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
}
