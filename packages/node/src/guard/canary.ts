/** What one kind of canary plants. All of it is made up: there is no such person, card or patient. */
export interface CanaryKind {
  readonly kind: string;
  readonly value: string;
  /** A field by whose name, or whose content, it is known. */
  readonly field: string;
  /** A sentence that holds it, where it is known by itself. */
  readonly text?: string;
}

/** Marks what a drill sends, wherever it may end up. */
export const SYNTHETIC = "synthetic data of a miniprivacy guard drill";

/** The sample in GB 11643. */
const RESIDENT_ID = "11010519491231002X";
/** The number that payment services give for tests. */
const BANK_CARD = "4111111111111111";

export const CANARY_KINDS: readonly CanaryKind[] = [
  {
    kind: "resident-id",
    value: RESIDENT_ID,
    field: "idCard",
    text: `证件号 ${RESIDENT_ID} 已登记`,
  },
  { kind: "bank-card", value: BANK_CARD, field: "bankCard", text: `paid with ${BANK_CARD} today` },
  { kind: "child-age", value: "6岁", field: "age", text: "我家孩子今年6岁，上一年级" },
  { kind: "diagnosis", value: "made-up type 2 diabetes", field: "diagnosis" },
  { kind: "religion", value: "made-up creed of teapots", field: "religion" },
  { kind: "face", value: "bWFkZS11cCBmYWNlIHRlbXBsYXRl", field: "faceToken" },
  { kind: "location", value: "39.908723", field: "latitude" },
  { kind: "password", value: "made-up-Passw0rd", field: "password" },
];

/** How a canary is carried: what the payload holds beside its mark, and what the query of the URL. */
export interface CanaryCarrier {
  readonly carrier: string;
  /** undefined for kinds that are not carried so. */
  readonly payload: (kind: CanaryKind) => object | undefined;
  readonly query?: (kind: CanaryKind) => string;
}

export const CANARY_CARRIERS: readonly CanaryCarrier[] = [
  { carrier: "field", payload: ({ field, value }) => ({ [field]: value }) },
  {
    carrier: "nested",
    payload: ({ field, value }) => ({ order: { items: [{ [field]: value }] } }),
  },
  {
    carrier: "json-in-text",
    payload: ({ field, value }) => ({ data: JSON.stringify({ [field]: value }) }),
  },
  { carrier: "text", payload: ({ text }) => (text === undefined ? undefined : { remark: text }) },
  {
    carrier: "full-width",
    payload: ({ text }) => (text === undefined ? undefined : { remark: fullWidth(text) }),
  },
  {
    carrier: "query",
    payload: () => ({}),
    query: ({ field, value }) => `${field}=${encodeURIComponent(value)}`,
  },
];

function fullWidth(text: string): string {
  return text.replaceAll(/[!-~]/g, (char) => String.fromCharCode(char.charCodeAt(0) + 0xfee0));
}
