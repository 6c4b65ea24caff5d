import type { AskedConsent } from "@miniprivacy/web";
import { element } from "./dom.ts";
import { wrongFields } from "./fields.ts";
import { explainProblem } from "./problem.ts";
import type { Texts } from "./texts.ts";
import { callShop, requireSignedIn, type Visit } from "./visit.ts";

/** What became of an order. */
export type OrderResult =
  | { readonly state: "ordered" }
  | { readonly state: "pickup"; readonly code: string }
  | { readonly state: "failed"; readonly fields: readonly string[] }
  | { readonly state: "problem"; readonly error: unknown };

/** Asks for consent only now that phone number and address are needed; who refuses picks the order up. */
export async function placeOrder(
  visit: Visit,
  form: HTMLFormElement,
  way: "deliver" | "pickup",
): Promise<OrderResult> {
  const fields = wrongFields(form, way === "pickup" ? ["item"] : undefined);
  if (fields.length > 0) return { state: "failed", fields };
  const order = Object.fromEntries(new FormData(form));
  try {
    const answer = way === "deliver" ? await askForDelivery(visit) : undefined;
    const delivered = answer?.permitted === true;
    // The headers bring her consent along: the order cannot overtake it.
    const { code = "" } = delivered
      ? await callShop("POST", "/orders", {
          content: { ...order, allergy: null },
          headers: answer.headers,
        })
      : await callShop("POST", "/orders/pickup", { content: { item: order["item"] } });
    form.reset();
    return delivered ? { state: "ordered" } : { state: "pickup", code };
  } catch (error) {
    return { state: "problem", error };
  }
}

/** She chose delivery just now, with pick-up beside it: a refusal of before is no reason not to ask. */
async function askForDelivery(visit: Visit): Promise<AskedConsent> {
  await requireSignedIn(visit);
  return visit.privacy.consent.ask("delivery", { again: true });
}

/** Stands for `wx.getPhoneNumber`: asks for consent before the platform gives the number. The one given is made up. */
export async function fillWeixinPhone(
  visit: Visit,
  form: HTMLFormElement,
): Promise<OrderResult | undefined> {
  try {
    if (!(await askForDelivery(visit)).permitted) return undefined;
  } catch (error) {
    return { state: "problem", error };
  }
  const field = form.elements.namedItem("phone") as HTMLInputElement;
  field.value = WEIXIN_PHONE;
  field.removeAttribute("aria-invalid");
  return undefined;
}

const WEIXIN_PHONE = "13800138000";

export function tellOrder(result: OrderResult | undefined, texts: Texts): void {
  const place = element("order-result");
  if (result === undefined) delete place.dataset["state"];
  else place.dataset["state"] = result.state;
  place.textContent = result === undefined ? "" : sentence(result, texts);
}

function sentence(result: OrderResult, texts: Texts): string {
  switch (result.state) {
    case "ordered":
      return texts.ordered;
    case "pickup":
      return texts.pickup + result.code;
    case "failed":
      return (
        texts.failed + result.fields.map((name) => texts[name as "phone"]).join(texts.separator)
      );
    case "problem":
      return explainProblem(result.error, texts);
    default:
      return result satisfies never;
  }
}
