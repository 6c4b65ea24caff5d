import type { LocalizedText } from "../policy/policy.ts";
import type { SensitiveCategoryId } from "./sensitive-category.ts";

/** What each class of sensitive personal data is called. Kept apart: a guard on a device needs no labels. */
export const SENSITIVE_CATEGORY_LABELS: {
  readonly [Id in SensitiveCategoryId]: LocalizedText<"zh-CN" | "en">;
} = {
  "biometric.face": { "zh-CN": "人脸信息", en: "Facial recognition data" },
  "biometric.fingerprint": { "zh-CN": "指纹", en: "Fingerprint" },
  "biometric.voiceprint": { "zh-CN": "声纹", en: "Voiceprint" },
  "biometric.iris": { "zh-CN": "虹膜/眼纹", en: "Iris / retina" },
  "biometric.palm-ear-gait": {
    "zh-CN": "掌纹/耳廓/步态等",
    en: "Palm print, ear, gait and other biometric traits",
  },
  "biometric.genetic": { "zh-CN": "基因信息", en: "Genetic data" },
  "religion.belief": { "zh-CN": "信仰的宗教", en: "Religious belief" },
  "religion.organisation": {
    "zh-CN": "加入的宗教组织及活动",
    en: "Membership of / role in a religious organisation",
  },
  "belief.philosophical": { "zh-CN": "哲学信念", en: "Philosophical belief" },
  "identity.disability": { "zh-CN": "残障人士身份", en: "Disabled-person status" },
  "identity.undisclosed-occupation": {
    "zh-CN": "不适宜公开的职业身份",
    en: "Occupation not suited to disclosure",
  },
  "identity.racial-ethnic": { "zh-CN": "种族或民族出身", en: "Racial or ethnic origin" },
  "identity.political": { "zh-CN": "政治观点/政治面貌", en: "Political opinion or affiliation" },
  "identity.trade-union": { "zh-CN": "工会成员身份", en: "Trade-union membership" },
  "health.condition": { "zh-CN": "病症", en: "Symptoms / disease / diagnosis" },
  "health.history": { "zh-CN": "既往病史/家族病史", en: "Medical and family history" },
  "health.treatment-record": {
    "zh-CN": "就诊、住院、手术、护理、用药记录",
    en: "Treatment, in-patient, surgery, nursing and medication records",
  },
  "health.test-result": { "zh-CN": "检验检查数据", en: "Test and examination results" },
  "health.allergy-fertility": { "zh-CN": "过敏、生育等信息", en: "Allergy, fertility, pregnancy" },
  "health.mental": { "zh-CN": "心理健康", en: "Mental health" },
  "health.body-measure": {
    "zh-CN": "身高、体重、血型、血压等基本体征",
    en: "Height, weight, blood type, blood pressure",
  },
  "financial.account": {
    "zh-CN": "金融账户(银行、证券、基金、保险)账号",
    en: "Financial account number (bank, securities, fund, insurance)",
  },
  "financial.account-secret": {
    "zh-CN": "金融账户密码等鉴别信息",
    en: "Financial account password / PIN / CVV / payment token",
  },
  "financial.deposit": { "zh-CN": "存款信息", en: "Deposits, balances, receipts and payments" },
  "financial.transaction": {
    "zh-CN": "交易和消费记录、流水",
    en: "Transaction and consumption records",
  },
  "financial.credit": { "zh-CN": "信贷、征信信息", en: "Credit records and credit reports" },
  "financial.property": { "zh-CN": "房产等财产信息", en: "Real estate and other property" },
  "financial.virtual-property": { "zh-CN": "虚拟财产", en: "Virtual property" },
  "location.trajectory": {
    "zh-CN": "行踪轨迹(连续精准定位)",
    en: "Whereabouts: continuous precise location track",
  },
  "location.vehicle-trajectory": { "zh-CN": "车辆行驶轨迹", en: "Vehicle trajectory" },
  "location.precise-point": { "zh-CN": "精准定位(单点)", en: "Single precise location" },
  "location.lodging": { "zh-CN": "住宿信息", en: "Lodging records" },
  "minor.under14": {
    "zh-CN": "不满十四周岁未成年人的个人信息",
    en: "Any personal information of a child under 14",
  },
  "id-document.cn-id-photo": {
    "zh-CN": "居民身份证照片",
    en: "Photo/scan of the resident identity card",
  },
  "id-document.cn-id-number": { "zh-CN": "居民身份证号码", en: "Resident identity number" },
  "id-document.passport": { "zh-CN": "护照", en: "Passport" },
  "id-document.driver-licence": { "zh-CN": "驾驶证", en: "Driving licence" },
  "id-document.other-cn": {
    "zh-CN": "军官证、工作证、社保卡、居住证等",
    en: "Military ID, work permit, social-security card, residence permit",
  },
  "sexual.orientation": { "zh-CN": "性取向", en: "Sexual orientation" },
  "sexual.life": { "zh-CN": "性生活", en: "Sex life" },
  "sexual.intimate-image": { "zh-CN": "身体私密部位影像", en: "Images of intimate body parts" },
  "criminal.record": { "zh-CN": "犯罪记录", en: "Criminal record" },
  "private.marital": { "zh-CN": "婚史", en: "Marital history" },
  "private.communication": { "zh-CN": "通信记录和内容", en: "Communication records and content" },
  "private.contacts": {
    "zh-CN": "通讯录、好友列表、群组列表",
    en: "Address book, friend list, group list",
  },
  "private.browsing": { "zh-CN": "网页浏览记录", en: "Web browsing records" },
  "credential.account": {
    "zh-CN": "账号与口令、密钥、会话凭证",
    en: "Account credentials, keys, session secrets",
  },
  "us.citizenship-immigration": {
    "zh-CN": "公民身份或移民身份",
    en: "Citizenship or immigration status",
  },
  "us.neural": { "zh-CN": "神经数据", en: "Neural data" },
};
