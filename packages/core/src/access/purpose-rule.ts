import { isAbroad } from "../policy/abroad.ts";
import type { ConsentKind, Policy, PurposeDefinition } from "../policy/policy.ts";
import { publishedInstruction } from "../platform/weixin-instructions.ts";
import type { AccessPermit } from "./access-decision.ts";
import type { AccessUse, Provenance } from "./access-query.ts";
import type { AuthorizedUse } from "./platform-authorization.ts";
import type { ClosableUse } from "./platform-order.ts";

/** What access to one purpose rests on, worked out once from the policy. */
export interface PurposeRule {
  readonly id: string;
  readonly basis: PurposeDefinition["basis"];
  /** What a purpose on another basis than consent is permitted with. */
  readonly ground: AccessPermit | undefined;
  readonly consentKind: ConsentKind;
  /** Its categories: a bit for the place of each. */
  readonly covered: Uint32Array;
  readonly recipients: ReadonlyMap<string, RecipientRule>;
  /** The platform's written consent that this use needs as well. */
  readonly authorizedUse: AuthorizedUse | undefined;
  /** Whether the policy says that data of this purpose leaves the country. */
  readonly toldAbroad: boolean;
  readonly retention: RetentionSpan | undefined;
  /** Whether the platform has a say in the use of one of its categories, wherever they go. */
  readonly asksPlatform: boolean;
  /** What binds each of those of its categories that are asked for. */
  readonly usesOf: (asked: AccessUse) => readonly CategoryUse[];
}

/** One category with what binds its use. */
export interface CategoryUse extends ClosableUse {
  /** Among the policy's categories. */
  readonly place: number;
  /** Whether Weixin provided it, where the policy runs there. */
  readonly provided: boolean;
  /** Whether Weixin provided it or it was obtained in a program on it. */
  readonly bound: boolean;
  /** Whether Weixin provided it and none of its published instructions speaks of it. */
  readonly uninstructed: boolean;
}

export interface RecipientRule {
  readonly role: "processor" | "controller";
  readonly abroad: boolean;
}

export interface RetentionSpan {
  /** Milliseconds. */
  readonly lasts: number;
  readonly from: string;
}

const DAY_MS = 86_400_000;

/** A policy as access looks at it. */
interface AccessRules {
  readonly purposes: ReadonlyMap<string, PurposeRule>;
  readonly categories: ReadonlyMap<string, CategoryUse>;
}

/** What was worked out from a policy; nobody can tell it from working it out again. */
const compiled = new WeakMap<Policy, AccessRules>();

/** Works out what access to a policy's purposes rests on, once. */
export function accessRules(policy: Policy): AccessRules {
  const known = compiled.get(policy);
  if (known !== undefined) return known;
  const categories = new Map(
    Object.keys(policy.categories).map((id) => [id, categoryUse(policy, id)]),
  );
  const purposes = new Map(
    Object.entries(policy.purposes).map(([id, purpose]) => [
      id,
      purposeRule(policy, id, purpose, categories),
    ]),
  );
  const rules = { categories, purposes };
  compiled.set(policy, rules);
  return rules;
}

/** Whether a category is one of the purpose's. */
export function covers({ covered }: PurposeRule, { place }: CategoryUse): boolean {
  return ((covered[place >>> 5] ?? 0) & (1 << (place & 31))) !== 0;
}

/** The rule of a purpose for uses of its categories that are always the same. */
export function ruleForUses(
  policy: Policy,
  id: string,
  uses: readonly CategoryUse[],
): PurposeRule | undefined {
  const purpose = Object.hasOwn(policy.purposes, id) ? policy.purposes[id] : undefined;
  return purpose && purposeRule(policy, id, purpose, accessRules(policy).categories, uses);
}

function purposeRule(
  policy: Policy,
  id: string,
  purpose: PurposeDefinition,
  categories: ReadonlyMap<string, CategoryUse>,
  uses?: readonly CategoryUse[],
): PurposeRule {
  const { basis, consentKind = "explicit", retention } = purpose;
  const recipients = new Map(
    (purpose.recipients ?? []).flatMap((name) => recipientRule(policy, name)),
  );
  const covered = new Uint32Array((categories.size + 31) >>> 5);
  const declared = purpose.categories.flatMap((category) => categories.get(category) ?? []);
  for (const { place } of declared) covered[place >>> 5]! |= 1 << (place & 31);
  const written = authorizedUse(policy, purpose);
  return {
    id,
    basis,
    ground: basis === "consent" ? undefined : { permitted: true, ground: basis, reference: id },
    consentKind,
    covered,
    recipients,
    authorizedUse: written,
    toldAbroad:
      purpose.use === "transfer" ||
      (policy.storageLocations ?? []).some(isAbroad) ||
      [...recipients.values()].some(({ abroad }) => abroad),
    retention: retention && { lasts: retention.days * DAY_MS, from: retention.from },
    asksPlatform:
      written !== undefined || (uses ?? declared).some(({ uninstructed }) => uninstructed),
    usesOf: uses ? () => uses : (asked) => askedUses(policy, asked, categories),
  };
}

/** Where a value comes from otherwise than its category says, that decides what binds its use. */
function askedUses(
  policy: Policy,
  { categories, provenance = {} }: AccessUse,
  declared: ReadonlyMap<string, CategoryUse>,
): readonly CategoryUse[] {
  return categories.map((id) =>
    Object.hasOwn(provenance, id) ? categoryUse(policy, id, provenance[id]) : declared.get(id)!,
  );
}

/** A category as a purpose, a field or a caller uses it. */
export function categoryUse(
  policy: Policy,
  category: string,
  { source, collectedIn }: Provenance = {},
): CategoryUse {
  const definition = Object.hasOwn(policy.categories, category)
    ? policy.categories[category]
    : undefined;
  const onWeixin = policy.platforms?.weixin !== undefined;
  const from = source ?? definition?.source ?? "platform";
  const place = collectedIn ?? definition?.collectedIn ?? (onWeixin ? "weixin" : "elsewhere");
  const provided = onWeixin && from === "platform";
  return {
    category,
    place: Object.keys(policy.categories).indexOf(category),
    source: from,
    collectedIn: place,
    provided,
    bound: provided || (onWeixin && place === "weixin"),
    // Requirement WX-4.4.5a: data the platform provides is used as the platform instructs, or not at all.
    uninstructed: provided && publishedInstruction(definition?.weixinPrivacyKey) === undefined,
  };
}

function recipientRule(policy: Policy, name: string): readonly [string, RecipientRule][] {
  const recipient = Object.hasOwn(policy.recipients, name) ? policy.recipients[name] : undefined;
  if (recipient === undefined) return [];
  return [[name, { role: recipient.role, abroad: isAbroad(recipient.country) }]];
}

function authorizedUse(policy: Policy, { use }: PurposeDefinition): AuthorizedUse | undefined {
  if (policy.platforms?.weixin === undefined) return undefined;
  return use === "marketing" || use === "sharing" || use === "transfer" ? use : undefined;
}
