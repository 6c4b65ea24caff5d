import { isDate, typesByCheckDigit, widened } from "./check-digit.ts";
import type { Random } from "./random.ts";

// Values made up within the standards; ✓ stands for a check digit still to be made.

type Invent = (random: Random) => string;

/** County codes of GB/T 2260. */
const REGIONS =
  "110101 110105 110108 120101 130102 140105 150102 210102 220102 230102 310104 310115 320102 320502 330106 330381 340104 350102 350203 360102 370202 370102 410105 420106 420111 430104 440106 440305 450103 460105 500103 510107 520102 530102 540102 610113 620102 630102 640104 650102".split(
    " ",
  );
/** Numbers of ISO 3166-1, and three letters beside them. */
const COUNTRIES = "840 392 410 276 250 826 124 036 643 356 702 458".split(" ");
const COUNTRY_LETTERS = "USA JPN KOR DEU FRA GBR CAN AUS RUS IND SGP MYS".split(" ");

const MOBILE =
  "130 131 132 133 134 135 136 137 138 139 145 147 150 151 152 153 155 156 157 158 159 166 171 173 175 176 177 178 180 181 182 183 184 185 186 187 188 189 191 193 195 198 199".split(
    " ",
  );
const two = (value: number): string => String(value).padStart(2, "0");

/** `YYYYMMDD` within the years. */
export function date(random: Random, from: number, to: number): string {
  const year = from + random.below(to - from + 1);
  const month = 1 + random.below(12);
  const day = 1 + random.below(31);
  return isDate(year, month, day) ? `${year}${two(month)}${two(day)}` : date(random, from, to);
}

export const residentId: Invent = (random) => {
  const region = random.pick(REGIONS);
  const born = date(random, 1950, 2015);
  const serial = random.digits(3);
  switch (random.below(14)) {
    case 0:
      return `${region}${date(random, 1932, 1985).slice(2)}${serial}`;
    case 1:
      return `${random.pick(["810000", "820000", "830000"])}${born}${serial}✓`;
    case 2:
      return `9${region.slice(0, 2)}${random.pick(COUNTRIES)}${born}3${random.digits(2)}✓`;
    case 3:
      return `${region} ${born} ${serial}✓`;
    case 4:
      return widened(`${region}${born}${serial}`) + "✓";
    default:
      return `${region}${born}${serial}✓`;
  }
};

export const foreignPermit: Invent = (random) =>
  `${random.pick(COUNTRY_LETTERS)}${random.pick(REGIONS).slice(0, 4)}${date(random, 1950, 1999).slice(2)}${random.digits(1)}✓`;

const CREDIT_CODE = "0123456789ABCDEFGHJKLMNPQRTUWXY";
export const unifiedCreditCode: Invent = (random) =>
  `${random.pick(["91", "91", "91", "92", "93", "52", "51", "12", "11"])}${random.pick(REGIONS)}${random.pick(["MA", "MA", "0", "5", "7"])}${random.string(CREDIT_CODE, 6)}`
    .padEnd(16, "7")
    .slice(0, 16) + "✓✓";

const UNIONPAY =
  "621700 622700 622202 621226 622848 622845 621661 621790 622588 621483 622260 622262 622155 622622 623058 622908 621799 622188 623052 622666".split(
    " ",
  );
export const bankCard: Invent = (random) => {
  const digits = cardDigits(random);
  const groups = digits.length === 15 ? [4, 6, 5] : [4, 4, 4, 4, 4];
  switch (random.below(6)) {
    case 0:
      return grouped(digits, groups, " ");
    case 1:
      return grouped(digits, groups, "-");
    case 2:
      return widened(digits.slice(0, -1)) + "✓";
    default:
      return digits;
  }
};
function cardDigits(random: Random): string {
  switch (random.below(10)) {
    case 0:
      return `4${random.digits(14)}✓`;
    case 1:
      return `5${1 + random.below(5)}${random.digits(13)}✓`;
    case 2:
      return `${random.pick(["34", "37"])}${random.digits(12)}✓`;
    case 3:
      return `35${30 + random.below(50)}${random.digits(11)}✓`;
    case 4:
    case 5:
      return `${random.pick(UNIONPAY)}${random.digits(9)}✓`;
    default:
      return `${random.pick(UNIONPAY)}${random.digits(12)}✓`;
  }
}

function grouped(digits: string, lengths: readonly number[], separator: string): string {
  let at = 0;
  return lengths
    .map((length) => digits.slice(at, (at += length)))
    .filter((group) => group !== "")
    .join(separator);
}

export const mobile: Invent = (random) => {
  const digits = random.pick(MOBILE) + random.digits(8);
  const spaced = grouped(digits, [3, 4, 4], " ");
  switch (random.below(13)) {
    case 0:
      return `+86 ${digits}`;
    case 1:
      return `+86${digits}`;
    case 2:
      return `86-${digits}`;
    case 3:
      return `0086${digits}`;
    case 4:
      return spaced;
    case 5:
      return grouped(digits, [3, 4, 4], "-");
    case 6:
      return `+86 ${spaced}`;
    case 7:
      return widened(digits);
    default:
      return digits;
  }
};

