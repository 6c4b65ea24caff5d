import type { EvaluatedType } from "./case.ts";

// The check digits of the standards, written from them and not from the scanner.

type Check = (value: string) => boolean;

const CHECKS: { readonly [Type in EvaluatedType]?: Check } = {
  "cn-resident-id": isResidentId,
  "cn-foreign-permit": isForeignPermit,
  "unified-social-credit-code": isUnifiedCreditCode,
  "bank-card": isBankCard,
  "hk-id": isHongKongId,
  "tw-id": isTaiwanId,
  vin: isVin,
  imei: isImei,
};

/** Whether the letters and digits of a value carry the check digit of its type; `undefined` if the type has none. */
export function hasCheckDigit(type: EvaluatedType, value: string): boolean | undefined {
  const check = CHECKS[type];
  return check?.(compact(value));
}

/** Which types a bare run of letters and digits can be taken for by its check digit alone. */
export function typesByCheckDigit(value: string): EvaluatedType[] {
  return (Object.keys(CHECKS) as EvaluatedType[]).filter((type) => hasCheckDigit(type, value));
}

/**
 * Completes a value: each `✓` becomes the check digit that is right there, `✗` one that is wrong.
 *
 * @throws Error if no digit is right.
 */
export function complete(type: EvaluatedType, value: string): string {
  const check = CHECKS[type];
  const mark = /[✓✗]/u.exec(value)?.[0];
  if (mark === undefined) return value;
  const right = check && firstRight(value.replaceAll("✗", "✓"), check);
  if (right === undefined) throw new Error(`No check digit makes ${value} a ${type}`);
  return mark === "✓" ? right : spoil(right, value.lastIndexOf("✗"), check!);
}

function firstRight(value: string, check: Check): string | undefined {
  if (!value.includes("✓")) return check(compact(value)) ? value : undefined;
  const wide = /[０-９]/u.test(value);
  for (const character of "0123456789XABCDEFGHJKLMNPQRTUWY") {
    const filled = firstRight(value.replace("✓", wide ? widened(character) : character), check);
    if (filled !== undefined) return filled;
  }
  return undefined;
}

function spoil(right: string, at: number, check: Check): string {
  for (let digit = 0; digit <= 9; digit++) {
    const wrong = right.slice(0, at) + digit + right.slice(at + 1);
    if (!check(compact(wrong))) return wrong;
  }
  throw new Error(`Every digit is right at ${at} of ${right}`);
}

/** Full-width form of ASCII. */
export function widened(text: string): string {
  return text.replaceAll(/[!-~]/gu, (character) =>
    String.fromCharCode(character.charCodeAt(0) + 0xfee0),
  );
}

function compact(value: string): string {
  return value
    .normalize("NFKC")
    .toUpperCase()
    .replaceAll(/[^\dA-Z]/gu, "");
}

function sum(values: readonly number[], weights: readonly number[]): number {
  return values.reduce((total, value, index) => total + value * weights[index]!, 0);
}
const digitsOf = (text: string): number[] => Array.from(text, Number);
/** 0 to 9, then A as 10 to Z as 35. */
const base36 = (text: string): number[] => Array.from(text, (character) => parseInt(character, 36));

export function isDate(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

// GB 11643-1999, ISO 7064 MOD 11-2; the card of 2023 for foreigners begins with 9 and is checked alike. The number of
// fifteen digits has no check digit.
const RESIDENT_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const PROVINCE = /^9?(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])/u;
function isResidentId(value: string): boolean {
  if (!PROVINCE.test(value)) return false;
  const old = /^\d{6}(\d\d)(\d\d)(\d\d)\d{3}$/u.exec(value);
  if (old) return isDate(1900 + Number(old[1]), Number(old[2]), Number(old[3]));
  const parts = /^\d{6}((?:19|20)\d\d)(\d\d)(\d\d)\d{3}[\dX]$/u.exec(value);
  if (!parts || !isDate(Number(parts[1]), Number(parts[2]), Number(parts[3]))) return false;
  return "10X98765432"[sum(digitsOf(value.slice(0, 17)), RESIDENT_WEIGHTS) % 11] === value[17];
}

