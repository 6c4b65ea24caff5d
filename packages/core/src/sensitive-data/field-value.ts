import { categoryOfField } from "./field-name.ts";
import { type DataCategoryId, groupOf } from "./sensitive-category.ts";

/** Who was born in that year or later may be under fourteen; `now` of a scan tells it exactly. */
export const CHILDREN_SINCE = 2012;

/** What a value under a name must look like to be what the name says; by category, or by the group it is of. */
const SHAPES: { readonly [CategoryOrGroup: string]: RegExp } = {
  "id-document": /\d.*\d.*\d.*\d/,
  "id-document.cn-id-photo": /./,
  financial: /\d/,
  "financial.account": /\d(?:\D?\d){5}/,
  "financial.account-secret": /^(?:\d{3,6}|\S{6,})$/,
  "financial.property": /\d|[房楼室]/,
  "location.trajectory": /\d.*\d/,
  "location.precise-point": /^-?\d{1,3}\.\d{3,}$/,
  "health.body-measure": /\d|^(?:A|B|AB|O)(?:型|$|[+-])/,
  // A template or a picture, not a mere word.
  biometric: /^(?=.*[\d/])[ -~]{6,}$/,
  "identity.racial-ethnic": /^\D+$/,
  "identity.political": /^(?!.*(?:派对|聚会|生日))./,
  // By its name; one that fails its check digit is none.
  "identifier.device": /^(?!\d{15}$)(?:\D*\d){3}/,
  "financial.virtual-property": /[\dA-Za-z]{16}|^[1-9]/,
  "biometric.fingerprint": /^(?!(?:[\da-f]{2}:){4}|[\da-f]{20,}$)(?=.*[\d/])[ -~]{6,}$/i,
  credential: /^[!-~]{4,}$/,
  "private.communication": /.{4}/,
  "contact.phone": /\d(?:\D?\d){6}/,
  "contact.email": /@/,
  "contact.name": /^[\u4e00-\u9fff·]{2,12}$|^[A-Za-z]+(?:[ .'-]+[A-Za-z]+){1,3}$/,
  "contact.address": /[\u4e00-\u9fff]{2}.*[\d一-龥]{2}|\d.*[a-z]{3}|[a-z]{3}.*\d/i,
  identifier: /[\dA-Za-z].*\d.*\d.*\d/,
};

/** A line for a person to read: what stands in a table of texts, not in a record. */
const PROMPT =
  /^(?:请|输入|选择|(?:please|enter|select|choose|your) )|不能为空|必填|格式|不正确|错误$|\b(?:required|invalid|incorrect)\b|^(?:undefined|null|n\/a|-+)$/i;
/** Groups of which a mere yes tells something of a person. */
const TOLD_BY_YES: readonly string[] = ["health", "identity", "criminal"];
/** What a display mask leaves: more stars than anything else. */
const MASKED = /^[^*]{0,6}\*+[^*]{0,6}$/;

/**
 * Whether a value can be what the name of its field says: no label, prompt or mask, and of that kind of content.
 *
 * @param value a text, number, boolean or a structure that holds something
 * @param childrenSince birth year from which somebody may be under fourteen
 */
export function isPlausible(
  category: DataCategoryId,
  name: string,
  value: unknown,
  childrenSince: number,
): boolean {
  const group = groupOf(category);
  if (value instanceof Date) return isPlausible(category, name, value.toJSON(), childrenSince);
  if (typeof value === "object") return group !== "contact" && group !== "identifier";
  const text = `${value as string | number | boolean | bigint}`.trim();
  if (text === "true") return TOLD_BY_YES.includes(group);
  if (text === "" || text === "false") return false;
  const fits =
    category === "minor.under14"
      ? isOfChild(name, text, childrenSince)
      : (SHAPES[category] ?? SHAPES[group] ?? /./).test(text);
  if (!fits || MASKED.test(text) || PROMPT.test(text)) return false;
  return categoryOfField(text)?.category !== category;
}

/** An age below fourteen, a birth date of a child, or whatever is told of one. */
function isOfChild(name: string, text: string, childrenSince: number): boolean {
  if (/age$|nianling|年龄/i.test(name)) return /^(?:\d|1[0-3])(?:岁|周岁)?$/.test(text);
  if (/birth|dob|生日|出生|shengri|chusheng|csrq/i.test(name)) {
    const year = /(?:^|\D)((?:19|20)\d\d)/.exec(text)?.[1];
    return year !== undefined && Number(year) >= childrenSince;
  }
  return /[a-z\d\u4e00-\u9fff]{2}/i.test(text);
}
