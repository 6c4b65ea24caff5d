import type { LocalizedText } from '../policy/policy.ts'

/** A class of sensitive personal data. */
export type SensitiveCategoryId =
  | 'biometric.face'
  | 'biometric.fingerprint'
  | 'biometric.voiceprint'
  | 'biometric.iris'
  | 'biometric.palm-ear-gait'
  | 'biometric.genetic'
  | 'religion.belief'
  | 'religion.organisation'
  | 'belief.philosophical'
  | 'identity.disability'
  | 'identity.undisclosed-occupation'
  | 'identity.racial-ethnic'
  | 'identity.political'
  | 'identity.trade-union'
  | 'health.condition'
  | 'health.history'
  | 'health.treatment-record'
  | 'health.test-result'
  | 'health.allergy-fertility'
  | 'health.mental'
  | 'health.body-measure'
  | 'financial.account'
  | 'financial.account-secret'
  | 'financial.deposit'
  | 'financial.transaction'
  | 'financial.credit'
  | 'financial.property'
  | 'financial.virtual-property'
  | 'location.trajectory'
  | 'location.vehicle-trajectory'
  | 'location.precise-point'
  | 'location.lodging'
  | 'minor.under14'
  | 'id-document.cn-id-photo'
  | 'id-document.cn-id-number'
  | 'id-document.passport'
  | 'id-document.driver-licence'
  | 'id-document.other-cn'
  | 'sexual.orientation'
  | 'sexual.life'
  | 'sexual.intimate-image'
  | 'criminal.record'
  | 'private.marital'
  | 'private.communication'
  | 'private.contacts'
  | 'private.browsing'
  | 'credential.account'
  | 'us.citizenship-immigration'
  | 'us.neural'

/** One class of sensitive personal data, as law and standards list it. */
export interface SensitiveCategory {
  readonly id: SensitiveCategoryId
  readonly label: LocalizedText
  /** Names that fields holding it often have. */
  readonly fieldNames: readonly string[]
}