export const landline: Invent = (random) => {
  const [area, length] = random.pick<readonly [string, number]>([
    ["010", 8],
    ["021", 8],
    ["020", 8],
    ["0755", 8],
    ["0571", 8],
    ["028", 8],
    ["0931", 7],
    ["0592", 7],
  ]);
  const local = `${2 + random.below(7)}${random.digits(length - 1)}`;
  switch (random.below(7)) {
    case 0:
      return `(${area})${local}`;
    case 1:
      return `（${area}）${local}`;
    case 2:
      return `${area} ${local}`;
    case 3:
      return `${area}-${local}转${100 + random.below(9000)}`;
    case 4:
      return `${area}-${local}-${100 + random.below(900)}`;
    case 5:
      return `${area}-${local} ext ${100 + random.below(900)}`;
    default:
      return `${area}-${local}`;
  }
};

/** Outside the mainland, with the country's code before it. */
export const foreignPhone: Invent = (random) => {
  const four = (): string => random.digits(4);
  return random.pick([
    () => `+852 ${random.pick(["5", "6", "9"])}${random.digits(3)} ${four()}`,
    () => `+852-2${random.digits(3)}${four()}`,
    () => `+853 6${random.digits(3)} ${four()}`,
    () => `+886 9${random.digits(2)} ${random.digits(3)} ${random.digits(3)}`,
    () => `09${random.digits(2)}-${random.digits(3)}-${random.digits(3)}`,
    () => `+1 ${2 + random.below(7)}0${random.below(10)}-555-01${random.digits(2)}`,
    () => `+44 7700 900${random.digits(3)}`,
    () => `+81 90-${four()}-${four()}`,
    () => `+49 151 ${random.digits(4)}${four()}`,
    () => `+65 8${random.digits(3)} ${four()}`,
    () => `+61 4${random.digits(2)} ${random.digits(3)} ${random.digits(3)}`,
  ])();
};

export const passport: Invent = (random) =>
  random.pick([
    () => `E${random.digits(8)}`,
    () => `E${random.string("ABCDEFGHJKLMNPQRSTUVWXYZ", 1)}${random.digits(7)}`,
    () => `G${random.digits(8)}`,
  ])();

export const hongKongId: Invent = (random) => {
  const letters = random.string("ABCDEGHKMPRSVYZ", random.below(8) === 0 ? 2 : 1);
  return `${letters}${random.digits(6)}(✓)`;
};
export const bareHongKongId: Invent = (random) =>
  `${random.string("ABCDEGHKMPRSVYZ", 1)}${random.digits(6)}✓`;
export const macaoId: Invent = (random) =>
  `${random.pick(["1", "5", "7"])}${random.digits(6)}(${random.below(10)})`;
export const taiwanId: Invent = (random) =>
  `${random.string("ABCDEFGHJKMNPQTUVXWZIO", 1)}${random.pick(["1", "1", "2", "2", "8", "9"])}${random.digits(7)}✓`;

const PROVINCES = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新";
export const plate: Invent = (random) => {
  const place = random.string(PROVINCES, 1) + random.string("ABCDEFGHJK", 1);
  const plain = (length: number): string => {
    const text = random.string("0123456789012345678901234567890ABCDEFGHJKLMNPQRSTUVWXYZ", length);
    return /\d/u.test(text) ? text : plain(length);
  };
  switch (random.below(10)) {
    case 0:
      return `${place}${random.pick(["D", "F"])}${random.digits(5)}`;
    case 1:
      return `${place}·${random.pick(["D", "F"])}${random.string("ABCDEFGHJK", 1)}${random.digits(4)}`;
    case 2:
      return `${place} ${plain(5)}`;
    case 3:
      return `${place}${plain(4)}${random.pick(["学", "警", "挂"])}`;
    case 4:
      return `粤Z${plain(4)}${random.pick(["港", "澳"])}`;
    case 5:
    case 6:
      return `${place}·${plain(5)}`;
    default:
      return `${place}${plain(5)}`;
  }
};

const VIN = "0123456789ABCDEFGHJKLMNPRSTUVWXYZ";
export const vin: Invent = (random) =>
  `${random.pick(["LSG", "LSV", "LFV", "LVH", "LGX", "LBV", "LE4", "LRW", "LC0", "1HG", "5YJ", "4T1"])}${random.string(VIN, 5)}✓${random.string("ABCDEFGHJKLMNPRSTVWXY", 1)}${random.string(VIN, 1)}${random.digits(6)}`;

const NAMES =
  "liu.yan wangfang zhang_wei chenjie zhaomin anna.k tom li-na sunhao y.tanaka xiaoming.w maria.gomez hr sales k.meier zhou".split(
    " ",
  );
