import { FEISHU_OBLIGATIONS } from "./feishu-obligations.ts";
import { KUAISHOU_OBLIGATIONS } from "./kuaishou-obligations.ts";
import type { Obligation, ObligationSource } from "./obligation.ts";
import { TCMPP_OBLIGATIONS } from "./tcmpp-obligations.ts";
import { WECOM_OBLIGATIONS } from "./wecom-obligations.ts";
import { WEIXIN_OBLIGATIONS } from "./weixin-obligations.ts";

/** Every row of the five platforms' terms: 241. */
export const OBLIGATIONS: { readonly [Source in ObligationSource]: readonly Obligation[] } = {
  weixin: WEIXIN_OBLIGATIONS,
  tcmpp: TCMPP_OBLIGATIONS,
  wecom: WECOM_OBLIGATIONS,
  feishu: FEISHU_OBLIGATIONS,
  kuaishou: KUAISHOU_OBLIGATIONS,
};

/** The row with this id, or undefined. */
export function findObligation(id: string): Obligation | undefined {
  return Object.values(OBLIGATIONS)
    .flat()
    .find((row) => row.id === id);
}
