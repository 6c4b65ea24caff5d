import type { BuiltIn } from "./built-in.ts";

type Field = HTMLInputElement | HTMLTextAreaElement;

const KEYBOARDS: Readonly<Record<string, string>> = {
  number: "numeric",
  digit: "decimal",
};
const EVENTS = new Set(["input", "change", "blur", "focus", "confirm"]);

function set(element: Field, name: string, value: string | undefined): boolean {
  if (name === "value") element.value = value ?? "";
  else if (name === "focus" && value !== undefined) queueMicrotask(() => element.focus());
  else if (name === "password") element.setAttribute("type", value === undefined ? "text" : name);
  else return name === "type" && setKeyboard(element, value ?? "text");
  return true;
}

/** HTML would refuse letters in a number field and change its value; the mini-program does not. */
function setKeyboard(element: Field, type: string): boolean {
  element.inputMode = KEYBOARDS[type] ?? "text";
  return type === "number";
}

function detail(element: Field, type: string): object | undefined {
  if (type === "nicknamereview") return { pass: true, timeout: false };
  if (!EVENTS.has(type)) return undefined;
  return { value: element.value, cursor: element.selectionStart ?? element.value.length };
}

function prepare(element: Field): void {
  element.maxLength = 140;
  element.addEventListener("keydown", ((event: KeyboardEvent) => {
    if (event.key === "Enter") element.dispatchEvent(new Event("confirm"));
  }) as EventListener);
  element.addEventListener("blur", () => {
    if (element.getAttribute("type") === "nickname")
      setTimeout(() => element.dispatchEvent(new Event("nicknamereview")));
  });
}

export const input: BuiltIn = { prepare, set, detail };
export const textarea: BuiltIn = { prepare, set, detail };
