import type { SensitiveCategoryId } from "../sensitive-data/sensitive-category.ts";
import type { WeixinPrivacyKey } from "../platform/weixin-privacy-key.ts";

/** The languages notices, receipts and certificates are written in. */
export type Language = "zh-CN" | "en";

/** One text in every language the policy declares. */
export type LocalizedText<L extends string = string> = { readonly [Name in L]: string };

/** Where a person can reach a party. At least one member must be there. */
export interface Contact {
  readonly email?: string;
  readonly phone?: string;
  readonly url?: string;
  readonly address?: string;
}

/** A named, reachable party: the controller, or the processor that acts for it. */
export interface Party<L extends string = string> {
  readonly name: LocalizedText<L>;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly contact: Contact;
}

/** Where a value comes from: typed by the subject, or handed over by the platform, whose terms bind its use. */
export type DataSource = "subject" | "platform";

/** The closed set of {@link CollectedIn}. */
export const COLLECTED_IN = [
  "weixin",
  "tcmpp",
  "wecom",
  "feishu",
  "kuaishou",
  "elsewhere",
] as const;

/** Where a value was obtained: in a program on one of the platforms, whose terms then bind it, or elsewhere. */
export type CollectedIn = (typeof COLLECTED_IN)[number];

/** One kind of personal data (个人信息种类). */
export interface CategoryDefinition<L extends string = string> {
  readonly label: LocalizedText<L>;
  readonly source: DataSource;
  /** (`weixin` where the policy runs on it, else `elsewhere`) */
  readonly collectedIn?: CollectedIn;
  /** The class of sensitive personal data this is, if any. */
  readonly sensitive?: SensitiveCategoryId;
  /** The key of the Weixin privacy guide that declares it. */
  readonly weixinPrivacyKey?: WeixinPrivacyKey;
  /** How closely a position is known; for positions only (exact). */
  readonly precision?: "exact" | "approximate";
}

/** Someone who is given personal data: a processor acts for the controller, a controller decides itself. */
export interface RecipientDefinition<L extends string = string> extends Party<L> {
  readonly role: "processor" | "controller";
}

/** Third-party code inside the app that takes data by itself. */
export interface SdkDefinition<
  L extends string = string,
  Category extends string = string,
  Recipient extends string = string,
> {
  readonly name: LocalizedText<L>;
  /** All of them categories of the purpose. */
  readonly categories: readonly Category[];
  readonly purpose: string;
  /** Who runs it and so gets the data; without it neither role nor country is known, and a notice can name nobody. */
  readonly recipient?: Recipient;
}

/** How long data of a purpose is kept, counted from an anchor. */
export interface RetentionRule {
  readonly days: number;
  /** `consent-given`, or the event of an anchor field, e.g. `order-closed`. */
  readonly from: string;
  readonly then: "erase" | "anonymize";
}

/** A duty by law to keep categories longer than their purposes need them (PIPL-47: then only stored and secured). */
export interface HoldDefinition<L extends string = string, Category extends string = string> {
  readonly law: LocalizedText<L>;
  readonly categories: readonly Category[];
  readonly days: number;
  readonly from: string;
}

/** How long proofs of consent stay readable after an erasure, and on what ground. */
export interface EvidenceRule<L extends string = string> {
  readonly keepDays: number;
  readonly basis: LocalizedText<L>;
}

export type LegalBasis = "consent" | "contract" | "legal-duty" | "entrusted";
export type ConsentKind = "explicit" | "separate" | "written" | "guardian";
export type PurposeUse = "service" | "marketing" | "sharing" | "transfer" | "outside-program";
export type ProcessingMethod =
  | "collect"
  | "store"
  | "use"
  | "transmit"
  | "provide"
  | "publish"
  | "erase";

/** Why data is processed. One purpose is one decision of the subject. */
export interface PurposeDefinition<
  L extends string = string,
  Category extends string = string,
  Recipient extends string = string,
> {
  readonly label: LocalizedText<L>;
  /** One sentence the subject reads: what is done with the data and why. */
  readonly text: LocalizedText<L>;
  readonly categories: readonly Category[];
  readonly basis: LegalBasis;
  /** How consent must be given (explicit). */
  readonly consentKind?: ConsentKind;
  /** What the data is used for in the platform's eyes (service). */
  readonly use?: PurposeUse;
  /** `necessary`: the service cannot be given without; refusing any other never stops the service (PIPL-16). */
  readonly necessity: "necessary" | "optional";
  readonly recipients?: readonly Recipient[];
  /** (collect, store, use; also transmit when there are recipients) */
  readonly methods?: readonly ProcessingMethod[];
  readonly retention?: RetentionRule;
  /** Required by PIPL-30 when a category is sensitive: why it is needed, and what it may mean for the person. */
  readonly sensitiveNotice?: {
    readonly necessity: LocalizedText<L>;
    readonly impact: LocalizedText<L>;
  };
}

