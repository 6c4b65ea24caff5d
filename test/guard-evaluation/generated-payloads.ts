import type { JsonValue, PayloadCase } from "./case.ts";
import { markedPayload } from "./markup.ts";
import { createRandom, type Random } from "./random.ts";

interface FieldNames {
  /** Categories that are right; several where people may differ. */
  readonly categories: string;
  /** English names as words; each is written in one of five styles. */
  readonly english: readonly string[];
  /** Written as they are: Chinese, pinyin and its initials. */
  readonly other: readonly string[];
  readonly values: readonly JsonValue[];
  /** Content types that are as right for these values. */
  readonly also?: string;
}

const FIELDS: readonly FieldNames[] = [
  {
    categories: "id-document.cn-id-number",
    english: [
      "id card",
      "id card no",
      "id card number",
      "id number",
      "resident id",
      "identity card number",
      "identity no",
      "citizen id",
    ],
    other: [
      "身份证",
      "身份证号",
      "身份证号码",
      "证件号码",
      "公民身份号码",
      "sfzh",
      "sfzhm",
      "zjhm",
      "shenfenzheng",
      "shenfenzhenghao",
    ],
    values: [
      "⟪cn-resident-id:42010619880214123✓⟫",
      "⟪cn-resident-id:33010619950920102✓⟫",
      "⟪cn-resident-id:51010719561103002✓⟫",
    ],
    also: "cn-resident-id",
  },
  {
    categories: "id-document.passport",
    english: ["passport", "passport no", "passport number"],
    other: ["护照", "护照号", "护照号码", "huzhao", "huzhaohao", "hzhm"],
    values: ["E83017254", "EJ3820471", "G50281147"],
    also: "passport",
  },
  {
    categories: "id-document.driver-licence",
    english: ["driver license", "driver licence no", "driving license number", "driving licence"],
    other: ["驾驶证", "驾驶证号", "驾照", "jiashizheng", "jszh"],
    values: ["110004471820", "D4471-20811-65"],
  },
  {
    categories: "id-document.other-cn",
    english: ["ssn", "social security number"],
    other: ["社保卡号", "社保号", "居住证号", "军官证号", "shebao", "sbkh"],
    values: ["A0284471X", "88-2047-1170"],
  },
  {
    categories: "id-document.cn-id-photo",
    english: ["id card front", "id card back", "id card photo", "id card image"],
    other: ["身份证照片", "身份证正面", "身份证反面"],
    values: ["https://cdn.example.cn/u/8812/a.jpg", "cloud://prod-1/idcard/88.jpg"],
  },
  {
    categories: "financial.account",
    english: [
      "bank card",
      "bank card no",
      "bank account",
      "credit card",
      "credit card number",
      "debit card",
      "card number",
      "account number",
    ],
    other: [
      "银行卡",
      "银行卡号",
      "银行账户",
      "银行账号",
      "yhkh",
      "yhzh",
      "yinhangka",
      "yinhangkahao",
    ],
    values: [
      "⟪bank-card:621700121000344718✓⟫",
      "⟪bank-card:622848003712004415✓⟫",
      "⟪bank-card:453914880343646✓⟫",
    ],
    also: "bank-card",
  },
  {
    categories: "financial.account-secret|credential.account",
    english: ["pay password", "payment password", "card pin"],
    other: ["支付密码", "交易密码", "取款密码", "zfmm", "zhifumima"],
    values: ["830194", "317204"],
    also: "credential",
  },
  {
    categories: "financial.account-secret",
    english: ["cvv", "card cvv"],
    other: [],
    values: ["317", "902"],
    also: "credential",
  },
  {
    categories: "financial.deposit",
    english: ["balance", "account balance", "deposit balance"],
    other: ["余额", "账户余额", "存款"],
    values: [3520.75, "18,204.10", 88],
  },
  {
    categories: "financial.transaction",
    english: ["transactions", "transaction history"],
    other: ["流水", "交易流水", "消费记录", "交易记录"],
    values: [[{ at: "2026-11-23", amount: -300 }]],
  },
  {
    categories: "financial.credit",
    english: ["credit score", "credit report", "loan amount", "loan history"],
    other: ["征信", "征信报告", "信贷记录", "贷款金额"],
    values: [712, 200000],
  },
  {
    categories: "credential.account",
    english: [
      "password",
      "passwd",
      "login password",
      "user password",
      "access token",
      "session key",
      "client secret",
      "app secret",
      "api secret",
      "auth token",
    ],
    other: ["密码", "登录密码", "mima", "dlmm"],
    values: ["Winter#2026x", "h7Kq2mZx9Lw4", "tiihtNczf5v6AKRyjwEUhQ=="],
    also: "credential",
  },
  {
    categories: "health.condition",
    english: [
      "disease",
      "diagnosis",
      "symptom",
      "symptoms",
      "health condition",
      "medical condition",
      "primary diagnosis",
    ],
    other: ["疾病", "诊断", "病症", "症状", "健康状况", "jibing", "zhenduan", "jkzk"],
    values: ["慢性肾炎", "asthma", "偏头痛"],
    also: "health-term",
  },
  {
    categories: "health.history|health.condition",
    english: ["medical history", "past medical history", "family medical history"],
    other: ["病史", "既往病史", "既往史", "家族病史", "jwbs", "jiwangshi", "bingshi"],
    values: ["高血压10年", "2019年阑尾切除", "stroke in 2021"],
    also: "health-term",
  },
  {
    categories: "health.treatment-record",
    english: ["prescription", "prescriptions", "medical record", "treatment record", "medication"],
    other: ["病历", "处方", "医嘱", "用药", "用药记录", "就诊记录", "bingli", "chufang"],
    values: ["阿托伐他汀20mg qn", "低盐饮食，一周后复诊", "ibuprofen 400 mg"],
    also: "health-term",
  },
  {
    categories: "health.test-result",
    english: ["lab result", "lab results", "blood test result", "medical test result"],
    other: ["检验结果", "检查报告", "化验单", "体检报告", "检验报告"],
    values: ["HBsAg 阳性", "LDL 4.1 mmol/L"],
    also: "health-term",
  },
  {
    categories: "health.allergy-fertility|health.history",
    english: ["allergy", "allergies", "allergy history", "pregnancy status"],
    other: ["过敏史", "过敏", "药物过敏", "生育史", "怀孕", "gms", "guominshi"],
    values: ["青霉素", "孕12周", "latex"],
    also: "health-term",
  },
  {
    categories: "health.mental|health.condition",
    english: ["mental health", "mental status", "mental illness"],
    other: ["心理健康", "心理状况", "精神状况", "xinlijiankang"],
    values: ["焦虑", "moderate depression"],
    also: "health-term",
  },
  {
    categories: "health.body-measure",
    english: ["height cm", "body weight", "weight", "height", "weight kg"],
    other: ["身高", "体重", "shengao", "tizhong"],
    values: [172, "68kg", 61.5, "175cm"],
  },
  {
    categories: "health.body-measure",
    english: ["blood type", "blood group"],
    other: ["血型", "xuexing"],
    values: ["A", "O", "AB"],
  },
  {
    categories: "health.body-measure|health.test-result|health.condition",
    english: ["blood pressure"],
    other: ["血压", "xueya"],
    values: ["138/88"],
    also: "health-term",
  },
  {
    categories: "religion.belief",
    english: ["religion", "religious belief", "faith", "religious affiliation"],
    other: ["宗教", "宗教信仰", "信仰", "zongjiao", "zongjiaoxinyang", "zjxy"],
    values: ["佛教", "Islam", "基督教"],
    also: "belief-term",
  },
  {
    categories: "identity.racial-ethnic",
    english: ["ethnicity", "ethnic group", "race", "ethnic origin"],
    other: ["民族", "种族", "minzu"],
    values: ["藏族", "Uyghur", "满族"],
  },
  {
    categories: "identity.political",
    english: ["political status", "political affiliation", "political party"],
    other: ["政治面貌", "党派", "zzmm", "zhengzhimianmao"],
    values: ["中共党员", "共青团员", "independent"],
  },
  {
    categories: "identity.disability",
    english: ["disability", "disability type", "disability level"],
    other: ["残疾", "残疾类别", "残疾等级", "残障情况", "canji"],
    values: ["肢体二级", "hearing, level 3"],
  },
  {
    categories: "identity.trade-union",
    english: ["union member", "trade union", "union membership"],
    other: ["工会会员"],
    values: ["Unite, branch 88", "是"],
  },
  {
    categories: "private.marital",
    english: ["marital status", "marriage status", "marital"],
    other: ["婚姻", "婚姻状况", "婚姻状态", "hyzk", "hunyin", "hunyinzhuangkuang"],
    values: ["已婚", "divorced", "丧偶"],
  },
  {
    categories: "sexual.orientation",
    english: ["sexual orientation"],
    other: ["性取向", "xingquxiang"],
    values: ["bisexual", "同性"],
  },
  {
    categories: "criminal.record",
    english: ["criminal record", "criminal history", "conviction", "convictions"],
    other: ["犯罪记录", "前科", "违法犯罪记录"],
    values: ["2014年，有期徒刑一年", "theft, 2018"],
  },
  {
    categories: "minor.under14",
    english: ["birthday", "date of birth", "birth date", "dob"],
    other: ["出生日期", "生日", "csrq", "chushengriqi", "shengri"],
    values: ["2018-05-20", "2020/11/03", "2016-09-14"],
    also: "child-birth-date",
  },
  {
    categories: "minor.under14",
    english: ["guardian", "guardian name"],
    other: ["监护人", "监护人姓名", "jhr", "jianhuren"],
    values: ["王涛", "陈建国"],
  },
  {
    categories: "biometric.face",
    english: ["face token", "face feature", "face id", "face image", "face template"],
    other: ["人脸", "人脸特征", "renlian"],
    values: ["ftk_9f3b7c1e5a8d4f02", "AQIDBAUGBwgJCgsMDQ4P"],
  },
  {
    categories: "biometric.fingerprint",
    english: ["fingerprint", "fingerprint template"],
    other: ["指纹", "指纹特征", "zhiwen"],
    values: ["Rk1SACAyMAAAAADkAAgAyQFn"],
  },
  {
    categories: "biometric.voiceprint",
    english: ["voiceprint", "voice print"],
    other: ["声纹", "shengwen"],
    values: ["vp_88120_a7"],
  },
  {
    categories: "biometric.iris",
    english: ["iris", "iris template", "retina scan"],
    other: ["虹膜", "hongmo"],
    values: ["ir_77a_0912"],
  },
  {
    categories: "biometric.genetic",
    english: ["dna", "dna sequence", "genotype", "gene data"],
    other: ["基因", "基因检测"],
    values: ["rs1801133 CT", "GATTACA"],
  },
  {
    categories: "location.precise-point|location.trajectory",
    english: ["latitude", "longitude", "gps location", "lat", "lng"],
    other: ["纬度", "经度", "jingdu", "weidu"],
    values: [31.230416, "121.473701"],
    also: "coordinates",
  },
  {
    categories: "location.trajectory|location.vehicle-trajectory",
    english: ["trajectory", "gps track", "location history", "vehicle track"],
    other: ["轨迹", "行踪轨迹", "行驶轨迹", "guiji"],
    values: [["39.908712,116.397526", "39.909133,116.398240", "39.910007,116.399118"]],
    also: "coordinates",
  },
  {
    categories: "location.lodging",
    english: ["hotel", "hotel name"],
    other: ["住宿", "住宿信息", "入住酒店"],
    values: ["江畔酒店 1806"],
  },
  {
    categories: "private.contacts",
    english: ["contacts", "address book", "friends"],
    other: ["通讯录", "好友列表", "tongxunlu"],
    values: [[{ n: "老周", r: "同事" }]],
  },
  {
    categories: "private.communication",
    english: ["chat history", "chat record", "sms content", "chat messages"],
    other: ["聊天记录", "通信记录", "短信内容", "通话记录"],
    values: ["晚上老地方见", "see you at seven"],
  },
  {
    categories: "private.browsing",
    english: ["browse history", "browsing history", "search history"],
    other: ["浏览记录", "搜索记录", "浏览历史"],
    values: [["/p/1029", "/p/2201"]],
  },
  {
    categories: "us.citizenship-immigration",
    english: ["immigration status", "citizenship", "citizenship status"],
    other: [],
    values: ["H-1B", "permanent resident"],
  },
];

