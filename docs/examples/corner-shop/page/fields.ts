/** Marks the fields that need another look, goes to the first, and gives the names of all; only `asked` ones count. */
export function wrongFields(form: HTMLFormElement, asked?: readonly string[]): readonly string[] {
  const wrong: HTMLInputElement[] = [];
  for (const field of form.querySelectorAll("input")) {
    if (asked?.includes(field.name) === false || field.checkValidity())
      field.removeAttribute("aria-invalid");
    else {
      field.setAttribute("aria-invalid", "true");
      wrong.push(field);
    }
  }
  wrong[0]?.focus();
  return wrong.map(({ name }) => name);
}
