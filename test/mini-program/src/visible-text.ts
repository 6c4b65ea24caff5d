/** What can be read of an element: text of hidden parts left out, white space as one space. */
export function visibleText(element: Element): string {
  return collect(element).replaceAll(/\s+/g, " ").trim();
}

export function isVisible(element: Element): boolean {
  for (let part: Element | null = element; part !== null; part = part.parentElement)
    if (isTakenOut(part)) return false;
  return element.isConnected;
}

function collect(node: Node): string {
  if (node.nodeType === Node.TEXT_NODE) return node.textContent ?? "";
  if (node.nodeType !== Node.ELEMENT_NODE || isTakenOut(node as Element)) return "";
  const text = [...node.childNodes].map(collect).join("");
  return getComputedStyle(node as Element).display === "inline" ? text : ` ${text} `;
}

function isTakenOut(element: Element): boolean {
  const { display, visibility } = getComputedStyle(element);
  return display === "none" || visibility === "hidden";
}