const STYLES: readonly ((words: readonly string[]) => string)[] = [
  ([first, ...rest]) => first! + rest.map(capital).join(""),
  (words) => words.join("_"),
  (words) => words.map(capital).join(""),
  (words) => words.join("-"),
  (words) => words.join("_").toUpperCase(),
];

/** Members that say nothing of a person; the name stands among some of them. */
const PLAIN: Readonly<Record<string, JsonValue>> = {
  id: 88120,
  orderNo: "20261124880173",
  status: "PAID",
  createdAt: "2026-11-24T10:30:15+08:00",
  amount: 128.5,
  sku: "A-102",
  page: 1,
  source: "mini-program",
  remark: "尽快发货",
  version: "3.2.1",
  lang: "zh-CN",
  enabled: true,
};

const random = createRandom(77);

export const generatedPayloads: readonly PayloadCase[] = FIELDS.flatMap((field) =>
  [
    ...field.english.map((name, index) => styled(name, index + field.english.length)),
    ...field.other,
  ].map((name) => {
    const { payload, path } = wrapped(name, random.pick(field.values), random);
    const type = ["field", ...(field.also ? [field.also] : [])].join("|");
    return markedPayload(
      `made-field-${field.categories.split("|")[0]!}-${name}`,
      "generated",
      payload,
      [`${type} ${field.categories} ${path}`],
    );
  }),
);

function styled(name: string, index: number): string {
  return STYLES[index % STYLES.length]!(name.split(" "));
}
function capital(word: string): string {
  return word[0]!.toUpperCase() + word.slice(1);
}

function wrapped(
  name: string,
  value: JsonValue,
  random: Random,
): { readonly payload: JsonValue; readonly path: string } {
  const keys = Object.keys(PLAIN);
  const plain = Object.fromEntries(
    Array.from({ length: 1 + random.below(3) }, () => {
      const key = random.pick(keys);
      return [key, PLAIN[key]!];
    }),
  );
  const member = { ...plain, [name]: value };
  switch (random.below(5)) {
    case 0:
      return { payload: { data: member, code: 0 }, path: `data/${name}` };
    case 1:
      return { payload: { list: [{ ...plain }, member] }, path: `list/1/${name}` };
    case 2:
      return { payload: { form: { basic: member } }, path: `form/basic/${name}` };
    default:
      return { payload: member, path: name };
  }
}
