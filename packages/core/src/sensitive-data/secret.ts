import { isAlnum } from "./ascii.ts";
import { isAfter } from "./context.ts";
import type { ContentType } from "./finding.ts";

/** Keys that providers give out under prefixes of their own. */
const KEY =
  /^(?:AKIA[\dA-Z]{16}|AKID\w{13,40}|LTAI\w{12,30}|AIza[\w-]{35}|gh[oprsu]_\w{30,}|glpat-[\w-]{20,}|sk-[\w-]{20,}|[rs]k_(?:live|test)_\w{16,}|xox[abp]-[\w-]{10,})$/;
const KEY_STARTS = "ALgosrx";
const JSON_WEB_TOKEN = /eyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]*/y;
const WEIXIN_ID = /^o(?=.*[a-z])(?=.*[A-Z])(?=.*\d)[\w-]{27}$/;
const PRIVATE_KEY = /-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----(?:[^-]*-----END[A-Z ]*-----)?/y;

/** The lengths of UUIDs and of the hexadecimal ids of devices. */
const DEVICE_ID_LENGTHS: readonly number[] = [36, 16, 32, 64];
const ADVERTISING =
  /(?:idfa|idfv|oaid|gaid|aaid|adid|advertising id|广告标识符?)[^"\n。；;]{0,8}$/i;

/** In running text; in a record the name of the field tells. */
function isAdvertisingId(text: string, start: number, length: number): boolean {
  return (
    DEVICE_ID_LENGTHS.includes(length) &&
    text.charAt(start - 1) !== '"' &&
    isAfter(text, start, ADVERTISING)
  );
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** The letters, digits, `_` and `-` around a place; with what follows, if it is a JSON Web Token. */
export function tokenAround(text: string, at: number): Span {
  let start = at;
  while (isOfToken(text.charCodeAt(start - 1))) start--;
  let end = at;
  while (isOfToken(text.charCodeAt(end))) end++;
  JSON_WEB_TOKEN.lastIndex = start;
  return text.startsWith("eyJ", start) && JSON_WEB_TOKEN.test(text)
    ? { start, end: JSON_WEB_TOKEN.lastIndex }
    : { start, end };
}

/** What a token that only a program reads is: a key, or what Weixin or an advertiser names a user by. */
export function typeOfToken(text: string, { start, end }: Span): ContentType | undefined {
  const length = end - start;
  if (length < 16) return undefined;
  if (text.startsWith("eyJ", start) && text.slice(start, end).includes(".")) return "credential";
  if (isAdvertisingId(text, start, length)) return "advertising-id";
  if (length > 200 || !KEY_STARTS.includes(text.charAt(start))) return undefined;
  const token = text.slice(start, end);
  if (KEY.test(token)) return "credential";
  return WEIXIN_ID.test(token) ? "platform-id" : undefined;
}

/** Where the password begins that stands before the `@` of an address such as `postgres://user:password@host`; 0 when none does. */
export function passwordStart(text: string, at: number): number {
  const before = text.slice(Math.max(0, at - 128), at);
  const match = /:\/\/[^\s/:@]*:([^\s/@]{3,})$/.exec(before);
  return match === null ? 0 : at - match[1]!.length;
}

/** Where a private key ends whose first word after the hyphens stands there; 0 when there is none. */
export function privateKeyEnd(text: string, begin: number): number {
  PRIVATE_KEY.lastIndex = begin - 5;
  return begin >= 5 && PRIVATE_KEY.test(text) ? PRIVATE_KEY.lastIndex : 0;
}

function isOfToken(code: number): boolean {
  return isAlnum(code) || code === 0x5f || code === 0x2d;
}
