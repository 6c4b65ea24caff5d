/** The page's `window`. */
export type ElementHost = Window & typeof globalThis;

/** Makes an element; text comes as text and never as markup. */
export function makeElement<Tag extends keyof HTMLElementTagNameMap>(
  { document }: ElementHost,
  tag: Tag,
  attributes: { readonly [name: string]: string },
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** Gives a shadow root its style without a style element, which a strict content policy forbids. */
export function adoptStyle(
  { CSSStyleSheet, document }: ElementHost,
  root: ShadowRoot,
  css: string,
): void {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [sheet];
  } catch {
    // Browsers before 2023.
    const style = document.createElement("style");
    style.textContent = css;
    root.prepend(style);
  }
}

/** The second half of a double click is no answer to what the first half brought up. */
export function onSingleClick(element: HTMLElement, act: (event: MouseEvent) => void): void {
  element.addEventListener("click", (event) => {
    if (event.detail < 2) act(event);
  });
}