// The card for foreigners before 2023: weights 7, 3, 1 as in machine readable travel documents.
function isForeignPermit(value: string): boolean {
  if (!/^[A-Z]{3}\d{12}$/u.test(value)) return false;
  const weights = Array.from({ length: 14 }, (_, index) => [7, 3, 1][index % 3]!);
  return sum(base36(value.slice(0, 14)), weights) % 10 === Number(value[14]);
}

// GB 32100-2015 with the organisation code of GB 11714 inside.
const CREDIT_CODE = "0123456789ABCDEFGHJKLMNPQRTUWXY";
function isUnifiedCreditCode(value: string): boolean {
  if (!/^[1-9AN-Y][1-59]\d{6}[\dA-Z]{8}[\dX][\dA-Y]$/u.test(value)) return false;
  const organisation = sum(base36(value.slice(8, 16)), [3, 7, 9, 10, 5, 8, 4, 2]);
  if ("0X987654321"[organisation % 11] !== value[16]) return false;
  const values = Array.from(value, (character) => CREDIT_CODE.indexOf(character));
  if (values.includes(-1)) return false;
  const weights = Array.from({ length: 17 }, (_, index) => 3 ** index % 31);
  return (31 - (sum(values.slice(0, 17), weights) % 31)) % 31 === values[17];
}

// ISO/IEC 7812: the issuers that cards in mini-programs have.
const ISSUERS =
  /^(?:62\d{14,17}|4\d{15}|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}|35(?:2[89]|[3-8]\d)\d{12})$/u;
function isBankCard(value: string): boolean {
  return ISSUERS.test(value) && isLuhn(value);
}

// 3GPP TS 23.003 annex B; the first two digits name the body that gave the type its code.
function isImei(value: string): boolean {
  return /^(?:01|35|86|91|99)\d{13}$/u.test(value) && isLuhn(value);
}

function isLuhn(value: string): boolean {
  const total = digitsOf(value)
    .toReversed()
    .reduce((sum, digit, index) => {
      const weighted = index % 2 === 0 ? digit : digit * 2;
      return sum + (weighted > 9 ? weighted - 9 : weighted);
    }, 0);
  return total % 10 === 0;
}

function isHongKongId(value: string): boolean {
  if (!/^[A-Z]{1,2}\d{6}[\dA]$/u.test(value)) return false;
  const values = base36(value);
  // A prefix of one letter counts a blank, 36, before it.
  return (
    sum(values.length === 8 ? [36, ...values] : values, [9, 8, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0
  );
}

const TAIWAN_LETTERS = "ABCDEFGHJKLMNPQRSTUVXYWZIO";
function isTaiwanId(value: string): boolean {
  if (!/^[A-Z][1289]\d{8}$/u.test(value)) return false;
  const letter = TAIWAN_LETTERS.indexOf(value[0]!) + 10;
  const values = [Math.floor(letter / 10), letter % 10, ...digitsOf(value.slice(1))];
  return sum(values, [1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1]) % 10 === 0;
}

// GB 16735-2019, ISO 3779.
const VIN_WEIGHTS = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
const VIN_VALUES = Object.fromEntries(
  Array.from("ABCDEFGHJKLMNPRSTUVWXYZ", (letter, index) => [
    letter,
    Number("12345678123457923456789"[index]),
  ]),
);
function isVin(value: string): boolean {
  if (!/^(?=.*[A-Z])[\dA-HJ-NPR-Z]{8}[\dX][\dA-HJ-NPR-Z]{4}\d{4}$/u.test(value)) return false;
  const values = Array.from(value, (character) => VIN_VALUES[character] ?? Number(character));
  return "0123456789X"[sum(values, VIN_WEIGHTS) % 11] === value[8];
}
