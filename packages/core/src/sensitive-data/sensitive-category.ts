/** A class of sensitive personal data. */
export type SensitiveCategoryId =
  | "biometric.face"
  | "biometric.fingerprint"
  | "biometric.voiceprint"
  | "biometric.iris"
  | "biometric.palm-ear-gait"
  | "biometric.genetic"
  | "religion.belief"
  | "religion.organisation"
  | "belief.philosophical"
  | "identity.disability"
  | "identity.undisclosed-occupation"
  | "identity.racial-ethnic"
  | "identity.political"
  | "identity.trade-union"
  | "health.condition"
  | "health.history"
  | "health.treatment-record"
  | "health.test-result"
  | "health.allergy-fertility"
  | "health.mental"
  | "health.body-measure"
  | "financial.account"
  | "financial.account-secret"
  | "financial.deposit"
  | "financial.transaction"
  | "financial.credit"
  | "financial.property"
  | "financial.virtual-property"
  | "location.trajectory"
  | "location.vehicle-trajectory"
  | "location.precise-point"
  | "location.lodging"
  | "minor.under14"
  | "id-document.cn-id-photo"
  | "id-document.cn-id-number"
  | "id-document.passport"
  | "id-document.driver-licence"
  | "id-document.other-cn"
  | "sexual.orientation"
  | "sexual.life"
  | "sexual.intimate-image"
  | "criminal.record"
  | "private.marital"
  | "private.communication"
  | "private.contacts"
  | "private.browsing"
  | "credential.account"
  | "us.citizenship-immigration"
  | "us.neural";

/**
 * Names that fields holding each class often have. Every class we know is here: the union of what nine sources list
 * (PIPL article 28, GB/T 45574-2025 and 35273-2020, GDPR 9 and 10 …).
 */
export const SENSITIVE_FIELD_NAMES: { readonly [Id in SensitiveCategoryId]: readonly string[] } = {
  "biometric.face": ["face", "faceId", "faceToken", "faceFeature", "人脸"],
  "biometric.fingerprint": ["fingerprint", "fpTemplate", "指纹"],
  "biometric.voiceprint": ["voiceprint", "speakerEmbedding", "声纹"],
  "biometric.iris": ["iris", "retina", "虹膜"],
  "biometric.palm-ear-gait": ["palm", "gait", "掌纹", "步态"],
  "biometric.genetic": ["dna", "gene", "genotype", "基因"],
  "religion.belief": ["religion", "faith", "宗教"],
  "religion.organisation": ["church", "宗教组织"],
  "belief.philosophical": ["philosophicalBelief"],
  "identity.disability": ["disability", "残疾", "残障"],
  "identity.undisclosed-occupation": ["职业身份"],
  "identity.racial-ethnic": ["race", "ethnicity", "民族", "种族"],
  "identity.political": ["politicalStatus", "party", "政治面貌"],
  "identity.trade-union": ["unionMember", "工会"],
  "health.condition": ["disease", "diagnosis", "symptom", "病症", "诊断"],
  "health.history": ["medicalHistory", "病史"],
  "health.treatment-record": ["prescription", "hospital", "病历", "医嘱", "用药"],
  "health.test-result": ["labResult", "检验", "检查报告"],
  "health.allergy-fertility": ["allergy", "pregnant", "pregnancy", "过敏", "生育"],
  "health.mental": ["mental", "mentalHealth", "psych", "psychology", "心理", "心理健康"],
  "health.body-measure": ["height", "weight", "bloodType", "bloodPressure", "血型", "血压"],
  "financial.account": [
    "bankCard",
    "bankAccount",
    "creditCard",
    "debitCard",
    "cardNo",
    "cardNumber",
    "account_no",
    "pan",
    "银行卡",
    "银行账户",
    "账号",
  ],
  "financial.account-secret": ["cvv", "pin", "payPassword", "支付密码"],
  "financial.deposit": ["balance", "deposit", "存款", "余额"],
  "financial.transaction": ["transaction", "流水", "消费记录"],
  "financial.credit": ["credit", "loan", "征信", "信贷"],
  "financial.property": ["房产", "property"],
  "financial.virtual-property": ["虚拟货币", "wallet"],
  "location.trajectory": ["track", "trajectory", "gps", "轨迹"],
  "location.vehicle-trajectory": ["vehicleTrack", "行驶轨迹"],
  "location.precise-point": ["latitude", "longitude", "lat", "lng"],
  "location.lodging": ["hotel", "住宿"],
  "minor.under14": ["birthday", "dob", "age", "guardian", "出生日期", "监护人"],
  "id-document.cn-id-photo": ["idCardFront", "idCardBack", "身份证照片"],
  "id-document.cn-id-number": ["idNo", "idNumber", "idCard", "residentId", "身份证", "证件号"],
  "id-document.passport": ["passport", "护照"],
  "id-document.driver-licence": [
    "driverLicense",
    "driverLicence",
    "drivingLicense",
    "drivingLicence",
    "驾驶证",
  ],
  "id-document.other-cn": ["ssn", "社保", "居住证", "军官证"],
  "sexual.orientation": ["sexualOrientation", "性取向"],
  "sexual.life": ["sexLife", "性生活"],
  "sexual.intimate-image": [],
  "criminal.record": ["criminal", "conviction", "犯罪"],
  "private.marital": ["marital", "婚姻"],
  "private.communication": ["sms", "chat", "message", "通信", "聊天"],
  "private.contacts": ["contacts", "friends", "通讯录"],
  "private.browsing": ["browseHistory", "浏览记录"],
  "credential.account": [
    "password",
    "passwd",
    "secret",
    "token",
    "session_key",
    "sessionKey",
    "密码",
  ],
  "us.citizenship-immigration": ["immigration", "citizenship"],
  "us.neural": ["eeg", "neural", "脑电"],
};
