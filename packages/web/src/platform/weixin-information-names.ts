import type {
  PrivacyInterfaceName,
  WEIXIN_PRIVACY_INTERFACES,
} from "./weixin-privacy-interfaces.ts";

type InformationKey = (typeof WEIXIN_PRIVACY_INTERFACES)[PrivacyInterfaceName] | "PhoneNumber";

/** What the privacy guide calls each kind of information. */
export const INFORMATION_NAMES: { readonly [Key in InformationKey]: string } = {
  UserInfo: "昵称、头像",
  Location: "位置信息",
  ChooseLocation: "选择的位置信息",
  Address: "地址",
  Invoice: "发票信息",
  RunData: "微信运动步数",
  PhoneNumber: "手机号",
  LicensePlate: "车牌号",
  Album: "选中的照片或视频信息",
  MessageFile: "选中的文件",
  Record: "麦克风",
  Camera: "摄像头",
  BlueTooth: "蓝牙",
  AlbumWriteOnly: "相册（仅写入）权限",
  Contact: "通讯录（仅写入）权限",
  CalendarWriteOnly: "日历（仅写入）权限",
  Accelerometer: "加速传感器",
  Compass: "磁场传感器",
  DeviceMotion: "方向传感器",
  Gyroscope: "陀螺仪传感器",
  Clipboard: "剪切板",
};
