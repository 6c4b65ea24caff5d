import type { WeixinPrivacyKey } from "@miniprivacy/core/policy";

/**
 * Which kind of information each function of `wx` takes, as the platform's table of privacy interfaces says.
 *
 * Its components (`camera`, `live-pusher`, `voip-room`, buttons, `input type="nickname"`) are no functions: nothing can
 * stand before them but the page.
 *
 * @see https://developers.weixin.qq.com/miniprogram/dev/framework/user-privacy/miniprogram-intro.html (read in a copy of 2026-07-30)
 */
export const WEIXIN_PRIVACY_INTERFACES = {
  getUserInfo: "UserInfo",
  getUserProfile: "UserInfo",
  getLocation: "Location",
  startLocationUpdate: "Location",
  startLocationUpdateBackground: "Location",
  getFuzzyLocation: "Location",
  choosePoi: "ChooseLocation",
  chooseLocation: "ChooseLocation",
  chooseAddress: "Address",
  chooseInvoiceTitle: "Invoice",
  chooseInvoice: "Invoice",
  getWeRunData: "RunData",
  chooseLicensePlate: "LicensePlate",
  chooseImage: "Album",
  chooseMedia: "Album",
  chooseVideo: "Album",
  chooseMessageFile: "MessageFile",
  startRecord: "Record",
  joinVoIPChat: "Record",
  createVKSession: "Camera",
  openBluetoothAdapter: "BlueTooth",
  createBLEPeripheralServer: "BlueTooth",
  saveImageToPhotosAlbum: "AlbumWriteOnly",
  saveVideoToPhotosAlbum: "AlbumWriteOnly",
  addPhoneContact: "Contact",
  addPhoneRepeatCalendar: "CalendarWriteOnly",
  addPhoneCalendar: "CalendarWriteOnly",
  startAccelerometer: "Accelerometer",
  startCompass: "Compass",
  startDeviceMotionListening: "DeviceMotion",
  startGyroscope: "Gyroscope",
  setClipboardData: "Clipboard",
  getClipboardData: "Clipboard",
} as const;

/** A function of `wx` that takes personal information by itself. */
export type PrivacyInterfaceName = keyof typeof WEIXIN_PRIVACY_INTERFACES;

/** What hands out an object whose one function is a privacy interface, and whether that answers by callbacks. */
export const WEIXIN_PRIVACY_OBJECTS = {
  getRecorderManager: { method: "start", key: "Record", answers: false },
  createMapContext: { method: "moveToLocation", key: "Location", answers: true },
} as const;

/** What `wx.authorize` asks for, by scope; other scopes take nothing by themselves. */
export const WEIXIN_SCOPES: { readonly [scope: string]: WeixinPrivacyKey } = {
  "scope.userLocation": "Location",
  "scope.userLocationBackground": "Location",
  "scope.userFuzzyLocation": "Location",
  "scope.werun": "RunData",
  "scope.record": "Record",
  "scope.camera": "Camera",
  "scope.bluetooth": "BlueTooth",
  "scope.writePhotosAlbum": "AlbumWriteOnly",
  "scope.addPhoneContact": "Contact",
  "scope.addPhoneCalendar": "CalendarWriteOnly",
};
