import type { BuiltIn } from "./built-in.ts";

function choice(tag: string, type: string): BuiltIn {
  return {
    tag: "input",
    prepare: (element: HTMLInputElement) => {
      element.type = type;
      element.setAttribute("data-tag", tag);
      if (tag === "switch") element.setAttribute("role", "switch");
    },
    set: (element: HTMLInputElement, name, value) => {
      if (name !== "checked") return false;
      element.checked = value !== undefined;
      return true;
    },
    detail: (element: HTMLInputElement, event) =>
      event === "change" ? { value: element.checked } : undefined,
  };
}

/** What is chosen among the boxes inside; a radio group has one value. */
function groupDetail(group: HTMLElement, type: string): object | undefined {
  if (type !== "change") return undefined;
  return { value: groupValue(group) };
}

export function groupValue(group: HTMLElement): string | readonly string[] {
  const values = [...group.querySelectorAll<HTMLInputElement>("input[data-tag]")]
    .filter((box) => box.checked)
    .map((box) => box.value);
  return group.localName === "radio-group" ? (values[0] ?? "") : values;
}

export const checkbox: BuiltIn = choice("checkbox", "checkbox");
export const radio: BuiltIn = choice("radio", "radio");
export const switchElement: BuiltIn = choice("switch", "checkbox");
export const checkboxGroup: BuiltIn = { detail: groupDetail };
export const radioGroup: BuiltIn = { detail: groupDetail };
