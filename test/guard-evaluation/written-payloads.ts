import type { JsonValue, PayloadCase } from "./case.ts";
import { markedPayload } from "./markup.ts";

/** Structures that shops, clinics, schools and devices send. All values are invented. */
const PAYLOADS: readonly (readonly [payload: JsonValue, ...labels: string[]])[] = [
  [
    { orderNo: "20261124880173", mobile: "13912307745", amount: 128.5, remark: "放门口" },
    "phone mobile",
  ],
  [
    { name: "赵倩", sfzh: "⟪cn-resident-id:44030519940213272✓⟫", csrq: "1994-02-13" },
    "cn-resident-id|field sfzh",
    "?field minor.under14 csrq",
  ],
  [
    { xm: "马丽", mz: "回族", zzmm: "中共党员", hyzk: "已婚" },
    "?field identity.racial-ethnic mz",
    "field identity.political zzmm",
    "field private.marital hyzk",
  ],
  [
    { user: { id: 8812, idCard: "⟪cn-resident-id:61011319801124213✓⟫", verified: true } },
    "cn-resident-id|field user/idCard",
  ],
  [
    { bankCard: "⟪bank-card:621700121000344718✓⟫", bankName: "建设银行", holder: "吴桐" },
    "bank-card|field bankCard",
  ],
  [
    { cardNo: "⟪bank-card:453914880343646✓⟫", cvv: "317", expiry: "09/29" },
    "bank-card|field cardNo",
    "field financial.account-secret cvv",
  ],
  [
    { username: "guojing", password: "Shediao_1206" },
    "field|credential credential.account password",
  ],
  [
    { account: "root", passwd: "Zg#2026_db", host: "db.internal" },
    "field|credential credential.account passwd",
  ],
  [
    { 账号: "guojing", 密码: "tianxia5jue" },
    "field|credential credential.account 密码",
    "?field financial.account|credential.account 账号",
  ],
  [
    { session_key: "HyVFkGl5F5OQWJZZaNzBBg==", openid: "oM9xQ4rVt7Kz1LbWc6YnHj0Ps3Fd" },
    "field|credential credential.account session_key",
    "platform-id openid",
  ],
  [
    {
      accessToken: "eyJhbGciOiJIUzI1NiJ9.eyJ1IjoiODgxMjAifQ.bm90LWEtcmVhbC1zaWduYXR1cmUtYXQtYWxs",
      expiresIn: 7200,
    },
    "field|credential credential.account accessToken",
  ],
  [
    { appid: "wx3f2a9c7710bd4e56", appSecret: "7c1f0e9b3a5d42866fb27d90ce41a83b" },
    "field|credential credential.account appSecret",
  ],
  [
    { patient: { name: "何芳", diagnosis: "慢性肾炎", department: "肾内科" } },
    "field|health-term health.condition patient/diagnosis",
  ],
  [
    { 姓名: "何芳", 病历: "反复咳嗽一周，加重两天", 用药: "阿奇霉素0.5g" },
    "field|health-term health.treatment-record 病历",
    "field|health-term health.treatment-record 用药",
  ],
  [
    { medicalHistory: "高血压10年", allergy: "青霉素", bloodType: "A" },
    "field|health-term health.history medicalHistory",
    "field|health-term health.allergy-fertility allergy",
    "field health.body-measure bloodType",
  ],
  [
    { jwbs: "糖尿病5年", gms: "头孢过敏" },
    "field|health-term health.history jwbs",
    "field|health-term health.allergy-fertility gms",
  ],
  [
    { heightCm: 175, weightKg: 68.5, goal: "减脂" },
    "field health.body-measure heightCm",
    "field health.body-measure weightKg",
  ],
  [{ weight: 61.2, measuredAt: "2026-11-24T07:10:00+08:00" }, "field health.body-measure weight"],
  [
    { bloodPressure: { systolic: 138, diastolic: 88 }, heartRate: 76 },
    "field health.body-measure|health.condition|health.test-result bloodPressure",
    "?field health.body-measure|health.test-result heartRate",
  ],
  [
    { labResult: [{ item: "HBsAg", value: "阳性" }], reportNo: "LIS2611240031" },
    "field|health-term health.test-result labResult",
  ],
  [
    { 过敏史: "芒果", 生育史: "孕1产1" },
    "field|health-term health.allergy-fertility|health.history 过敏史",
    "field|health-term health.allergy-fertility|health.history 生育史",
  ],
  [{ pregnant: true, dueDate: "2027-02-10" }, "field health.allergy-fertility pregnant"],
  [
    { mentalHealth: "焦虑", scale: { name: "GAD-7", score: 14 } },
    "field|health-term health.mental mentalHealth",
  ],
  [
    { prescription: ["阿托伐他汀20mg qn", "阿司匹林100mg qd"], doctorId: 77 },
    "field|health-term health.treatment-record prescription",
  ],
  [{ religion: "佛教", diet: "素食" }, "field|belief-term religion.belief religion"],
  [{ 宗教信仰: "伊斯兰教", 籍贯: "宁夏" }, "field|belief-term religion.belief 宗教信仰"],
  [
    { zongjiaoxinyang: "基督教", minzu: "汉族" },
    "field|belief-term religion.belief zongjiaoxinyang",
    "field identity.racial-ethnic minzu",
  ],
  [
    { ethnicity: "Uyghur", political_status: "群众" },
    "field identity.racial-ethnic ethnicity",
    "field identity.political political_status",
  ],
  [
    { 民族: "藏族", 政治面貌: "共青团员", 婚姻状况: "离异" },
    "field identity.racial-ethnic 民族",
    "field identity.political 政治面貌",
    "field private.marital 婚姻状况",
  ],
  [{ unionMember: "Unite, branch 88", role: "steward" }, "field identity.trade-union unionMember"],
  [
    { 残疾证号: "44010619750610331X42", 残疾类别: "肢体二级" },
    "field|cn-resident-id identity.disability 残疾证号",
    "field identity.disability 残疾类别",
  ],
  [
    { sexualOrientation: "gay", lookingFor: "friends" },
    "field sexual.orientation sexualOrientation",
  ],
  [
    { criminalRecord: "2014年故意伤害，有期徒刑一年", checkedAt: "2026-10-01" },
    "field criminal.record criminalRecord",
  ],
  [{ maritalStatus: "divorced", children: 1 }, "field private.marital maritalStatus"],
  [
    {
      contacts: [
        { name: "爸", phone: "13905712284" },
        { name: "妈", phone: "13957144019" },
      ],
    },
    "field private.contacts contacts",
    "phone contacts/0/phone",
  ],
  [
    { 通讯录: [{ 姓名: "老周", 电话: "13851447203" }] },
    "field private.contacts 通讯录",
    "phone 通讯录/0/电话",
  ],
  [
    {
      chatRecord: [
        { from: "a", text: "晚上老地方见" },
        { from: "b", text: "好" },
      ],
    },
    "field private.communication chatRecord",
  ],
  [
    { smsContent: "妈，我到了，别担心", at: 1795487415482 },
    "field private.communication smsContent",
  ],
  [{ browseHistory: ["/p/1029", "/p/2201"], uid: 8812 }, "field private.browsing browseHistory"],
  [{ 浏览记录: ["孕妇装", "叶酸"] }, "field|health-term private.browsing 浏览记录"],
  [
    { latitude: 39.908712, longitude: 116.397526, accuracy: 15 },
    "field|coordinates location.precise-point latitude",
    "field|coordinates location.precise-point longitude",
  ],
  [
    { lat: 22.546738, lng: 113.945312 },
    "field|coordinates location.precise-point lat",
    "field|coordinates location.precise-point lng",
  ],
  [
    {
      gps: [
        [116.397526, 39.908712],
        [116.39824, 39.909133],
      ],
    },
    "field|coordinates location.trajectory|location.precise-point gps",
  ],
  [
    { trajectory: "39.908712,116.397526;39.909133,116.398240;39.910007,116.399118" },
    "field|coordinates location.trajectory trajectory",
  ],
  [
    { 行驶轨迹: ["G15沈海高速", "S32申嘉湖"], 车牌: "沪B·K8203" },
    "field location.vehicle-trajectory|location.trajectory 行驶轨迹",
    "plate 车牌",
  ],
  [
    { hotelName: "江畔酒店", roomNo: "1806", checkIn: "2026-11-24" },
    "field location.lodging hotelName",
    "?field location.lodging roomNo",
    "?field location.lodging checkIn",
  ],
  [{ birthday: "2018-05-20", nickname: "小满" }, "field|child-birth-date minor.under14 birthday"],
  [
    { childName: "一诺", age: 6, gender: "F" },
    "field|child-age minor.under14 age",
    "?field minor.under14 childName",
  ],
  [
    { student: { name: "陈可欣", dob: "2017-09-14", guardian: "陈建国" } },
    "field|child-birth-date minor.under14 student/dob",
    "field minor.under14 student/guardian",
  ],
  [{ jhr: "王涛", jhrdh: "13588204471" }, "field minor.under14 jhr", "phone jhrdh"],
  [
    { passportNo: "E83017254", nationality: "CHN", expiry: "2031-04-18" },
    "passport|field passportNo",
    "?field us.citizenship-immigration nationality",
  ],
  [{ huzhao: "EJ3820471", xingming: "徐琳" }, "passport|field huzhao"],
  [
    { driverLicense: "320102199108233029", class: "C1" },
    "field|cn-resident-id id-document.driver-licence driverLicense",
  ],
  [
    { 驾驶证号: "⟪cn-resident-id:32010219910823302✓⟫", 准驾车型: "C1" },
    "field|cn-resident-id id-document.driver-licence 驾驶证号",
  ],
  [{ ssn: "078-05-1120", lastName: "Reyes" }, "field id-document.other-cn ssn"],
  [{ 社保卡号: "A0284471X", 参保地: "成都" }, "field id-document.other-cn 社保卡号"],
  [
    {
      idCardFront: "https://cdn.example.cn/u/8812/front.jpg",
      idCardBack: "https://cdn.example.cn/u/8812/back.jpg",
    },
    "field id-document.cn-id-photo idCardFront",
    "field id-document.cn-id-photo idCardBack",
  ],
  [{ 身份证照片: "cloud://prod-1/idcard/88.jpg" }, "field id-document.cn-id-photo 身份证照片"],
  [{ faceToken: "ftk_9f3b7c1e5a8d4f02", liveness: 0.98 }, "field biometric.face faceToken"],
  [
    { fingerprintTemplate: "Rk1SACAyMAAAAADkAAgAyQFnAMUAxQEAAAARIQ==" },
    "field biometric.fingerprint fingerprintTemplate",
  ],
  [{ voiceprint: [0.0123, -0.4411, 0.2207, 0.9001] }, "field biometric.voiceprint voiceprint"],
  [
    { 声纹: "vp_88120", 指纹: "fp_2201", 虹膜: "ir_7" },
    "field biometric.voiceprint 声纹",
    "field biometric.fingerprint 指纹",
    "field biometric.iris 虹膜",
  ],
  [{ gaitFeature: "AQIDBAUGBwg=", cameraId: "c-17" }, "field biometric.palm-ear-gait gaitFeature"],
  [
    { dnaSample: "GSM-20771", genotype: "rs1801133 CT" },
    "field biometric.genetic dnaSample",
    "field biometric.genetic genotype",
  ],
  [{ balance: 3520.75, currency: "CNY" }, "field financial.deposit balance"],
  [
    { 余额: "3,520.75", 流水: [{ 时间: "11-23", 金额: -300 }] },
    "field financial.deposit 余额",
    "field financial.transaction 流水",
  ],
  [
    { creditScore: 712, loanAmount: 200000 },
    "field financial.credit creditScore",
    "field financial.credit loanAmount",
  ],
  [
    { 征信: "逾期2次", 房产: "杭州市西湖区一套" },
    "field financial.credit 征信",
    "field financial.property 房产",
  ],
  [
    { walletAddress: "0x7a3f9c1E5b8D2046aF1c77E9b3D05C4481aB62f0", chain: "eth" },
    "field financial.virtual-property walletAddress",
  ],
  [
    { payPassword: "830194", orderId: 99120 },
    "field|credential financial.account-secret payPassword",
  ],
  [
    { zfmm: "830194", yhkh: "⟪bank-card:621483655512087✓⟫" },
    "field|credential financial.account-secret zfmm",
    "bank-card|field yhkh",
  ],
  [
    { shenfenzheng: "⟪cn-resident-id:51010719561103002✓⟫", shoujihao: "13808221744" },
    "cn-resident-id|field shenfenzheng",
    "phone shoujihao",
  ],
  [{ zjhm: "⟪cn-resident-id:22010219701008331✓⟫", zjlx: "01" }, "cn-resident-id|field zjhm"],
  [{ yinhangkahao: "⟪bank-card:622848003712004415✓⟫" }, "bank-card|field yinhangkahao"],
  [
    { hunyinzhuangkuang: "1", xuexing: "O" },
    "field private.marital hunyinzhuangkuang",
    "field health.body-measure xuexing",
  ],
  [{ mima: "Hc@20771" }, "field|credential credential.account mima"],
  [
    { immigrationStatus: "H-1B", citizenship: "IND" },
    "field us.citizenship-immigration immigrationStatus",
    "field us.citizenship-immigration citizenship",
  ],
  [{ eegSamples: [12, 15, 9, -3, 7], device: "band-2" }, "field us.neural eegSamples"],
  // What is recognised by its content, under a name that says nothing.
  [{ key: "note-1", value: "客户电话13788204415，下午联系" }, "phone value"],
  [{ text: "联系 zhou.j@lantern-books.com 开票" }, "email text"],
  [{ remark: "身份证⟪cn-resident-id:33010619950920102✓⟫，两间房" }, "cn-resident-id remark"],
  [{ q: "⟪bank-card:621700121003447182✓⟫" }, "bank-card q"],
  [{ data: ["⟪cn-resident-id:42010619880214123✓⟫", "ok", 200] }, "cn-resident-id data/0"],
  [
    {
      rows: [
        ["赵倩", "13630217784"],
        ["王芳", "15810093327"],
      ],
    },
    "phone rows/0/1",
  ],
  [{ p1: "⟪vin:LSGJA52U✓DS074418⟫", p2: "沪C·7N305" }, "vin p1", "plate p2"],
  [
    { v: "⟪unified-social-credit-code:91440300MA5F2K7R✓✓⟫", n: "鲸落科技" },
    "unified-social-credit-code v",
  ],
  [{ title: "实名", body: "HKID ⟪hk-id:K482107(✓)⟫" }, "hk-id body"],
  [{ extra: "身分證字號⟪tw-id:F12840731✓⟫" }, "tw-id extra"],
  [{ comment: "我有哮喘，香味重吗" }, "health-term comment"],
  [{ content: "孩子今年6岁，想报名" }, "child-age content"],
  [{ answer: "本人是穆斯林" }, "belief-term answer"],
  [{ ext: { a: { b: { c: "手机 13912345678" } } } }, "phone ext/a/b/c"],
  [{ payload: '{"mobile":"13912345678","qty":1}' }, "phone payload"],
  [{ imei: "⟪imei:86472103517092✓⟫", model: "M2102K1C" }, "imei|field imei"],
  [{ deviceId: "⟪imei:35332508801476✓⟫", os: "Android 14" }, "?imei|field deviceId"],
  [{ oaid: "1fe9a970-efbb-29e0-0bdd-f5dbbf751ab5", brand: "HUAWEI" }, "advertising-id|field oaid"],
  [{ idfa: "6D92078A-8246-4BA4-AE5B-76104861E7DC" }, "advertising-id|field idfa"],
  [{ mac: "3C:7C:3F:1A:90:D2", ssid: "home-5G" }, "mac-address|field mac"],
  [{ clientIp: "113.87.160.42", path: "/api/items" }, "ip-address|field clientIp"],
  [{ unionid: "o6Bm-T2kXq9ZsVw4LrPj7HcYd1Nf", subscribe: 1 }, "platform-id|field unionid"],
  [
    { FromUserName: "oKx7V5Qd2mYtR8wBn3ZcLp0HsJ4E", MsgType: "text", Content: "你好" },
    "platform-id|field FromUserName",
  ],
  [{ tel: "021-58763300转8216", dept: "售后" }, "phone tel"],
  [{ phone: "+852 9124 7730", region: "HK" }, "phone phone"],
  [{ receiver: { name: "林志豪", tel: "0933-120-845", city: "台北" } }, "phone receiver/tel"],
  [{ phoneNumber: 13912345678 }, "phone phoneNumber"],
  [{ idNo: "K482107(1)" }, "field|hk-id id-document.cn-id-number idNo"],
  [
    { IDNumber: "⟪cn-resident-id:35020320010903101✓⟫", Name: "SU QING" },
    "cn-resident-id|field IDNumber",
  ],
  [{ "id-card": "⟪cn-resident-id:45010319771230421✓⟫" }, "cn-resident-id|field id-card"],
  [{ ID_CARD_NO: "⟪cn-resident-id:50010319680402261✓⟫" }, "cn-resident-id|field ID_CARD_NO"],
  [
    { order: { buyer: { 身份证号码: "⟪cn-resident-id:41010519970811052✓⟫" } } },
    "cn-resident-id|field order/buyer/身份证号码",
  ],
  [
    {
      list: [
        { id: 1, bank_account: "6222 0212 0001 7358" },
        { id: 2, bank_account: "110060576018150177743" },
      ],
    },
    "field|bank-card financial.account list/0/bank_account",
  ],
  [
    { form: { health_status: "良好", disability: "无" } },
    "?field health.condition form/health_status",
    "?field identity.disability form/disability",
  ],
  [
    { newPassword: "Kf7-moon-lake", confirmPassword: "Kf7-moon-lake" },
    "field|credential credential.account newPassword",
    "field|credential credential.account confirmPassword",
  ],
  [
    { refresh_token: "rt_0a9Xc7Lw2Qm5Zk8Vb1Nd4", scope: "profile" },
    "field|credential credential.account refresh_token",
  ],
  [
    { 病史: "2019年阑尾切除", 医嘱: "低盐饮食" },
    "field|health-term health.history 病史",
    "field|health-term health.treatment-record 医嘱",
  ],
  [{ emergency: { relation: "父亲", phone: "0931-8472210" } }, "phone emergency/phone"],
  [
    { guardian_name: "张涛", guardian_phone: "13588204471" },
    "field minor.under14 guardian_name",
    "phone guardian_phone",
  ],
  [
    {
      invoice: {
        type: "专票",
        taxNo: "⟪unified-social-credit-code:91320594MA1X7T2B✓✓⟫",
        email: "fp@chenghu-info.com",
      },
    },
    "unified-social-credit-code invoice/taxNo",
    "email invoice/email",
  ],
  [
    { bloodGlucose: 7.8, mealState: "餐后2小时" },
    "field health.body-measure|health.test-result|health.condition bloodGlucose",
  ],
  [{ symptom: "咳嗽、低热", onset: "2026-11-22" }, "field|health-term health.condition symptom"],
];

export const writtenPayloads: readonly PayloadCase[] = PAYLOADS.map(([payload, ...labels], index) =>
  markedPayload(`payload-${index + 1}`, "written", payload, labels),
);
