import type { DataCategoryId } from "./sensitive-category.ts";

/** What the interfaces of mini-program hosts give, whatever it looks like. @see Weixin, privacy interfaces */
export const CATEGORY_OF_INTERFACE: { readonly [Interface in string]?: DataCategoryId } = {
  getWeRunData: "health.body-measure",
  getLocation: "location.precise-point",
  getFuzzyLocation: "location.precise-point",
  chooseLocation: "location.precise-point",
  choosePoi: "location.precise-point",
  onLocationChange: "location.trajectory",
  chooseAddress: "contact.address",
  getPhoneNumber: "contact.phone",
  getUserProfile: "contact.name",
  chooseLicensePlate: "identifier.vehicle",
  chooseContact: "private.contacts",
  getClipboardData: "private.communication",
  chooseMessageFile: "private.communication",
  checkIsSoterEnrolledInDevice: "biometric.fingerprint",
  startSoterAuthentication: "biometric.fingerprint",
  startFacialRecognitionVerify: "biometric.face",
  faceVerify: "biometric.face",
};

/** Remembers which values came from which interface of the host. */
export interface Provenance {
  /** Remembers a result and its members; returns it. */
  tag<Value>(value: Value, interfaceName: string): Value;
  /** The category of a value that was remembered. */
  categoryOf(value: unknown): DataCategoryId | undefined;
}

/** Values that are remembered at most: the oldest are forgotten. */
const MOST_VALUES = 500;
const DEEPEST = 4;

/** Objects are known again as the same object; texts and fractions, which copies of a result hold, by their value. */
export function createProvenance(): Provenance {
  const objects = new WeakMap<object, DataCategoryId>();
  const values = new Map<string | number, DataCategoryId>();

  function remember(value: unknown, category: DataCategoryId, depth: number): void {
    if (typeof value === "object" && value !== null) {
      if (depth > DEEPEST || objects.has(value)) return;
      objects.set(value, category);
      for (const inner of Object.values(value)) remember(inner, category, depth + 1);
    } else if (isTelling(value)) {
      values.set(value, category);
      if (values.size > MOST_VALUES) values.delete(values.keys().next().value!);
    }
  }

  return {
    tag(value, interfaceName) {
      const isKnown = Object.keys(CATEGORY_OF_INTERFACE).includes(interfaceName);
      const category = isKnown ? CATEGORY_OF_INTERFACE[interfaceName] : undefined;
      if (category !== undefined) remember(value, category, 0);
      return value;
    },
    categoryOf(value) {
      if (typeof value === "object" && value !== null) return objects.get(value);
      return isTelling(value) ? values.get(value) : undefined;
    },
  };
}

/** Short texts and whole numbers stand anywhere: they tell nothing of where they came from. */
function isTelling(value: unknown): value is string | number {
  return typeof value === "string"
    ? value.length > 5 && !/^[\w.]*:(?:ok|fail)/.test(value)
    : typeof value === "number" && !Number.isInteger(value);
}
