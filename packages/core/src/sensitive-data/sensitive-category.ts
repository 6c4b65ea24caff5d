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

/** Personal data that no list calls sensitive: a guard tells of it, and stops it only where it is told to. */
export type ContactCategoryId =
  | "contact.phone"
  | "contact.email"
  | "contact.name"
  | "contact.address"
  | "identifier.network"
  | "identifier.device"
  | "identifier.platform"
  | "identifier.vehicle"
  | "identifier.organisation";

/** Every class of data a scan can tell of. */
export type DataCategoryId = SensitiveCategoryId | ContactCategoryId;

/**
 * Each class: which profiles list it, and names that fields holding it often have, in English, Chinese, pinyin and its
 * initials.
 *
 * Profiles are letters: T `tcmpp-strict`, N `cn-current`, C `cn-conservative`, E `eu-gdpr`, U `us-ca`. In small letters a
 * profile only tells of it: stopping it would stop ordinary shops, or it is sensitive under a condition no guard sees.
 * `=` before a name: so common that it counts only when it is the whole name (`pageTrack`, `订单流水号`).
 *
 * The union of what nine sources list (PIPL article 28, GB/T 45574-2025 and 35273-2020, GDPR 9 and 10 …).
 */
export const DATA_CATEGORIES: {
  readonly [Id in DataCategoryId]: readonly [profiles: string, names: string];
} = {
  "biometric.face": [
    "TNCEU",
    "=face faceId faceToken faceFeature faceTemplate faceImage faceImg facePhoto facePrint =renlian renlianTezheng =人脸 人脸特征 面部特征 人脸图片",
  ],
  "biometric.fingerprint": ["TNCEU", "fingerprint fpTemplate zhiwen 指纹"],
  "biometric.voiceprint": ["TNCEU", "voiceprint speakerEmbedding shengwen 声纹"],
  "biometric.iris": ["TNCEU", "iris retina hongmo 虹膜 眼纹"],
  "biometric.palm-ear-gait": ["TNCEU", "=palm palmprint gait 掌纹 步态 耳廓"],
  "biometric.genetic": [
    "TNCEU",
    "dna dnaSample dnaSequence =gene geneData genotype genome =基因 基因序列 基因检测",
  ],
  "religion.belief": [
    "TNCEU",
    "religion religiousBelief religiousAffiliation =faith zongjiao zjxy =宗教 宗教信仰 =信仰",
  ],
  "religion.organisation": ["TNCEU", "=church churchMembership 宗教组织"],
  "belief.philosophical": ["TEU", "philosophicalBelief"],
  "identity.disability": [
    "TNCE",
    "disability disabilityType disabilityLevel canji canjiZheng 残疾 残障 残疾证 残疾等级",
  ],
  "identity.undisclosed-occupation": ["TNC", "职业身份"],
  "identity.racial-ethnic": [
    "TEU",
    "=race ethnicity ethnicGroup ethnicOrigin ethnic minzu =民族 种族",
  ],
  "identity.political": [
    "TE",
    "politicalStatus politicalView politicalAffiliation politicalParty =party zhengzhiMianmao zzmm 政治面貌 党派",
  ],
  "identity.trade-union": ["TEU", "unionMember unionMembership tradeUnion =工会 工会会员"],
  "health.condition": [
    "TNCEU",
    "disease diagnosis diagnoses symptom symptoms illness medicalCondition healthCondition healthStatus zhenduan jibing jkzk =病症 =诊断 诊断结果 疾病 症状 健康状况 主诉",
  ],
  "health.history": [
    "TNCEU",
    "medicalHistory healthHistory familyHistory bingshi jiwangshi jwbs jws 病史 既往史 家族史",
  ],
  "health.treatment-record": [
    "TNCEU",
    "prescription prescriptions =hospital medicalRecord medication medications surgery treatmentRecord bingli chufang yizhu =用药 病历 医嘱 处方 用药记录 住院记录 手术记录 就诊记录 病历号",
  ],
  "health.test-result": [
    "TNCEU",
    "labResult labResults bloodTest medicalTest =检验 检查报告 检验结果 检验报告 体检报告 检查结果 化验 化验单",
  ],
  "health.allergy-fertility": [
    "TNCEU",
    "allergy allergies allergen pregnant pregnancy pregnancyStatus menstrual guomin gms huaiyun =过敏 药物过敏 食物过敏 过敏史 过敏原 =生育 生育史 怀孕 孕周",
  ],
  "health.mental": [
    "TNCEU",
    "=mental mentalHealth mentalStatus =psych =psychology =心理 xinlijiankang 心理健康 心理状况 精神状况",
  ],
  "health.body-measure": [
    "tnc",
    "=height =weight bodyWeight bodyHeight heightCm weightKg bloodType bloodGroup bloodPressure heartRate bloodSugar bloodGlucose shengao tizhong xuexing xueya 身高 体重 血型 血压 心率 血糖",
  ],
  "financial.account": [
    "TNC",
    "bankCard bankAccount creditCard debitCard =cardNo =cardNumber =account_no =pan iban yinhangka yinhangkahao yinhangzhanghu yhk yhkh yhzh 银行卡 银行账户 银行账号 银行卡号 =账号 卡号",
  ],
  "financial.account-secret": [
    "TNCU",
    "cvv cvv2 cvc =pin cardPin payPassword paymentPassword zhifuMima zfmm 支付密码 交易密码",
  ],
  "financial.deposit": [
    "TNC",
    "=balance accountBalance depositBalance =deposit =存款 存款余额 账户余额 =余额",
  ],
  "financial.transaction": [
    "tc",
    "=transaction =transactions transactionHistory =流水 银行流水 交易流水 消费记录 交易记录",
  ],
  "financial.credit": [
    "TNC",
    "=credit creditScore creditReport =loan loanAmount loanHistory zhengxin 征信 信贷 贷款 信用评分",
  ],
  "financial.property": ["TC", "=property realEstate 房产 不动产"],
  "financial.virtual-property": ["TC", "=wallet walletAddress 虚拟货币 虚拟财产"],
  "location.trajectory": [
    "TNCU",
    "=track =tracks trajectory locationHistory =gps gpsTrack guiji =轨迹 行踪 行踪轨迹",
  ],
  "location.vehicle-trajectory": ["TNCU", "vehicleTrack vehicleTrajectory 行驶轨迹"],
  "location.precise-point": [
    "TNCU",
    "=latitude =longitude =lat =lng =lon userLatitude userLongitude gpsLocation jingdu weidu 经度 纬度 经纬度",
  ],
  "location.lodging": ["TC", "=hotel hotelName hotelRoom =住宿 入住酒店 住宿信息 住宿记录"],
  "minor.under14": [
    "TNC",
    "birthday birthDate dateOfBirth dob =age childAge childName childBirthday kidAge =guardian guardianName jianhuren jhr shengri chusheng csrq nianling chushengriqi 出生日期 出生年月 生日 =年龄 =监护人 监护人姓名 儿童姓名 孩子姓名 孩子年龄",
  ],
  "id-document.cn-id-photo": [
    "TNCU",
    "idCardFront idCardBack idCardPhoto idPhoto 身份证照片 身份证正面 身份证反面",
  ],
  "id-document.cn-id-number": [
    "TCU",
    "idNo idNumber idCard idCardNo residentId identityCard identityNo identityNumber nationalId certNo certNumber certificateNo shenfenzheng shenfenzhenghao sfz sfzh sfzhm zhengjianhao zjhm zjh 身份证 身份证号 证件号 证件号码 公民身份号码 身份号码",
  ],
  "id-document.passport": ["TCU", "passport huzhao huzhaohao hzhm 护照"],
  "id-document.driver-licence": [
    "TCU",
    "driverLicense driverLicence drivingLicense drivingLicence jiashizheng jszh 驾驶证 驾照",
  ],
  "id-document.other-cn": [
    "TC",
    "ssn socialSecurityNumber socialSecurityNo militaryId workPermit residencePermit shebao shebaoka sbkh juzhuzheng junguanzheng 社保 社保卡 居住证 军官证 工作证 港澳通行证 台胞证 回乡证",
  ],
  "sexual.orientation": ["TCEU", "sexualOrientation xingquxiang 性取向"],
  "sexual.life": ["TEU", "sexLife 性生活"],
  "sexual.intimate-image": ["TE", ""],
  "criminal.record": [
    "TNCE",
    "criminal criminalRecord conviction convictions criminalHistory fanzui 犯罪 前科 犯罪记录 违法记录",
  ],
  "private.marital": [
    "TC",
    "marital maritalStatus marriageStatus hunyin hyzk hunyinzhuangkuang 婚姻 婚姻状况 婚史",
  ],
  "private.communication": [
    "TCU",
    "=sms smsContent =chat chatHistory chatLog chatMessages callLog messageContent 通信记录 =通信 =聊天 聊天记录 通话记录 短信内容",
  ],
  "private.contacts": [
    "TC",
    "=contacts contactList addressBook =friends friendList tongxunlu 通讯录 好友列表",
  ],
  "private.browsing": ["TC", "browseHistory browsingHistory searchHistory 浏览 浏览历史 搜索记录"],
  "credential.account": [
    "TnCU",
    "password passwd pwd secret appSecret clientSecret secretKey privateKey apiKey accessKey =token accessToken refreshToken authToken session_key sessionKey sessionId mima dlmm 密码 口令 密钥 私钥",
  ],
  "us.citizenship-immigration": ["U", "immigration immigrationStatus citizenship"],
  "us.neural": ["TNCEU", "eeg eegSamples =neural brainwave naodian 脑电"],
  "contact.phone": [
    "tnceu",
    "=phone =mobile =tel =telephone phoneNumber phoneNo mobileNo mobileNumber mobilePhone contactPhone receiverPhone userPhone cellphone shouji shoujihao =sjh sjhm lxdh lianxidianhua dianhua 手机 手机号 手机号码 电话 电话号码 联系电话",
  ],
  "contact.email": ["tnceu", "=email emailAddress userEmail youxiang 邮箱 电子邮箱"],
  "contact.name": [
    "tnceu",
    "realName trueName fullName =receiver receiverName =consignee consigneeName customerName patientName xingming 姓名 真实姓名 收货人 收件人",
  ],
  "contact.address": [
    "tnceu",
    "=address homeAddress addressDetail detailAddress detailInfo receiverAddress shippingAddress streetAddress dizhi jtzz zhuzhi 家庭住址 住址 收货地址 收件地址 详细地址 =地址",
  ],
  "identifier.network": ["tnceu", ""],
  "identifier.device": ["tnceu", "imei idfa oaid gaid androidId deviceId 设备号"],
  "identifier.platform": ["tnceu", "openid unionid openPid"],
  "identifier.vehicle": [
    "tnceu",
    "licensePlate plateNumber plateNo =vin chepai chepaihao cph 车牌 车牌号 车架号",
  ],
  "identifier.organisation": ["tnceu", ""],
};

/** The classes that a list calls sensitive. */
export function sensitiveCategories(): readonly SensitiveCategoryId[] {
  return Object.keys(DATA_CATEGORIES).filter(
    (id): id is SensitiveCategoryId => !/^(?:contact|identifier)\./.test(id),
  );
}

/** The first word of a category's id: `health`, `contact` … */
export function groupOf(category: DataCategoryId): string {
  return category.slice(0, category.indexOf("."));
}
