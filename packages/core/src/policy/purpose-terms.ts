import type { JsonValue } from "../json/json-value.ts";
import { isAbroad } from "./abroad.ts";
import type {
  LocalizedText,
  Policy,
  ProcessingMethod,
  PurposeDefinition,
  RecipientDefinition,
  SdkDefinition,
} from "./policy.ts";

/** One thing the notice of a purpose says. */
export interface PurposeTerm {
  /** Where the policy says it, ids in place of positions: `purposes.delivery.text`, `categories.phone`. */
  readonly path: string;
  /** Where the purpose refers to it, if it stands elsewhere: `purposes.delivery.categories.phone`. */
  readonly member?: string;
  /** What of it a consent rests on, if anything. A number is an upper bound: only a greater one is news. */
  readonly binds: JsonValue | undefined;
  /** All that is told of it. */
  readonly tells: unknown;
  /** By which articles a change of what binds asks again. */
  readonly obligations: readonly string[];
}

/**
 * All that the notice of one purpose says, and what of it a consent rests on.
 *
 * What a consent rests on is said in the first language of the policy; the others translate it.
 *
 * @param languages Whose texts count as told (the policy's).
 * @throws RangeError when the policy has no such purpose.
 * @see PIPL-14, PIPL-17, PIPL-23, REG-22
 */
export function purposeTerms(
  policy: Policy,
  purpose: string,
  languages: readonly string[] = policy.languages,
): readonly PurposeTerm[] {
  const definition = Object.hasOwn(policy.purposes, purpose) ? policy.purposes[purpose] : undefined;
  if (definition === undefined) throw new RangeError("the policy has no such purpose");
  const context: TermContext = {
    policy,
    definition,
    path: `purposes.${purpose}`,
    sdks: Object.entries(policy.sdks ?? {}).filter(([, sdk]) => sdk.purpose === purpose),
    leading: (text) => text[policy.languages[0] ?? ""] ?? null,
    told: (text) =>
      Object.fromEntries(Object.entries(text).filter(([language]) => languages.includes(language))),
  };
  return [
    ...ownTerms(context),
    ...retentionTerms(context),
    ...categoryTerms(context),
    ...recipientTerms(context),
    ...sdkTerms(context),
    ...partyTerms(context),
    ...keptTerms(context),
  ];
}

/** What a consent to the purpose rests on. A purpose on another ground has no consent, but may come to need one. */
export function bindingTerms(
  policy: Policy,
  purpose: string,
): { readonly [path: string]: JsonValue } {
  const terms = purposeTerms(policy, purpose);
  const consented = policy.purposes[purpose]?.basis === "consent";
  return Object.fromEntries(
    terms.flatMap(({ path, binds }) =>
      binds !== undefined && (consented || path === basisPath(purpose)) ? [[path, binds]] : [],
    ),
  );
}

export function basisPath(purpose: string): string {
  return `purposes.${purpose}.basis`;
}

interface TermContext {
  readonly policy: Policy;
  readonly definition: PurposeDefinition;
  readonly path: string;
  /** Those that serve the purpose. */
  readonly sdks: readonly (readonly [id: string, SdkDefinition])[];
  readonly leading: (text: Partial<LocalizedText>) => string | null;
  readonly told: (text: Partial<LocalizedText>) => object;
}

/** A new purpose, method or kind of data is consented to anew. */
const CHANGED_PURPOSE = ["PIPL-14", "REG-22"];
const OWN_METHODS: readonly ProcessingMethod[] = ["collect", "store", "use"];

function ownTerms({ definition, path, leading, told }: TermContext): readonly PurposeTerm[] {
  const { label, text, basis, consentKind = "explicit", use = "service" } = definition;
  const { necessity, methods = OWN_METHODS, sensitiveNotice } = definition;
  const strict = (name: string, value: string): PurposeTerm => ({
    path: `${path}.${name}`,
    binds: value,
    tells: value,
    obligations: CHANGED_PURPOSE,
  });
  return [
    { path: `${path}.label`, binds: undefined, tells: told(label), obligations: [] },
    {
      path: `${path}.text`,
      binds: leading(text),
      tells: told(text),
      obligations: CHANGED_PURPOSE,
    },
    { ...strict("basis", basis), obligations: ["PIPL-13", "PIPL-14"] },
    strict("consentKind", consentKind),
    strict("use", use),
    { path: `${path}.necessity`, binds: undefined, tells: necessity, obligations: [] },
    // Transmitting to a recipient that nothing declares is no method of its own: the recipient is a term.
    ...methods.map((method) => strict(`methods.${method}`, method)),
    ...(sensitiveNotice
      ? (["necessity", "impact"] as const).map((name) => ({
          path: `${path}.sensitiveNotice.${name}`,
          // Requirement PIPL-30: a separate consent rests on what was said of necessity and impact.
          binds: leading(sensitiveNotice[name]),
          tells: told(sensitiveNotice[name]),
          obligations: ["PIPL-30", "PIPL-14"],
        }))
      : []),
  ];
}

function retentionTerms({ definition, path }: TermContext): readonly PurposeTerm[] {
  const { days = Number.MAX_SAFE_INTEGER, from = null, then = null } = definition.retention ?? {};
  // Requirement REG-22: nothing is kept beyond the term that was consented to; a shorter one takes nothing from anybody.
  const obligations = ["REG-22"];
  return [
    { path: `${path}.retention.days`, binds: days, tells: days, obligations },
    { path: `${path}.retention.from`, binds: from, tells: from, obligations },
    {
      path: `${path}.retention.then`,
      binds: then === "erase" ? undefined : then,
      tells: then,
      obligations,
    },
  ];
}

