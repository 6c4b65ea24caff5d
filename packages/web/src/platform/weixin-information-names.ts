import type { LocalizedText } from "@miniprivacy/core/policy";
import type {
  PrivacyInterfaceName,
  WEIXIN_PRIVACY_INTERFACES,
} from "./weixin-privacy-interfaces.ts";

type InformationKey = (typeof WEIXIN_PRIVACY_INTERFACES)[PrivacyInterfaceName] | "PhoneNumber";

/** What the privacy guide calls each kind of information. */
export const INFORMATION_NAMES: {
  readonly [Key in InformationKey]: LocalizedText<"zh-CN" | "en">;
} = {
  UserInfo: { "zh-CN": "昵称、头像", en: "nickname and avatar" },
  Location: { "zh-CN": "位置信息", en: "location" },
  ChooseLocation: { "zh-CN": "选择的位置信息", en: "chosen location" },
  Address: { "zh-CN": "地址", en: "address" },
  Invoice: { "zh-CN": "发票信息", en: "invoice details" },
  RunData: { "zh-CN": "微信运动步数", en: "step count" },
  PhoneNumber: { "zh-CN": "手机号", en: "phone number" },
  LicensePlate: { "zh-CN": "车牌号", en: "licence plate" },
  Album: { "zh-CN": "选中的照片或视频信息", en: "chosen photos or videos" },
  MessageFile: { "zh-CN": "选中的文件", en: "chosen files" },
  Record: { "zh-CN": "麦克风", en: "microphone" },
  Camera: { "zh-CN": "摄像头", en: "camera" },
  BlueTooth: { "zh-CN": "蓝牙", en: "Bluetooth" },
  AlbumWriteOnly: { "zh-CN": "相册（仅写入）权限", en: "album (writing only)" },
  Contact: { "zh-CN": "通讯录（仅写入）权限", en: "contacts (writing only)" },
  CalendarWriteOnly: { "zh-CN": "日历（仅写入）权限", en: "calendar (writing only)" },
  Accelerometer: { "zh-CN": "加速传感器", en: "accelerometer" },
  Compass: { "zh-CN": "磁场传感器", en: "compass" },
  DeviceMotion: { "zh-CN": "方向传感器", en: "device motion" },
  Gyroscope: { "zh-CN": "陀螺仪传感器", en: "gyroscope" },
  Clipboard: { "zh-CN": "剪切板", en: "clipboard" },
};
