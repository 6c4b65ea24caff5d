import type { EvaluatedType, TextCase } from "./case.ts";
import { typesByCheckDigit } from "./check-digit.ts";
import * as invented from "./invented-value.ts";
import { markedText } from "./markup.ts";
import { createRandom, type Random } from "./random.ts";

/** One sort of value in the texts it stands in; `{}` is its place. */
interface Series {
  readonly type: EvaluatedType | `${EvaluatedType}|${EvaluatedType}`;
  readonly name: string;
  readonly count: number;
  readonly value: (random: Random) => string;
  readonly texts: readonly string[];
}

const ANYWHERE = [
  "{}",
  "帮我登记一下{}，谢谢",
  "资料已补充：{}（本人）",
  "2026-11-24 10:30:15 INFO input={} cost=12ms",
  "row,value\n1,{}\n2,-",
  "please check {} for me",
  "订单20261124880173备注：{}",
  "'{}'",
  "[{}] 提交成功，耗时312ms",
  "我填的是{}。",
];

const SERIES: readonly Series[] = [
  {
    type: "cn-resident-id",
    name: "resident-id",
    count: 150,
    value: invented.residentId,
    texts: [
      "身份证号：{}",
      "我的身份证是{}，请核实",
      "ID card no. {}",
      "证件号码{}有效期至2036年",
      "idNo={}&ts=1795487415482",
      "乘客张三 {} 二等座",
      "公民身份号码 {}",
    ],
  },
  {
    type: "cn-foreign-permit",
    name: "foreign-permit",
    count: 30,
    value: invented.foreignPermit,
    texts: [
      "外国人永久居留证 {}",
      "外国人永久居留身份证号码：{}",
      "永居证号{}，可以买票吗",
      "Foreign permanent resident ID card: {}",
      "永久居留证件号 {} 已登记",
    ],
  },
  {
    type: "unified-social-credit-code",
    name: "credit-code",
    count: 115,
    value: invented.unifiedCreditCode,
    texts: [
      ...ANYWHERE,
      "统一社会信用代码：{}",
      "税号{}，开专票",
      "纳税人识别号 {} 地址电话同上",
      "USCC {} (China)",
    ],
  },
  {
    type: "bank-card",
    name: "bank-card",
    count: 150,
    value: invented.bankCard,
    texts: [
      ...ANYWHERE,
      "银行卡号：{}",
      "退款到{}这张卡",
      "card number {} declined",
      "卡号 {} 有效期09/29",
    ],
  },
  {
    type: "phone",
    name: "mobile",
    count: 130,
    value: invented.mobile,
    texts: [
      ...ANYWHERE,
      "电话{}",
      "手机：{}",
      "收件人李静 {} 江苏省苏州市",
      "call me at {} tomorrow",
      "tel:{}",
      "mobile={}&code=8216",
    ],
  },
  {
    type: "phone",
    name: "landline",
    count: 35,
    value: invented.landline,
    texts: ["电话：{}", "联系{}，上班时间", "公司座机 {}", "Tel {}", "门店电话{}，营业至22:00"],
  },
  {
    type: "phone",
    name: "foreign-phone",
    count: 55,
    value: invented.foreignPhone,
    texts: [
      "电话：{}",
      "手機 {} 聯絡",
      "call {} please",
      "Phone: {}, evenings only",
      "收件人电话{}，海外仓",
    ],
  },
  {
    type: "passport",
    name: "passport",
    count: 45,
    value: invented.passport,
    texts: [
      "护照号：{}",
      "护照{}，签证办理中",
      "passport no. {}",
      "护照号码 {} 有效期2031-04-18",
      "Passport: {} (China)",
    ],
  },
  {
    type: "travel-permit",
    name: "permit-hong-kong",
    count: 20,
    value: (random) => `${random.pick(["H", "M"])}${random.digits(8)}`,
    texts: [
      "回乡证 {}",
      "港澳居民来往内地通行证：{}",
      "回乡证号{}可以取票吗",
      "Home return permit no. {}",
    ],
  },
  {
    type: "travel-permit",
    name: "permit-taiwan",
    count: 15,
    value: (random) => random.digits(8),
    texts: ["台胞证{}", "台胞证号：{}", "台湾居民来往大陆通行证 {}"],
  },
  {
    type: "travel-permit|passport",
    name: "permit-mainland",
    count: 15,
    value: (random) => `C${random.pick([random.digits(1), "A", "E"])}${random.digits(7)}`,
    texts: ["往来港澳通行证 {}", "港澳通行证号码：{}", "通行证{}，签注一次"],
  },
  {
    type: "hk-id",
    name: "hong-kong-id",
    count: 95,
    value: invented.hongKongId,
    texts: [...ANYWHERE, "香港身份证{}", "HKID: {}", "香港身份證號碼 {}"],
  },
  {
    type: "hk-id",
    name: "hong-kong-id-bare",
    count: 15,
    value: invented.bareHongKongId,
    texts: ["香港身份证号：{}", "HKID {}", "香港身份證號碼{}"],
  },
  {
    type: "mo-id",
    name: "macao-id",
    count: 30,
    value: invented.macaoId,
    texts: ["澳门身份证 {}", "澳門居民身份證號碼：{}", "Macau ID {}", "澳门居民身份证号{}，已核对"],
  },
  {
    type: "tw-id",
    name: "taiwan-id",
    count: 115,
    value: invented.taiwanId,
    texts: [
      "身分證字號：{}",
      "台湾身份证{}",
      "身分證 {} 已驗證",
      "Taiwan ID no. {}",
      "統一編號（居留證）{}",
      "旅客林志豪 身分證字號 {} 台北",
    ],
  },
  {
    type: "plate",
    name: "plate",
    count: 70,
    value: invented.plate,
    texts: [
      "车牌{}",
      "车牌号：{}",
      "{} 已入场",
      "请{}车主挪车",
      "入口相机 {} 置信度0.98",
      "plate={}&gate=3",
      "违停车辆{}已拍照",
    ],
  },
  {
    type: "vin",
    name: "vin",
    count: 115,
    value: invented.vin,
    texts: [...ANYWHERE, "车架号：{}", "车辆识别代号 {}", "VIN {}"],
  },
  {
    type: "email",
    name: "email",
    count: 120,
    value: invented.email,
    texts: [
      ...ANYWHERE,
      "邮箱：{}",
      "发到{}就行",
      "我的邮箱是{}，谢谢",
      "email={}",
      "<{}>",
      "联系{}或微信",
    ],
  },
  {
    type: "ip-address",
    name: "ip-address",
    count: 60,
    value: invented.ipAddress,
    texts: [
      "登录IP：{}",
      "client {} - - [24/Nov/2026:10:30:15 +0800]",
      "ip={}",
      "from {} port 51234",
      "来自{}的请求被拒绝",
    ],
  },
  {
    type: "mac-address",
    name: "mac-address",
    count: 40,
    value: invented.macAddress,
    texts: ["MAC地址 {}", "mac={}", "wlan0 {} up", "设备{}已上线", "蓝牙 {} 已配对"],
  },
  {
    type: "imei",
    name: "imei",
    count: 110,
    value: invented.imei,
    texts: [
      "IMEI：{}",
      "IMEI {} 已激活",
      "手机串号{}，请锁定",
      "imei={}&chn=huawei",
      "device imei: {}",
      "串号（IMEI）：{}",
    ],
  },
  {
    type: "advertising-id",
    name: "advertising-id",
    count: 40,
    value: invented.uuid,
    texts: [
      "IDFA: {}",
      "oaid={}",
      "gaid {} lat=0",
      "OAID：{}",
      "设备IDFA为{}",
      "advertising id {}",
    ],
  },
  {
    type: "coordinates",
    name: "point",
    count: 45,
    value: invented.point,
    texts: ["定位：{}", "当前位置({})", "loc={}", "坐标 {} 附近", "GPS {} accuracy 12m"],
  },
  {
    type: "coordinates",
    name: "track",
    count: 20,
    value: invented.track,
    texts: ["轨迹：{}", "track={}", "骑行路线 {} 已保存", "{}"],
  },
  {
    type: "platform-id",
    name: "platform-id",
    count: 45,
    value: invented.platformId,
    texts: [
      "openid: {}",
      "unionid={}",
      "用户{}已关注",
      "openid={}&scene=1011",
      "touser {} 推送成功",
    ],
  },
  {
    type: "credential",
    name: "token",
    count: 25,
    value: invented.jsonWebToken,
    texts: ["token={}", "Authorization: Bearer {}", "登录凭证：{}", "{}"],
  },
  {
    type: "credential",
    name: "key",
    count: 20,
    value: invented.keyText,
    texts: ["export API_KEY={}", "密钥 {} 已泄露", "key: {}", "use {} for now"],
  },
  {
    type: "credential",
    name: "session-key",
    count: 10,
    value: invented.sessionKey,
    texts: ["session_key={}", "session_key: {} 解密失败"],
  },
  {
    type: "credential",
    name: "app-secret",
    count: 10,
    value: invented.appSecret,
    texts: ["AppSecret：{}", "app_secret={}&grant_type=client_credential"],
  },
  {
    type: "credential",
    name: "password",
    count: 25,
    value: invented.passphrase,
    texts: ["密码：{}", "password: {}", "密码是{}，帮我看看", "账号 admin 密码 {}", "Password: {}"],
  },
  {
    type: "health-term",
    name: "health",
    count: 40,
    value: (random) =>
      random.pick(
        "糖尿病 高血压 哮喘 抑郁症 乙肝 甲亢 冠心病 肾结石 胃溃疡 肺炎 白癜风 帕金森病 痛风 癫痫 宫颈癌".split(
          " ",
        ),
      ),
    texts: [
      "他确诊{}",
      "我有{}，能用吗",
      "妈妈患{}多年",
      "患者诊断为{}",
      "本人{}病史",
      "我爸得了{}",
      "孩子查出{}，请假",
    ],
  },
  {
    type: "health-term",
    name: "health-english",
    count: 25,
    value: (random) =>
      random.pick([
        "diabetes",
        "hypertension",
        "asthma",
        "depression",
        "hepatitis B",
        "epilepsy",
        "breast cancer",
        "arthritis",
        "lupus",
        "schizophrenia",
      ]),
    texts: [
      "She was diagnosed with {}",
      "I have {}",
      "my father suffers from {}",
      "Patient has a history of {}",
      "he is being treated for {}",
    ],
  },
  {
    type: "belief-term",
    name: "belief",
    count: 30,
    value: (random) =>
      random.pick(["佛教徒", "基督徒", "穆斯林", "天主教徒", "道教徒", "伊斯兰教徒"]),
    texts: ["我是{}", "我丈夫是{}", "本人{}，请安排素食", "她从小就是{}", "我们一家都是{}"],
  },
  {
    type: "belief-term",
    name: "belief-english",
    count: 20,
    value: (random) => random.pick(["Muslim", "Buddhist", "Christian", "Catholic", "Hindu"]),
    texts: ["I am a {}", "my wife is {}", "She is a devout {}", "He was raised {}"],
  },
  {
    type: "child-age",
    name: "child-age",
    count: 35,
    value: (random) =>
      `${random.pick(["3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "五", "八"])}${random.pick(["岁", "周岁"])}`,
    texts: [
      "我女儿今年{}",
      "儿子{}，穿什么码",
      "孩子{}了",
      "我家宝贝{}，想学画画",
      "小孩{}可以坐吗",
    ],
  },
  {
    type: "child-age",
    name: "child-age-english",
    count: 20,
    value: (random) => `${2 + random.below(12)} years old`,
    texts: [
      "my son is {}",
      "our daughter is {} now",
      "My kid is {}, which size?",
      "The child is {}",
    ],
  },
  {
    type: "child-birth-date",
    name: "child-birth-date",
    count: 45,
    value: (random) => {
      const text = invented.date(random, 2014, 2025);
      const [year, month, day] = [text.slice(0, 4), text.slice(4, 6), text.slice(6)];
      return random.pick([
        `${year}-${month}-${day}`,
        `${year}/${month}/${day}`,
        `${year}年${Number(month)}月${Number(day)}日`,
        `${year}.${Number(month)}.${Number(day)}`,
      ]);
    },
    texts: [
      "出生日期：{}",
      "孩子生日{}",
      "宝宝{}出生",
      "Date of birth: {}",
      "学生出生日期 {} 女",
      "child born on {}",
    ],
  },
];

