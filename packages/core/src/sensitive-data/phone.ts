import { isAfter } from "./context.ts";
import { CLOSE, type DigitCluster, endsAt, groupsIn, NONE } from "./digit-cluster.ts";

const MOBILE = /^1(?:3\d|4[014-9]|5[0-35-9]|6[2567]|7[0-8]|8\d|9[0-35-9])\d{8}$/;
/** Area code, then the number within it. */
const LANDLINE = /^0(?:(?:10|2[0-57-9])[2-9]\d{7}|[3-9]\d\d[2-9]\d{6,7})$/;
const TAIWAN = /^0(?:9\d{8}|[2-8]\d{7,8})$/;
/** Hong Kong, Macao, Taiwan: their codes and the numbers within them. */
const GREATER_CHINA = /^(?:852[2-9]\d{7}|853[268]\d{7}|8860?[2-9]\d{7,8})$/;
const NAMED =
  /(?:[电電][话話]|手[机機]|座机|固话|热线|联系(?:方式|人)?|[联聯][络絡]|致电|拨打|传真|tel|phone|mobile|cell|call|fax|contact|whatsapp)(?:[^\d\n。；;,，]{0,8}|[^\d\n]{0,3})$/i;
/** A number without its area; of ten digits, as in North America. */
const LOCAL = /^[2-9](?:\d{6,7}|\d\d[2-9]\d{6})$/;
/** Numbers of services, which reach no person. */
const SERVICE = /^(?:400|800|95|96|1[012]\d)/;

/** How many digits from a group's first on are a phone number; 0 when they are none. @see ITU-T E.164, MIIT numbering plan */
export function phoneDigits(text: string, cluster: DigitCluster, from: number): number {
  const { digits, at, joints } = cluster;
  const first = digits[from]!;
  const international = text.charAt(at[from]! - 1) === "+";
  const coded = international || first === 0 || (first === 8 && digits[from + 1]! > 4);
  if (first === 1 && !international && digits[from + 1]! < 3) return 0;
  if (first === 1 && !international) return endsAt(cluster, from + 11) && isPhone(11) ? 11 : 0;
  for (let count = Math.min(cluster.length - from, coded ? 15 : 10); count >= 7; count--)
    if (endsAt(cluster, from + count) && isPhone(count)) return count;
  return 0;

  function isPhone(count: number): boolean {
    const number = digitsAsText(digits, from, from + count);
    if (number.length > count) return false;
    if (!coded && first !== 1) return isLocal(number, count);
    const national = number.replace(/^(?:00)?86(?=[1-9])/, "");
    const code = count - national.length;
    if ((code > 0 || !international) && MOBILE.test(national)) return isGrouped(code, count, 3, 2);
    const parted = (length: number): boolean => joints[from + length] !== CLOSE;
    if (code > 0 && (international || code > 2 || parted(2)))
      return LANDLINE.test(`0${national}`) && isGrouped(code, count, 2);
    const known = number.replace(/^00/, "");
    if (GREATER_CHINA.test(known) && (international || known !== number || parted(3)))
      return isGrouped(count - known.length + 3, count, 1);
    if (international) return count > 8 && isOfOneNumber(count);
    if (LANDLINE.test(number)) {
      const area = /^0(?:10|2)/.test(number) ? 3 : 4;
      return (
        (parted(area) && isGrouped(area, count, 3)) || (isGrouped(0, count, count) && isNamed())
      );
    }
    if (!TAIWAN.test(number)) return isLocal(number, count);
    return number.startsWith("09") ? isGrouped(0, count, 4) : parted(2) && isGrouped(2, count, 3);
  }

  function isLocal(number: string, count: number): boolean {
    return endsInGroup(count) && LOCAL.test(number) && !SERVICE.test(number) && isNamed();
  }

  function isNamed(): boolean {
    return isAfter(text, at[from]!, NAMED);
  }

  /** In groups as people write them: the first that long, the others of three digits and more; or each digit apart. */
  function isGrouped(start: number, count: number, firstGroup: number, shortest = 3): boolean {
    const [head, ...others] = groupsIn(cluster, from + start, from + count);
    if (head! >= firstGroup) return others.every((length) => length >= shortest);
    return joints[from] === NONE && count === cluster.length && count - start === others.length + 1;
  }

  /** The last group has at least four digits, unlike that of a date. */
  function endsInGroup(count: number): boolean {
    for (let i = from + count - 3; i < from + count; i++) if (joints[i] !== CLOSE) return false;
    return true;
  }

  /** An international number goes no further than spaces and hyphens do. */
  function isOfOneNumber(count: number): boolean {
    return text.slice(at[from], at[from + count - 1]).search(/[\n/_]/) < 0;
  }
}

function digitsAsText(digits: Uint8Array, from: number, to: number): string {
  let text = "";
  for (let i = from; i < to; i++) text += digits[i];
  return text;
}
