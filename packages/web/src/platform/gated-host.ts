import type { Policy, PurposeId } from "@miniprivacy/core/policy";
import type {
  PrivacyInterfaceName,
  WEIXIN_PRIVACY_INTERFACES,
  WEIXIN_PRIVACY_OBJECTS,
} from "./weixin-privacy-interfaces.ts";

/** The purposes of a policy that have a category with this key of the Weixin privacy guide. */
export type PurposeTaking<P extends Policy, Key extends string> = {
  [Id in PurposeId<P>]: Key extends KeyOfCategory<P, P["purposes"][Id]["categories"][number]>
    ? Id
    : never;
}[PurposeId<P>];

/** A category whose declaration says no key has none. */
type KeyOfCategory<P extends Policy, Category extends string> = P["categories"][Category] extends {
  readonly weixinPrivacyKey?: infer Key;
}
  ? Key
  : never;

interface Callbacks {
  readonly success?: unknown;
  readonly fail?: unknown;
  readonly complete?: unknown;
}

/** The options of a function of the host; of some that may be left out. */
type OptionsOf<Method> = Method extends (options: infer Options, ...more: never[]) => unknown
  ? NonNullable<Options> extends object
    ? NonNullable<Options>
    : object
  : object;

type ResultOf<Method> = Method extends (...options: never[]) => infer Result
  ? Exclude<Awaited<Result>, void>
  : never;

/** Whether callbacks are given decides how it answers, as with the host. */
type AnswerTo<Options, Result> = Options extends
  | { readonly success: unknown }
  | { readonly fail: unknown }
  | { readonly complete: unknown }
  ? void
  : Promise<Result>;

/** A function of the host that takes a purpose beside its own options, and is called only with a consent to it. */
export type GatedMethod<Method, Purpose extends string> = <
  Options extends OptionsOf<Method> & Callbacks & { readonly purpose: Purpose },
>(
  options: Options,
) => AnswerTo<Options, ResultOf<Method>>;

type InterfaceKey<Name> = Name extends PrivacyInterfaceName
  ? (typeof WEIXIN_PRIVACY_INTERFACES)[Name]
  : never;

type GatedObjects = typeof WEIXIN_PRIVACY_OBJECTS;

/** An object of the host whose one privacy interface takes a purpose. */
type GatedObject<Made, Name extends string, Purpose extends string> = Omit<Made, Name> & {
  readonly [Method in Name & keyof Made]: GatedMethod<Made[Method], Purpose>;
};

/** The host object with a purpose before each of its privacy interfaces; everything else is the host's own. */
export type GatedHost<Host extends object, P extends Policy = Policy> = Omit<
  Host,
  PrivacyInterfaceName | keyof GatedObjects | "authorize"
> & {
  readonly [Name in keyof Pick<Host, PrivacyInterfaceName & keyof Host>]: GatedMethod<
    NonNullable<Host[Name]>,
    PurposeTaking<P, InterfaceKey<Name>>
  >;
} & {
  readonly [Name in keyof Pick<Host, "authorize" & keyof Host>]: GatedMethod<
    NonNullable<Host[Name]>,
    PurposeId<P>
  >;
} & {
  readonly [Name in keyof GatedObjects & keyof Host]: Host[Name] extends (
    ...given: infer Given
  ) => infer Made
    ? (
        ...given: Given
      ) => GatedObject<
        Made,
        GatedObjects[Name]["method"],
        PurposeTaking<P, GatedObjects[Name]["key"]>
      >
    : never;
};
