import type { BuiltIn } from "./built-in.ts";

export const button: BuiltIn = {
  prepare: (element: HTMLButtonElement) => {
    element.type = "button";
  },
  // `primary`, `warn`: a look, where HTML has what the button does.
  set: (element: HTMLButtonElement, name, value) => {
    if (name === "type") element.setAttribute("data-type", value ?? "default");
    return name === "type";
  },
};

/** The open abilities a button has, agreeing first however they are written. */
export function openTypesOf(element: Element): readonly string[] {
  const types = (element.getAttribute("open-type") ?? "").split("|").filter((type) => type !== "");
  const isAgreement = (type: string) => Number(type === "agreePrivacyAuthorization");
  return types.toSorted((one, other) => isAgreement(other) - isAgreement(one));
}
