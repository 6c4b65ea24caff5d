import type { WeixinPrivacyKey } from "./weixin-privacy-key.ts";

/** How sure it is that the platform said so: read in its own document, told by others, or our reading of its silence. */
export type SourceConfidence = "official" | "secondary" | "reading";

/** Where something a platform said can be read. */
export interface AuthorizationSource {
  readonly title: string;
  readonly url?: string;
  /** When it was given, or when its document was read, `2026-07-30`. */
  readonly date: string;
  readonly confidence: SourceConfidence;
  /** SHA-256 of the document the operator keeps, hex. */
  readonly documentDigest?: string;
}

/**
 * What a published interface document of Weixin instructs: data the interface hands over is for the purpose that the
 * privacy guide declares beside its key.
 *
 * @see WX-4.4.5a
 */
export interface PublishedInstruction {
  readonly id: string;
  /** Empty: what signing in gives (openid, unionid) has no key. */
  readonly privacyKeys: readonly WeixinPrivacyKey[];
  readonly source: AuthorizationSource;
}

const INTERFACE_TABLE = {
  title: "小程序用户隐私保护指引内容介绍",
  url: "https://developers.weixin.qq.com/miniprogram/dev/framework/user-privacy/miniprogram-intro.html",
  date: "2026-07-30",
};

export const WEIXIN_INSTRUCTIONS: readonly PublishedInstruction[] = [
  {
    id: "weixin-privacy-interfaces",
    privacyKeys: [
      "UserInfo",
      "Location",
      "Address",
      "Invoice",
      "RunData",
      "PhoneNumber",
      "LicensePlate",
      "Album",
      "MessageFile",
      "Record",
      "Camera",
      "BlueTooth",
      "AlbumWriteOnly",
      "Contact",
      "CalendarWriteOnly",
    ],
    source: { ...INTERFACE_TABLE, confidence: "official" },
  },
  {
    // The same table lists their interfaces; their keys are known from two lists of others, or from developers.
    id: "weixin-privacy-interfaces-by-others",
    privacyKeys: [
      "ChooseLocation",
      "Accelerometer",
      "Compass",
      "DeviceMotion",
      "Gyroscope",
      "Clipboard",
    ],
    source: { ...INTERFACE_TABLE, confidence: "secondary" },
  },
  {
    id: "weixin-login",
    privacyKeys: [],
    source: {
      title: "code2Session",
      url: "https://api.weixin.qq.com/sns/jscode2session",
      date: "2026-07-30",
      confidence: "reading",
    },
  },
];

/**
 * The published instruction behind data of a key; without a key, the one behind signing in. None for what no interface
 * hands over.
 */
export function publishedInstruction(
  key: WeixinPrivacyKey | undefined,
): PublishedInstruction | undefined {
  return WEIXIN_INSTRUCTIONS.find(({ privacyKeys }) =>
    key === undefined ? privacyKeys.length === 0 : privacyKeys.includes(key),
  );
}
