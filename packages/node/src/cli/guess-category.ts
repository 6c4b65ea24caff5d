import type { LocalizedText } from "@miniprivacy/core/policy";
import {
  categoryOfField,
  type ContactCategoryId,
  type DataCategoryId,
  SENSITIVE_CATEGORY_LABELS,
  type SensitiveCategoryId,
} from "@miniprivacy/core/sensitive-data";

/** A category a policy may have, guessed from a column's name. */
export interface GuessedCategory {
  readonly id: string;
  readonly label: LocalizedText<"zh-CN" | "en">;
  readonly source: "platform" | "subject";
  readonly sensitive?: SensitiveCategoryId;
}

/**
 * Which category a column of this name holds: what the guard knows of field names, and where a name is too common for it
 * (`mobile`, `address`), the end of a column's name too (`rcv_mobile`).
 */
export function guessCategory(column: string): GuessedCategory | undefined {
  const found = categoryOfField(column)?.category ?? contactAtEnd(column);
  return found === undefined ? pictured(column) : categoryFor(found);
}

function contactAtEnd(column: string): DataCategoryId | undefined {
  const words = column.split(/[_\s-]+|(?<=[a-z\d])(?=[A-Z])/);
  const last = words.at(-1)!;
  const name = /^addr$/i.test(last) ? "address" : last;
  const found = categoryOfField(name)?.category;
  return found?.startsWith("contact.") ? found : undefined;
}

/** What no guard looks for, and profiles have. */
function pictured(column: string): GuessedCategory | undefined {
  const words = column.toLowerCase().replaceAll(/[_\s-]/g, "");
  if (/nick(?:name)?$|^昵称$/.test(words)) return PROFILE.nickname;
  return /(?:avatar|headimg|headimgurl|avatarurl|^头像)$/.test(words) ? PROFILE.avatar : undefined;
}

const PROFILE = {
  nickname: { id: "nickname", label: { "zh-CN": "昵称", en: "Nickname" }, source: "subject" },
  avatar: { id: "avatar", label: { "zh-CN": "头像", en: "Profile picture" }, source: "subject" },
} satisfies { readonly [id: string]: GuessedCategory };

function categoryFor(found: DataCategoryId): GuessedCategory {
  if (isContact(found)) return CONTACTS[found];
  // A date of birth is a child's where the child is: the policy's audience says so, not the column.
  if (found === "minor.under14")
    return {
      id: "birthDate",
      label: { "zh-CN": "出生日期", en: "Date of birth" },
      source: "subject",
    };
  const id = found.replaceAll(/[.-](\w)/g, (_mark, letter: string) => letter.toUpperCase());
  return { id, label: SENSITIVE_CATEGORY_LABELS[found], source: "subject", sensitive: found };
}

function isContact(id: DataCategoryId): id is ContactCategoryId {
  return Object.hasOwn(CONTACTS, id);
}

const CONTACTS: { readonly [Id in ContactCategoryId]: GuessedCategory } = {
  "contact.phone": contact("phone", "手机号", "Phone number"),
  "contact.email": contact("email", "电子邮箱", "E-mail address"),
  "contact.name": contact("name", "姓名", "Name"),
  "contact.address": contact("address", "地址", "Address"),
  "identifier.network": contact("network", "网络地址", "Network address"),
  "identifier.device": contact("device", "设备标识", "Device identifier"),
  "identifier.platform": {
    ...contact("openid", "平台用户标识", "Platform user id"),
    source: "platform",
  },
  "identifier.vehicle": contact("vehicle", "车牌或车架号", "Number plate or VIN"),
  "identifier.organisation": contact("organisation", "单位证照号", "Organisation number"),
};

function contact(id: string, chinese: string, english: string): GuessedCategory {
  return { id, label: { "zh-CN": chinese, en: english }, source: "subject" };
}
