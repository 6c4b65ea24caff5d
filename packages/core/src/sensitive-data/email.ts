/** What is named like an address: `logo@2x.png`; a version is too. */
const FILE = /\.(?:png|jpe?g|gif|webp|svg|bmp|ico|css|js|ts|json|html?|mp[34]|zip|md)$/i;
const LOCAL = /[A-Za-z\d!#$%&'+/=?^_`{|}~.-]/;
const LONGEST_LOCAL = 64;
const DOMAIN = /(?:[A-Za-z\d](?:[A-Za-z\d-]{0,61}[A-Za-z\d])?\.){1,8}[A-Za-z]{2,24}/y;

/** The address around an `@`, if it is one. @see RFC 5321 §4.1.2, in the characters that addresses in use have */
export function emailAround(
  text: string,
  at: number,
): { readonly start: number; readonly end: number } | undefined {
  if (!/^[^@.\s]@[A-Za-z\d]/.test(text.slice(at - 1, at + 2))) return undefined;
  let start = at;
  while (at - start < LONGEST_LOCAL && LOCAL.test(text.charAt(start - 1))) start--;
  while (start < at && /[^A-Za-z\d_]/.test(text.charAt(start))) start++;
  if (/\*$|:\/\/[^\s@]*$/.test(text.slice(Math.max(0, start - LONGEST_LOCAL), start)))
    return undefined;
  DOMAIN.lastIndex = at + 1;
  const domain = start < at ? DOMAIN.exec(text) : null;
  if (domain === null) return undefined;
  const end = DOMAIN.lastIndex;
  if (
    FILE.test(domain[0]) ||
    /^\d+\.\d/.test(domain[0]) ||
    /^:[^\s\d]/.test(text.slice(end, end + 2))
  )
    return undefined;
  return { start, end };
}