/** Every class we know: the union of what nine sources list (PIPL-28, GB/T 45574-2025 and 35273-2020, GDPR 9 and 10 …). */
export const SENSITIVE_CATEGORIES: readonly SensitiveCategory[] = [
  {
    id: 'biometric.face',
    label: { 'zh-CN': '人脸信息', en: 'Facial recognition data' },
    fieldNames: ['face', 'faceId', 'faceToken', 'faceFeature', '人脸'],
  },
  {
    id: 'biometric.fingerprint',
    label: { 'zh-CN': '指纹', en: 'Fingerprint' },
    fieldNames: ['fingerprint', 'fpTemplate', '指纹'],
  },
  {
    id: 'biometric.voiceprint',
    label: { 'zh-CN': '声纹', en: 'Voiceprint' },
    fieldNames: ['voiceprint', 'speakerEmbedding', '声纹'],
  },
  {
    id: 'biometric.iris',
    label: { 'zh-CN': '虹膜/眼纹', en: 'Iris / retina' },
    fieldNames: ['iris', 'retina', '虹膜'],
  },
  {
    id: 'biometric.palm-ear-gait',
    label: { 'zh-CN': '掌纹/耳廓/步态等', en: 'Palm print, ear, gait and other biometric traits' },
    fieldNames: ['palm', 'gait', '掌纹', '步态'],
  },
  {
    id: 'biometric.genetic',
    label: { 'zh-CN': '基因信息', en: 'Genetic data' },
    fieldNames: ['dna', 'gene', 'genotype', '基因'],
  },
  {
    id: 'religion.belief',
    label: { 'zh-CN': '信仰的宗教', en: 'Religious belief' },
    fieldNames: ['religion', 'faith', '宗教'],
  },
  {
    id: 'religion.organisation',
    label: { 'zh-CN': '加入的宗教组织及活动', en: 'Membership of / role in a religious organisation' },
    fieldNames: ['church', '宗教组织'],
  },
  {
    id: 'belief.philosophical',
    label: { 'zh-CN': '哲学信念', en: 'Philosophical belief' },
    fieldNames: ['philosophicalBelief'],
  },
  {
    id: 'identity.disability',
    label: { 'zh-CN': '残障人士身份', en: 'Disabled-person status' },
    fieldNames: ['disability', '残疾', '残障'],
  },
  {
    id: 'identity.undisclosed-occupation',
    label: { 'zh-CN': '不适宜公开的职业身份', en: 'Occupation not suited to disclosure' },
    fieldNames: ['职业身份'],
  },
  {
    id: 'identity.racial-ethnic',
    label: { 'zh-CN': '种族或民族出身', en: 'Racial or ethnic origin' },
    fieldNames: ['race', 'ethnicity', '民族', '种族'],
  },
  {
    id: 'identity.political',
    label: { 'zh-CN': '政治观点/政治面貌', en: 'Political opinion or affiliation' },
    fieldNames: ['politicalStatus', 'party', '政治面貌'],
  },
  {
    id: 'identity.trade-union',
    label: { 'zh-CN': '工会成员身份', en: 'Trade-union membership' },
    fieldNames: ['unionMember', '工会'],
  },
  {
    id: 'health.condition',
    label: { 'zh-CN': '病症', en: 'Symptoms / disease / diagnosis' },
    fieldNames: ['disease', 'diagnosis', 'symptom', '病症', '诊断'],
  },
  {
    id: 'health.history',
    label: { 'zh-CN': '既往病史/家族病史', en: 'Medical and family history' },
    fieldNames: ['medicalHistory', '病史'],
  },
  {
    id: 'health.treatment-record',
    label: { 'zh-CN': '就诊、住院、手术、护理、用药记录', en: 'Treatment, in-patient, surgery, nursing and medication records' },
    fieldNames: ['prescription', 'hospital', '病历', '医嘱', '用药'],
  },
  {
    id: 'health.test-result',
    label: { 'zh-CN': '检验检查数据', en: 'Test and examination results' },
    fieldNames: ['labResult', '检验', '检查报告'],
  },
  {
    id: 'health.allergy-fertility',
    label: { 'zh-CN': '过敏、生育等信息', en: 'Allergy, fertility, pregnancy' },
    fieldNames: ['allergy', 'pregnan', '过敏', '生育'],
  },
  {
    id: 'health.mental',
    label: { 'zh-CN': '心理健康', en: 'Mental health' },
    fieldNames: ['mental', 'psych', '心理'],
  },
  {
    id: 'health.body-measure',
    label: { 'zh-CN': '身高、体重、血型、血压等基本体征', en: 'Height, weight, blood type, blood pressure' },
    fieldNames: ['height', 'weight', 'bloodType', 'bloodPressure', '血型', '血压'],
  },
  {
    id: 'financial.account',
    label: { 'zh-CN': '金融账户(银行、证券、基金、保险)账号', en: 'Financial account number (bank, securities, fund, insurance)' },
    fieldNames: ['bankCard', 'cardNo', 'account_no', 'pan', '银行卡', '账号'],
  },
  {
    id: 'financial.account-secret',
    label: { 'zh-CN': '金融账户密码等鉴别信息', en: 'Financial account password / PIN / CVV / payment token' },
    fieldNames: ['cvv', 'pin', 'payPassword', '支付密码'],
  },
  {
    id: 'financial.deposit',
    label: { 'zh-CN': '存款信息', en: 'Deposits, balances, receipts and payments' },
    fieldNames: ['balance', 'deposit', '存款', '余额'],
  },
  {
    id: 'financial.transaction',
    label: { 'zh-CN': '交易和消费记录、流水', en: 'Transaction and consumption records' },
    fieldNames: ['transaction', '流水', '消费记录'],
  },
  {
    id: 'financial.credit',
    label: { 'zh-CN': '信贷、征信信息', en: 'Credit records and credit reports' },
    fieldNames: ['credit', 'loan', '征信', '信贷'],
  },
  {
    id: 'financial.property',
    label: { 'zh-CN': '房产等财产信息', en: 'Real estate and other property' },
    fieldNames: ['房产', 'property'],
  },
  {
    id: 'financial.virtual-property',
    label: { 'zh-CN': '虚拟财产', en: 'Virtual property' },
    fieldNames: ['虚拟货币', 'wallet'],
  },
  {
    id: 'location.trajectory',
    label: { 'zh-CN': '行踪轨迹(连续精准定位)', en: 'Whereabouts: continuous precise location track' },
    fieldNames: ['track', 'trajectory', 'gps', '轨迹'],
  },
  {
    id: 'location.vehicle-trajectory',
    label: { 'zh-CN': '车辆行驶轨迹', en: 'Vehicle trajectory' },
    fieldNames: ['vehicleTrack', '行驶轨迹'],
  },
  {
    id: 'location.precise-point',
    label: { 'zh-CN': '精准定位(单点)', en: 'Single precise location' },
    fieldNames: ['latitude', 'longitude', 'lat', 'lng'],
  },
  {
    id: 'location.lodging',
    label: { 'zh-CN': '住宿信息', en: 'Lodging records' },
    fieldNames: ['hotel', '住宿'],
  },
  {
    id: 'minor.under14',
    label: { 'zh-CN': '不满十四周岁未成年人的个人信息', en: 'Any personal information of a child under 14' },
    fieldNames: ['birthday', 'dob', 'age', 'guardian', '出生日期', '监护人'],
  },
  {
    id: 'id-document.cn-id-photo',
    label: { 'zh-CN': '居民身份证照片', en: 'Photo/scan of the resident identity card' },
    fieldNames: ['idCardFront', 'idCardBack', '身份证照片'],
  },
  {
    id: 'id-document.cn-id-number',
    label: { 'zh-CN': '居民身份证号码', en: 'Resident identity number' },
    fieldNames: ['idNo', 'idCard', '身份证'],
  },
  {
    id: 'id-document.passport',
    label: { 'zh-CN': '护照', en: 'Passport' },
    fieldNames: ['passport', '护照'],
  },
  {
    id: 'id-document.driver-licence',
    label: { 'zh-CN': '驾驶证', en: 'Driving licence' },
    fieldNames: ['driverLicense', '驾驶证'],
  },
  {
    id: 'id-document.other-cn',
    label: { 'zh-CN': '军官证、工作证、社保卡、居住证等', en: 'Military ID, work permit, social-security card, residence permit' },
    fieldNames: ['ssn', '社保', '居住证', '军官证'],
  },
  {
    id: 'sexual.orientation',
    label: { 'zh-CN': '性取向', en: 'Sexual orientation' },
    fieldNames: ['sexualOrientation', '性取向'],
  },
  {
    id: 'sexual.life',
    label: { 'zh-CN': '性生活', en: 'Sex life' },
    fieldNames: ['sexLife', '性生活'],
  },
  {
    id: 'sexual.intimate-image',
    label: { 'zh-CN': '身体私密部位影像', en: 'Images of intimate body parts' },
    fieldNames: [],
  },
  {
    id: 'criminal.record',
    label: { 'zh-CN': '犯罪记录', en: 'Criminal record' },
    fieldNames: ['criminal', 'conviction', '犯罪'],
  },
  {
    id: 'private.marital',
    label: { 'zh-CN': '婚史', en: 'Marital history' },
    fieldNames: ['marital', '婚姻'],
  },
  {
    id: 'private.communication',
    label: { 'zh-CN': '通信记录和内容', en: 'Communication records and content' },
    fieldNames: ['sms', 'chat', 'message', '通信', '聊天'],
  },
  {
    id: 'private.contacts',
    label: { 'zh-CN': '通讯录、好友列表、群组列表', en: 'Address book, friend list, group list' },
    fieldNames: ['contacts', 'friends', '通讯录'],
  },
  {
    id: 'private.browsing',
    label: { 'zh-CN': '网页浏览记录', en: 'Web browsing records' },
    fieldNames: ['browseHistory', '浏览记录'],
  },
  {
    id: 'credential.account',
    label: { 'zh-CN': '账号与口令、密钥、会话凭证', en: 'Account credentials, keys, session secrets' },
    fieldNames: ['password', 'passwd', 'secret', 'token', 'session_key', 'sessionKey', '密码'],
  },
  {
    id: 'us.citizenship-immigration',
    label: { 'zh-CN': '公民身份或移民身份', en: 'Citizenship or immigration status' },
    fieldNames: ['immigration', 'citizenship'],
  },
  {
    id: 'us.neural',
    label: { 'zh-CN': '神经数据', en: 'Neural data' },
    fieldNames: ['eeg', 'neural', '脑电'],
  },
]
