import { openTypesOf } from "./elements/button.ts";
import { raise } from "./events.ts";

/** What the platform does when a button with an open ability is tapped. */
export interface OpenTypeHooks {
  /**
   * Called for each ability of the button, `agreePrivacyAuthorization` first.
   *
   * @returns The detail of the event. Nothing: the agreement's event comes with `{}`, any other
   * does not come, as when the user closes the picker.
   */
  openType?(tapped: { readonly type: string; readonly id: string }): unknown;
}

/** Runs the abilities of a tapped button, one after the other. */
export async function runOpenTypes(button: Element, hooks: OpenTypeHooks): Promise<void> {
  for (const type of openTypesOf(button)) {
    const answer = await hooks.openType?.({ type, id: button.id });
    const detail = answer ?? (type === "agreePrivacyAuthorization" ? {} : undefined);
    if (detail !== undefined) raise(button, type.toLowerCase(), detail);
  }
}