/** The platforms the program runs on. */
export interface PlatformSettings {
  readonly weixin?: { readonly appId: string };
  readonly tcmpp?: {
    readonly guard: "block" | "redact" | "report";
    readonly minimumAge: "host-states" | "ask";
    /** The SDK entry that tells what TCMPP itself takes of an end user: device, position, clipboard … */
    readonly sdk?: string;
  };
  readonly wecom?: { readonly suiteId: string };
  readonly feishu?: { readonly appId: string };
  readonly kuaishou?: { readonly appId: string };
}

type Table<Value> = { readonly [id: string]: Value };

/** A privacy policy as data: what is taken, why, for whom and for how long. Everything else follows from it. */
export interface Policy<
  L extends string = string,
  Categories extends Table<CategoryDefinition<L>> = Table<CategoryDefinition<L>>,
  Recipients extends Table<RecipientDefinition<L>> = Table<RecipientDefinition<L>>,
  Purposes extends Table<PurposeDefinition<L>> = Table<PurposeDefinition<L>>,
> {
  readonly id: string;
  /** Raised whenever a text or a rule changes. */
  readonly version: string;
  /** The first is the one whose texts bind; the others translate it. */
  readonly languages: readonly (L & Language)[];
  readonly controller: Party<L>;
  /** Set by a service provider that runs this for the controller. */
  readonly processor?: Party<L>;
  readonly platforms?: PlatformSettings;
  /** Whether children may be among the subjects (excluded). */
  readonly audience?: { readonly minors: "possible" | "excluded" };
  /** ISO countries where data is stored (the controller's). */
  readonly storageLocations?: readonly string[];
  readonly categories: Categories;
  readonly recipients: Recipients;
  readonly sdks?: Table<SdkDefinition<L>>;
  readonly holds?: Table<HoldDefinition<L>>;
  readonly evidence?: EvidenceRule<L>;
  readonly purposes: Purposes;
}

export type CategoryId<P extends Policy> = keyof P["categories"] & string;
export type RecipientId<P extends Policy> = keyof P["recipients"] & string;
export type PurposeId<P extends Policy> = keyof P["purposes"] & string;
/** The categories one purpose may read. */
export type PurposeCategory<P extends Policy, Id extends PurposeId<P>> = Known<
  P["purposes"][Id]["categories"][number]
>;

/** A policy whose ids are only `string` (parsed from JSON) proves nothing at compile time: it opens no personal field. */
type Known<Id extends string> = string extends Id ? never : Id;

/**
 * Declares a policy. The compiler refuses undeclared categories and recipients and missing languages;
 * `checkPolicy` finds what only values show.
 *
 * @example
 * const policy = definePolicy({
 *   id: 'corner-shop', version: '1', languages: ['zh-CN'],
 *   controller: { name: { 'zh-CN': '街角小店' }, country: 'CN', contact: { email: 'privacy@shop.example' } },
 *   categories: { phone: { label: { 'zh-CN': '手机号' }, source: 'subject' } },
 *   recipients: {},
 *   purposes: {
 *     delivery: {
 *       label: { 'zh-CN': '配送' }, text: { 'zh-CN': '联系你送货' }, categories: ['phone'],
 *       basis: 'consent', necessity: 'necessary', retention: { days: 180, from: 'order-closed', then: 'erase' },
 *     },
 *   },
 * })
 */
export function definePolicy<
  const L extends Language,
  const Categories extends Table<CategoryDefinition<NoInfer<L>>>,
  const Recipients extends Table<RecipientDefinition<NoInfer<L>>>,
  const Purposes extends Table<
    PurposeDefinition<
      NoInfer<L>,
      keyof NoInfer<Categories> & string,
      keyof NoInfer<Recipients> & string
    >
  >,
>(
  definition: Policy<L, Categories, Recipients, Purposes> & {
    readonly sdks?: Table<
      SdkDefinition<
        NoInfer<L>,
        keyof NoInfer<Categories> & string,
        keyof NoInfer<Recipients> & string
      >
    >;
    readonly holds?: Table<HoldDefinition<NoInfer<L>, keyof NoInfer<Categories> & string>>;
  },
): Policy<L, Categories, Recipients, Purposes> {
  return definition;
}
