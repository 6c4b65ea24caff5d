import { rpxToCss } from "./rpx.ts";
import type { BuiltIn } from "./elements/built-in.ts";
import { button } from "./elements/button.ts";
import { checkbox, checkboxGroup, radio, radioGroup, switchElement } from "./elements/choice.ts";
import { form } from "./elements/form.ts";
import { input, textarea } from "./elements/text-field.ts";

const BUILT_INS: Readonly<Record<string, BuiltIn>> = {
  button,
  checkbox,
  "checkbox-group": checkboxGroup,
  form,
  image: { tag: "img" },
  input,
  radio,
  "radio-group": radioGroup,
  switch: switchElement,
  textarea,
};

/** Ids carry the mark of their component's instance; selectors and labels are to know them without. */
const INSTANCE_MARK = /^[0-9a-f]{8}--/;

/** The DOM element for a tag of WXML. */
export function createDomElement(tag: string): HTMLElement {
  const builtIn = BUILT_INS[tag] ?? {};
  const element = document.createElement(builtIn.tag ?? tag);
  builtIn.prepare?.(element as never);
  const change = (name: string, value: string | undefined): void => {
    if (builtIn.set?.(element as never, name, value) === true) return;
    setAttribute(element, name, value);
  };
  Object.defineProperties(element, {
    wxmlTag: { value: tag },
    id: {
      get: () => element.getAttribute("id") ?? "",
      set: (id: string): void => {
        setAttribute(element, "id", id.replace(INSTANCE_MARK, ""));
      },
    },
    setAttribute: { value: change },
    removeAttribute: { value: (name: string) => change(name, undefined) },
  });
  return element;
}

/** The detail of an event that a built-in element makes itself. */
export function builtInDetail(element: Element, type: string): object | undefined {
  const { wxmlTag } = element as { readonly wxmlTag?: string };
  return BUILT_INS[wxmlTag ?? ""]?.detail?.(element as never, type);
}

function setAttribute(element: Element, name: string, value: string | undefined): void {
  if (value === undefined) Element.prototype.removeAttribute.call(element, name);
  else
    Element.prototype.setAttribute.call(
      element,
      name === "aria-role" ? "role" : name,
      adapted(name, value),
    );
}

function adapted(name: string, value: string): string {
  return name === "style" ? rpxToCss(value) : value;
}
