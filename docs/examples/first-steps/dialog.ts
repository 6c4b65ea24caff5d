/** Stands for the app's own dialog: two equal buttons; closing it is a refusal. */
export async function showDialog(
  text: string,
  buttons: { readonly agree: string; readonly refuse: string },
): Promise<"given" | "refused"> {
  return confirm(`${text}\n\n${buttons.agree} / ${buttons.refuse}`) ? "given" : "refused";
}