const DOMAINS =
  "qq.com 163.com 126.com gmail.com outlook.com sina.com.cn foxmail.com mail.huidian.com.cn lantern-books.com icloud.com edu.bluefin.ac.uk yuntu.cn proton.me studio21.it".split(
    " ",
  );
export const email: Invent = (random) =>
  `${random.pick(NAMES)}${random.pick(["", random.digits(2), `+${random.pick(["shop", "news"])}`, random.digits(4)])}@${random.pick(DOMAINS)}`;

/** Public, and of none of the ranges that documents and local networks use. */
export const ipAddress: Invent = (random) => {
  const part = (): number => 1 + random.below(254);
  const group = (): string => (0x1000 + random.below(0xefff)).toString(16);
  return random.pick([
    () => `${random.pick([36, 58, 61, 112, 117, 124, 183, 223])}.${part()}.${part()}.${part()}`,
    () => `${random.pick([36, 58, 61, 112, 117, 124, 183, 223])}.${part()}.${part()}.${part()}`,
    () => `${random.pick([8, 45, 81, 103])}.${part()}.${part()}.${part()}`,
    () => `${random.pick(["240e", "2408", "2409"])}:${Array.from({ length: 7 }, group).join(":")}`,
    () => `${random.pick(["240e", "2408", "2409"])}:${group()}:${group()}::${group()}`,
  ])();
};

export const macAddress: Invent = (random) => {
  const upper = random.below(2) === 0;
  const first = random.pick(["3C", "A4", "5C", "F0", "48", "9C", "7C"]);
  const octets = [first, ...Array.from({ length: 5 }, () => random.string("0123456789ABCDEF", 2))];
  const text = octets.join(random.pick([":", ":", "-"]));
  return upper ? text : text.toLowerCase();
};

export const imei: Invent = (random) => {
  const tac = random.pick(["86", "86", "35", "01"]) + random.digits(6);
  const serial = random.digits(6);
  // Fifteen digits can be a number of the first identity cards too.
  if (typesByCheckDigit(`${tac}${serial}0`).includes("cn-resident-id")) return imei(random);
  return random.below(6) === 0
    ? `${tac.slice(0, 2)}-${tac.slice(2)}-${serial}-✓`
    : `${tac}${serial}✓`;
};

export const uuid: Invent = (random) => {
  const hex = "0123456789abcdef";
  const text = `${random.string(hex, 8)}-${random.string(hex, 4)}-4${random.string(hex, 3)}-${random.string("89ab", 1)}${random.string(hex, 3)}-${random.string(hex, 12)}`;
  return random.below(2) === 0 ? text.toUpperCase() : text;
};

/** Latitude and longitude in China, of four to six decimals. */
export const point: Invent = (random) => {
  const decimals = 4 + random.below(3);
  const latitude = `${20 + random.below(28)}.${random.digits(decimals - 1)}${1 + random.below(9)}`;
  const longitude = `${85 + random.below(40)}.${random.digits(decimals - 1)}${1 + random.below(9)}`;
  const separator = random.pick([",", ", "]);
  return random.below(3) === 0
    ? longitude + separator + latitude
    : latitude + separator + longitude;
};
export const track: Invent = (random) => {
  const latitude = 20 + random.below(28);
  const longitude = 85 + random.below(40);
  const points = Array.from(
    { length: 3 + random.below(4) },
    () => `${latitude}.${random.digits(5)}3,${longitude}.${random.digits(5)}7`,
  );
  return points.join(random.pick([";", "|"]));
};

const WORD = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
export const platformId: Invent = (random) => {
  const text = `o${random.string(`${WORD}-_`, 26)}${random.string(WORD, 1)}`;
  return /\d/u.test(text) && /[A-Z]/u.test(text) && /[a-z]/u.test(text) ? text : platformId(random);
};

const segment = (random: Random, value: object): string =>
  Buffer.from(JSON.stringify({ ...value, n: random.digits(8) })).toString("base64url");
export const jsonWebToken: Invent = (random) =>
  `${segment(random, { alg: "HS256", typ: "JWT" })}.${segment(random, { sub: random.digits(6), iat: 1795480000 })}.${random.string(`${WORD}-_`, 43)}`;
export const keyText: Invent = (random) =>
  random.pick([
    () => `AKIA${random.string("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16)}`,
    () => `sk-${random.string(WORD, 48)}`,
    () => `ghp_${random.string(WORD, 36)}`,
  ])();
export const sessionKey: Invent = (random) => `${random.string(WORD, 21)}Q==`;
export const appSecret: Invent = (random) => random.string("0123456789abcdef", 32);
export const passphrase: Invent = (random) =>
  `${random.pick(["Winter", "Qingdao", "heron", "Luna", "shanhai"])}${random.pick(["#", "@", "_", "!"])}${random.digits(4)}${random.pick(["", "x", "Kf"])}`;