function categoryTerms({ policy, definition, path, told }: TermContext): readonly PurposeTerm[] {
  return definition.categories.flatMap((id) => {
    const category = policy.categories[id];
    if (category === undefined) return [];
    const { label, source, sensitive = null, precision = "exact" } = category;
    const kind = { source, sensitive, precision };
    return {
      path: `categories.${id}`,
      member: `${path}.categories.${id}`,
      // The id and these three say which kind it is; its label only names it.
      binds: kind,
      tells: { ...kind, label: told(label) },
      obligations: sensitive === null ? CHANGED_PURPOSE : [...CHANGED_PURPOSE, "PIPL-29"],
    };
  });
}

/** Whoever is given the data: by the purpose itself, or by an SDK that serves it. */
function recipientTerms(context: TermContext): readonly PurposeTerm[] {
  const { policy, definition, path, told, sdks } = context;
  const named = [
    ...(definition.recipients ?? []).map((id) => ({ id, member: `${path}.recipients.${id}` })),
    ...sdks.flatMap(([sdk, { recipient: id }]) =>
      id === undefined ? [] : { id, member: `sdks.${sdk}.recipient.${id}` },
    ),
  ];
  return named.flatMap(({ id, member }) => {
    const recipient = policy.recipients[id];
    if (recipient === undefined) return [];
    return {
      path: `recipients.${id}`,
      member,
      binds: recipientBinds(recipient, context),
      tells: { ...recipient, name: told(recipient.name) },
      obligations: recipientArticles(recipient),
    };
  });
}

/** What an SDK takes binds as far as its operator does; one whose operator is not named may be anybody's. */
function sdkTerms(context: TermContext): readonly PurposeTerm[] {
  const { policy, leading, told, sdks } = context;
  return sdks.flatMap(([id, { name, categories, recipient = null }]) => {
    const operator = recipient === null ? undefined : policy.recipients[recipient];
    const unbound = operator !== undefined && recipientBinds(operator, context) === undefined;
    const obligations = operator ? recipientArticles(operator) : ["PIPL-23"];
    return [
      {
        path: `sdks.${id}`,
        binds: unbound ? undefined : operator ? recipient : { name: leading(name) },
        tells: { name: told(name), recipient },
        obligations,
      },
      ...categories.map((category) => ({
        path: `sdks.${id}.categories.${category}`,
        binds: unbound ? undefined : category,
        tells: category,
        obligations,
      })),
    ];
  });
}

/**
 * What binds of somebody who is given data. Another controller, or anybody abroad, is consented to by name (PIPL-23,
 * PIPL-39); a processor at home acts for the controller and is only told of (PIPL-21, PIPL-17).
 */
function recipientBinds(
  { role, country, name }: RecipientDefinition,
  { leading }: TermContext,
): JsonValue | undefined {
  return role === "controller" || isAbroad(country)
    ? { role, country, name: leading(name) }
    : undefined;
}

function recipientArticles({ role, country }: RecipientDefinition): readonly string[] {
  return [...(role === "controller" ? ["PIPL-23"] : []), ...(isAbroad(country) ? ["PIPL-39"] : [])];
}

function partyTerms(context: TermContext): readonly PurposeTerm[] {
  const { policy, leading, told } = context;
  const { controller, processor, storageLocations = [controller.country] } = policy;
  const place = (path: string, country: string): PurposeTerm => ({
    path,
    // Requirement PIPL-39: data goes abroad only with separate consent, wherever it went before.
    binds: isAbroad(country) ? country : undefined,
    tells: country,
    obligations: ["PIPL-39"],
  });
  return [
    {
      path: "controller",
      // A new name cannot be told from a new controller, who would need a consent of its own.
      binds: leading(controller.name),
      tells: { name: told(controller.name), contact: controller.contact },
      obligations: ["PIPL-23"],
    },
    place("controller.country", controller.country),
    ...(processor
      ? [
          {
            path: "processor",
            binds: recipientBinds({ ...processor, role: "processor" }, context),
            tells: { ...processor, name: told(processor.name) },
            obligations: recipientArticles({ ...processor, role: "processor" }),
          },
        ]
      : []),
    ...storageLocations.map((country) => place(`storageLocations.${country}`, country)),
  ];
}

/** What is kept by law or as proof rests on no consent (PIPL-13, PIPL-47): it is told. */
function keptTerms({ policy, definition, told }: TermContext): readonly PurposeTerm[] {
  const { holds = {}, evidence } = policy;
  const kept = { binds: undefined, obligations: [] };
  return [
    ...Object.entries(holds).flatMap(([id, { law, categories, days, from }]) => {
      const held = categories.filter((category) => definition.categories.includes(category));
      const tells = { law: told(law), held, days, from };
      return held.length === 0 ? [] : { ...kept, path: `holds.${id}`, tells };
    }),
    ...(evidence
      ? [
          {
            ...kept,
            path: "evidence",
            tells: { keepDays: evidence.keepDays, basis: told(evidence.basis) },
          },
        ]
      : []),
  ];
}
