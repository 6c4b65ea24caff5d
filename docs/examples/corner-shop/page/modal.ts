import { element } from "./dom.ts";

/**
 * Shows a dialog until one of its buttons is pressed. The focus stays inside and returns to where it was.
 *
 * @returns The id of the button; undefined for Escape.
 */
export function askInDialog(id: string): Promise<string | undefined> {
  const dialog = element<HTMLDialogElement>(id);
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue || undefined), {
      once: true,
    });
  });
}

/** Makes the buttons of a dialog end it, and Tab go round in it. */
export function prepareDialog(id: string): void {
  const dialog = element<HTMLDialogElement>(id);
  for (const choice of dialog.querySelectorAll("button"))
    choice.addEventListener("click", () => dialog.close(choice.id));
  dialog.addEventListener("keydown", (event) => {
    const stops = dialog.querySelectorAll<HTMLElement>("button, [tabindex]");
    const [end, start] = event.shiftKey
      ? [stops[0], stops[stops.length - 1]]
      : [stops[stops.length - 1], stops[0]];
    if (event.key !== "Tab" || document.activeElement !== end) return;
    event.preventDefault();
    start?.focus();
  });
}
