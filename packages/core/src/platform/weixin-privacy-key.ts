/**
 * The keys of the Weixin privacy guide: 22 of them read in a library's list and in answers of the platform, the
 * others in two independent lists; the platform itself also takes custom keys.
 *
 * @see setprivacysetting, `setting_list[].privacy_key`
 */
export const WEIXIN_PRIVACY_KEYS = [
  "UserInfo",
  "Location",
  "ChooseLocation",
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
  "Accelerometer",
  "Compass",
  "DeviceMotion",
  "Gyroscope",
  "Clipboard",
  "Email",
  "DeviceInfo",
  "EXIDNumber",
  "EXOrderInfo",
  "EXUserPublishContent",
  "EXUserFollowAcct",
  "EXUserOpLog",
] as const;

export type WeixinPrivacyKey = (typeof WEIXIN_PRIVACY_KEYS)[number] | `custom:${string}`;