/** Texts of two values of different sorts: neither hides the other. */
const PAIRS: readonly (readonly [first: string, second: string])[] = [
  ["mobile", "resident-id"],
  ["mobile", "email"],
  ["mobile", "bank-card"],
  ["plate", "vin"],
  ["imei", "mac-address"],
  ["email", "credit-code"],
  ["landline", "credit-code"],
  ["resident-id", "bank-card"],
  ["ip-address", "platform-id"],
];
const PAIR_TEXTS = [
  "{1} {2}",
  "{1}，{2}",
  "a={1};b={2}",
  "{1}\n{2}",
  "张三,{1},{2},已核",
  "({1}) / ({2})",
];

export const generated: readonly TextCase[] = [
  ...SERIES.flatMap((series, index) => {
    const random = createRandom(4177 + index);
    return Array.from({ length: series.count }, (_, number) => {
      const text = series.texts[number % series.texts.length]!;
      return generatedText(
        `${series.name}-${number + 1}`,
        text.replace("{}", () => marked(series, random)),
      );
    });
  }),
  ...PAIRS.flatMap(([first, second], index) => {
    const random = createRandom(9001 + index);
    const one = SERIES.find((series) => series.name === first)!;
    const two = SERIES.find((series) => series.name === second)!;
    return PAIR_TEXTS.map((text, number) =>
      generatedText(
        `${first}-${second}-${number + 1}`,
        // A series' own word before its value, where it has to have one.
        text
          .replace("{1}", () => inContext(one, random))
          .replace("{2}", () => inContext(two, random)),
      ),
    );
  }),
];

function generatedText(id: string, text: string): TextCase {
  return markedText(`made-${id}`, "generated", text);
}

function inContext(series: Series, random: Random): string {
  const text = ["imei", "ip-address", "mac-address"].includes(series.name)
    ? `${series.name.split("-")[0]} {}`
    : "{}";
  return text.replace("{}", () => marked(series, random));
}

function marked(series: Series, random: Random): string {
  const mark = `⟦${series.type}:${series.value(random)}⟧`;
  // By chance a value can carry the check digit of another type too.
  const { content } = markedText("", "generated", mark);
  const types = series.type.split("|");
  return typesByCheckDigit(content).some((type) => !types.includes(type))
    ? marked(series, random)
    : mark;
}
