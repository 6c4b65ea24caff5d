import type {
  ConsentKind,
  Contact,
  LegalBasis,
  LocalizedText,
  Policy,
  ProcessingMethod,
  PurposeUse,
  RetentionRule,
} from "../policy/policy.ts";
import { processingMethods } from "../policy/processing-methods.ts";

/**
 * What the policy says of one purpose, as receipts and records carry it.
 *
 * @see ISO/IEC TS 27560 as profiled by the DPV guide; PIPL-17
 */
export interface ConsentTerms {
  readonly controller: ReceiptParty;
  readonly jurisdiction: string;
  readonly purpose: {
    readonly id: string;
    readonly label: LocalizedText;
    readonly text: LocalizedText;
    readonly necessity: "necessary" | "optional";
    readonly use: PurposeUse;
  };
  readonly legalBasis: LegalBasis;
  readonly consentKind: ConsentKind;
  readonly dataCategories: readonly {
    readonly id: string;
    readonly label: LocalizedText;
    readonly sensitive?: string;
  }[];
  /** Why sensitive data is needed, and what it may mean for the person (PIPL-30). */
  readonly sensitiveNotice?: { readonly necessity: LocalizedText; readonly impact: LocalizedText };
  readonly processingMethods: readonly ProcessingMethod[];
  readonly storageLocations: readonly string[];
  /** Those the purpose names, and the operators of the SDKs that serve it (PIPL-23). */
  readonly recipients: readonly ConsentRecipient[];
  readonly retention?: RetentionRule;
  /** In a Weixin mini program: which one, and by which keys its privacy guide declares the data. */
  readonly weixin?: { readonly appId: string; readonly privacyKeys: readonly string[] };
}

/** Somebody who is given data of the purpose. */
export interface ConsentRecipient extends ReceiptParty {
  readonly id: string;
  readonly role: "processor" | "controller";
  /** What of the purpose's data is given (all of it). */
  readonly categories?: readonly string[];
}

export interface ReceiptParty {
  readonly name: LocalizedText;
  readonly country: string;
  readonly contact: Contact;
}

/**
 * The policy's part of a receipt or record.
 *
 * @throws RangeError when the policy does not have the purpose, or names an id it does not declare.
 */
export function consentTerms(policy: Policy, purposeId: string): ConsentTerms {
  const purpose = declared(policy.purposes, purposeId);
  const { label, text, necessity, use = "service", sensitiveNotice, retention } = purpose;
  return {
    controller: party(policy.controller),
    jurisdiction: policy.controller.country,
    purpose: { id: purposeId, label, text, necessity, use },
    legalBasis: purpose.basis,
    consentKind: purpose.consentKind ?? "explicit",
    dataCategories: purpose.categories.map((id) => {
      const category = declared(policy.categories, id);
      const { sensitive } = category;
      return { id, label: category.label, ...(sensitive !== undefined && { sensitive }) };
    }),
    ...(sensitiveNotice && { sensitiveNotice }),
    processingMethods: processingMethods(purpose),
    storageLocations: policy.storageLocations ?? [policy.controller.country],
    recipients: recipients(policy, purposeId, purpose.recipients ?? []),
    ...(retention && { retention }),
    ...weixin(policy, purpose.categories),
  };
}

export function party({ name, country, contact }: ReceiptParty): ReceiptParty {
  return { name, country, contact };
}

function weixin(policy: Policy, categories: readonly string[]): Pick<ConsentTerms, "weixin"> {
  const program = policy.platforms?.weixin;
  if (program === undefined) return {};
  const privacyKeys = categories.flatMap((id) => policy.categories[id]?.weixinPrivacyKey ?? []);
  return { weixin: { appId: program.appId, privacyKeys } };
}

function recipients(
  policy: Policy,
  purposeId: string,
  named: readonly string[],
): readonly ConsentRecipient[] {
  const bySdk = new Map<string, Set<string>>();
  for (const { purpose, recipient, categories } of Object.values(policy.sdks ?? {})) {
    if (purpose !== purposeId || recipient === undefined || named.includes(recipient)) continue;
    bySdk.set(recipient, new Set([...(bySdk.get(recipient) ?? []), ...categories]));
  }
  const whole = named.map((id) => recipientOf(policy, id));
  const partly = [...bySdk].map(([id, categories]) => ({
    ...recipientOf(policy, id),
    categories: [...categories],
  }));
  return [...whole, ...partly];
}

function recipientOf(policy: Policy, id: string): ConsentRecipient {
  const recipient = declared(policy.recipients, id);
  return { id, role: recipient.role, ...party(recipient) };
}

function declared<Value>(table: { readonly [id: string]: Value }, id: string): Value {
  const found = Object.hasOwn(table, id) ? table[id] : undefined;
  if (found === undefined) throw new RangeError("the policy does not declare this id");
  return found;
}
