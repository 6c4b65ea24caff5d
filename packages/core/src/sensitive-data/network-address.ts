const IPV4 = /\d{1,3}(?:\.\d{1,3}){3}(?![\w.]*\d)/y;
const MAC = /[\dA-Fa-f]{2}([:-])(?:[\dA-Fa-f]{2}\1){4}[\dA-Fa-f]{2}(?![\w:-])/y;
const IPV6 =
  /(?:[\dA-Fa-f]{1,4}:){2,7}(?::?[\dA-Fa-f]{1,4}|:)(?:::?[\dA-Fa-f]{1,4}){0,6}(?:\.\d{1,3}){0,3}(?![\w:])/y;

/** Where an IPv4 address that could be somebody's ends; 0 when there is none: versions look alike. @see RFC 6890 */
export function ipv4End(text: string, start: number): number {
  const before = text.slice(Math.max(0, start - 12), start);
  if (
    /[\w.][/_.-]?$|\bv(?:er(?:sion)?)?[\s:=.]*$|版本[号:：\s]*$/i.test(before) &&
    !before.endsWith("://")
  )
    return 0;
  IPV4.lastIndex = start;
  const match = IPV4.exec(text);
  if (match === null) return 0;
  const octets = match[0].split(".").map(Number);
  if (octets.some((octet) => octet > 255) || [0, 127, 255].includes(octets[0]!)) return 0;
  const small = octets[0]! < 20 && octets.every((octet) => octet < 64);
  return small && !/ip|address|地址|client|host|from|来自/i.test(before) ? 0 : IPV4.lastIndex;
}

/** Where an IPv6 address ends that begins there. @see RFC 4291 §2.2 */
export function ipv6End(text: string, start: number): number {
  IPV6.lastIndex = start;
  const match = IPV6.exec(text);
  if (match === null) return 0;
  const [address] = match;
  const groups = address.split(":").filter((group) => group !== "");
  const isShort = address.includes("::");
  if (isShort ? groups.length < 3 : groups.length !== 8) return 0;
  return /\d/.test(address) && address.split("::").length < 3 ? IPV6.lastIndex : 0;
}

/** Where a hardware address ends that begins there: no group address, and not all zeros. */
export function macEnd(text: string, start: number): number {
  if (/[\w:-]/.test(text.charAt(start - 1))) return 0;
  MAC.lastIndex = start;
  const match = MAC.exec(text);
  return match === null || /^(?:00[:-]){5}00$|^(?:ff[:-]){5}ff$/i.test(match[0])
    ? 0
    : MAC.lastIndex;
}
