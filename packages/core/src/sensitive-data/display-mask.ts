import type { DataCategoryId } from "./sensitive-category.ts";

/**
 * How many characters of a value are shown before and after the mask; nothing of what no rule is given for.
 *
 * @see Weixin safety guide: of a name the last character, of a longer one the first too; of an identity document the
 * first and last; of a phone number of ten digits and more the first three and last two, of a shorter one the first two,
 * the country code besides; of a bank card the last four.
 */
export function displayMask(
  category: DataCategoryId,
  value: string,
): readonly [head: number, tail: number] {
  switch (category) {
    case "id-document.cn-id-number":
    case "id-document.other-cn":
    case "id-document.passport":
    case "id-document.driver-licence":
      return value.length > 5 ? [1, 1] : [0, 0];
    case "financial.account":
      return value.length > 9 ? [0, 4] : [0, 0];
    case "contact.name":
      return value.length > 2 ? [1, 1] : [0, value.length - 1];
    case "contact.phone":
      return phoneMask(value);
    default:
      return [0, 0];
  }
}

const COUNTRY_CODE = /^(?:(?:\+|00)\d{1,3}[-\s]|(?:\+|00)(?:86|85[23]|886)|86[-\s]?(?=1\d\d))/;

function phoneMask(value: string): readonly [number, number] {
  const code = COUNTRY_CODE.exec(value)?.[0].length ?? 0;
  const digits = value.slice(code).replace(/\D/g, "").length;
  return digits > 6 ? [code + (digits < 10 ? 2 : 3), 2] : [0, 0];
}
