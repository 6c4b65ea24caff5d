import fc from "fast-check";

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** Valid resident IDs, made up. */
export const residentIds: fc.Arbitrary<string> = fc
  .record({
    region: fc.constantFrom("110105", "310104", "440305", "650102", "820000"),
    date: fc.date({
      min: new Date("1920-01-01"),
      max: new Date("2025-12-31"),
      noInvalidDate: true,
    }),
    order: fc.nat(999),
  })
  .map(({ region, date, order }) => {
    const body =
      region + date.toISOString().slice(0, 10).replaceAll("-", "") + String(order).padStart(3, "0");
    const sum = WEIGHTS.reduce((total, weight, i) => total + weight * Number(body[i]), 0);
    return body + "10X98765432"[sum % 11]!;
  });

/** IDs of the old form, issued until 1999, made up. */
export const oldResidentIds: fc.Arbitrary<string> = fc
  .record({
    region: fc.constantFrom("110105", "310104", "440305", "650102"),
    date: fc.date({
      min: new Date("1920-01-01"),
      max: new Date("1999-12-31"),
      noInvalidDate: true,
    }),
    order: fc.nat(999),
  })
  .map(
    ({ region, date, order }) =>
      region + date.toISOString().slice(2, 10).replaceAll("-", "") + digitsOf(order, 3),
  );

/** Any digits of a length. */
const digits = (length: number): fc.Arbitrary<string> =>
  fc.array(fc.nat(9), { minLength: length, maxLength: length }).map((all) => all.join(""));

const digitsOf = (number: number, length: number): string => String(number).padStart(length, "0");

const withLuhn = (body: string): string => {
  const sum = [...body].toReversed().reduce((total, char, i) => {
    const doubled = i % 2 === 0 ? Number(char) * 2 : Number(char);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return body + String((10 - (sum % 10)) % 10);
};

const withPrefix = (prefix: string, length: number): fc.Arbitrary<string> =>
  digits(length).map((all) => (prefix + all).slice(0, length));

/** Valid card numbers of UnionPay, Visa, Mastercard, American Express, Diners, Discover and JCB, made up. */
export const bankCards: fc.Arbitrary<string> = fc
  .constantFrom<readonly [string, number]>(
    ["62", 19],
    ["62", 16],
    ["4", 16],
    ["51", 16],
    ["2221", 16],
    ["37", 15],
    ["36", 14],
    ["6011", 16],
    ["3528", 16],
  )
  .chain(([prefix, length]) => withPrefix(prefix, length - 1))
  .map(withLuhn);

export const imeis: fc.Arbitrary<string> = fc
  .constantFrom("01", "35", "86", "99")
  .chain((body) => withPrefix(body, 14))
  .map(withLuhn);

export const mobiles: fc.Arbitrary<string> = fc
  .constantFrom("130", "139", "147", "150", "166", "170", "188", "199")
  .chain((prefix) => withPrefix(prefix, 11));

/** As they are written: fixed lines, Hongkong, Macao, Taiwan, and with the country's code. */
export const otherPhones: fc.Arbitrary<string> = fc.oneof(
  withPrefix("6", 8).map((number) => `010-${number}`),
  withPrefix("8", 8).map((number) => `021-${number}`),
  withPrefix("3", 7).map((number) => `0571-8${number}`),
  mobiles.map((number) => `+86 ${number}`),
  mobiles.map((number) => `+86${number}`),
  mobiles.map((number) => number.replace(/(...)(....)/, "$1 $2 ")),
  withPrefix("9", 8).map((number) => `+852 ${number}`),
  withPrefix("5", 8).map((number) => `+852-${number.slice(0, 4)}-${number.slice(4)}`),
  withPrefix("6", 8).map((number) => `+853 ${number}`),
  withPrefix("9", 9).map((number) => `+886 ${number}`),
  withPrefix("09", 10),
  withPrefix("09", 10).map((number) => number.replace(/(....)(...)/, "$1-$2-")),
);

const CREDIT_CODE = "0123456789ABCDEFGHJKLMNPQRTUWXY";
export const creditCodes: fc.Arbitrary<string> = fc
  .record({
    kind: fc.constantFrom("11", "51", "52", "91", "92", "93", "A1", "N1", "Y1"),
    region: fc.constantFrom("110105", "310104", "440305"),
    organisation: fc.array(fc.constantFrom(...CREDIT_CODE), { minLength: 9, maxLength: 9 }),
  })
  .map(({ kind, region, organisation }) => {
    const body = kind + region + organisation.join("");
    const sum = [...body].reduce(
      (total, char, i) => total + CREDIT_CODE.indexOf(char) * (3 ** i % 31),
      0,
    );
    return body + CREDIT_CODE[(31 - (sum % 31)) % 31]!;
  });

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** As on the card: the check character in brackets. */
export const hongKongIds: fc.Arbitrary<string> = fc
  .record({
    letters: fc.constantFrom("A", "C", "K", "R", "Y", "Z", "WX", "XA"),
    digits: digits(6),
    brackets: fc.constantFrom("()", "（）"),
  })
  .map(({ letters, digits: all, brackets }) => {
    const values = [...letters.padStart(2, " ")].map((char) =>
      char === " " ? 36 : LETTERS.indexOf(char) + 10,
    );
    const sum = [...values, ...Array.from(all, Number)].reduce(
      (total, value, i) => total + value * (9 - i),
      0,
    );
    return `${letters}${all}${brackets[0]!}${"0123456789A"[(11 - (sum % 11)) % 11]!}${brackets[1]!}`;
  });

/** Letters in the order of their values, from 10 on. */
const TAIWAN = "ABCDEFGHJKLMNPQRSTUVXYWZIO";
export const taiwanIds: fc.Arbitrary<string> = fc
  .record({
    letter: fc.constantFrom(...LETTERS),
    second: fc.constantFrom("1", "2", "8", "9"),
    digits: digits(7),
  })
  .map(({ letter, second, digits: all }) => {
    const value = TAIWAN.indexOf(letter) + 10;
    const sum = [...(second + all)].reduce(
      (total, digit, i) => total + Number(digit) * (8 - i),
      Math.floor(value / 10) + (value % 10) * 9,
    );
    return letter + second + all + String((10 - (sum % 10)) % 10);
  });

const VIN = "0123456789ABCDEFGHJKLMNPRSTUVWXYZ";
const VIN_VALUES = "012345678912345678123457923456789";
const VIN_WEIGHTS = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
export const vins: fc.Arbitrary<string> = fc
  .record({
    maker: fc.constantFrom("LSV", "LFV", "1M8", "WVW", "5YJ"),
    middle: fc.array(fc.constantFrom(...VIN), { minLength: 5, maxLength: 5 }),
    year: fc.array(fc.constantFrom(..."ABCDEFGHJKLMNPRSTVWXY"), { minLength: 2, maxLength: 2 }),
    serial: digits(6),
  })
  .map(({ maker, middle, year, serial }) => {
    const vin = `${maker}${middle.join("")}0${year.join("")}${serial}`;
    const sum = [...vin].reduce(
      (total, char, i) => total + Number(VIN_VALUES[VIN.indexOf(char)]) * VIN_WEIGHTS[i]!,
      0,
    );
    return `${vin.slice(0, 8)}${"0123456789X"[sum % 11]!}${vin.slice(9)}`;
  });

/** Number plates of cars, of five characters, and of six of new energy. */
export const plates: fc.Arbitrary<string> = fc
  .record({
    place: fc.constantFrom("京A", "沪C", "粤B", "新A", "藏A"),
    serial: fc.oneof(
      digits(5),
      digits(4).map((all) => `D${all}`),
      digits(3).map((all) => `${all}KM`),
      digits(5).map((all) => `D${all}`),
      digits(5).map((all) => `${all}F`),
    ),
  })
  .map(({ place, serial }) => place + serial);

export const emails: fc.Arbitrary<string> = fc
  .record({
    local: fc.constantFrom("li.lei", "han+shop", "x_1", "wang-wu99", "o'neill"),
    domain: fc.constantFrom("example.com", "mail.example.com.cn", "163.example.net", "a-b.example"),
  })
  .map(({ local, domain }) => `${local}@${domain}`);

export const ipAddresses: fc.Arbitrary<string> = fc.oneof(
  fc
    .tuple(fc.integer({ min: 20, max: 223 }), fc.nat(255), fc.nat(255), fc.nat(255))
    .filter(([first]) => first !== 127)
    .map((octets) => octets.join(".")),
  fc
    .array(fc.integer({ min: 0x1000, max: 0xffff }), { minLength: 7, maxLength: 7 })
    .map((groups) => ["2001", ...groups.map((group) => group.toString(16))].join(":")),
  fc
    .array(fc.integer({ min: 1, max: 0xffff }), { minLength: 2, maxLength: 4 })
    .map((groups) => `2001:db8::${groups.map((group) => group.toString(16)).join(":")}`),
);

export const macAddresses: fc.Arbitrary<string> = fc
  .record({
    rest: fc.array(fc.nat(255), { minLength: 5, maxLength: 5 }),
    mark: fc.constantFrom(":", "-"),
    upper: fc.boolean(),
  })
  .map(({ rest, mark, upper }) => {
    const address = [0x3c, ...rest].map((byte) => byte.toString(16).padStart(2, "0")).join(mark);
    return upper ? address.toUpperCase() : address;
  });

const BASE64_URL = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
/** What Weixin names a user by in one program. */
export const openids: fc.Arbitrary<string> = fc
  .array(fc.constantFrom(...BASE64_URL), { minLength: 24, maxLength: 24 })
  .map((chars) => `o6bAmjr${chars.slice(4).join("")}${chars[0]!}`);

export const fullWidth = (text: string): string =>
  text.replaceAll(/[!-~]/g, (char) => String.fromCharCode(char.charCodeAt(0) + 0xfee0));

/** Any text without digits, that keeps its place beside numbers. */
export const farText: fc.Arbitrary<string> = fc
  .oneof(
    fc.string({ unit: "binary", maxLength: 20 }),
    fc.string({ unit: "grapheme", maxLength: 20 }),
    fc.constantFrom(
      "请轻声敲门",
      "order note: leave at the door",
      '{"a":["b"]}',
      "a,b;c",
      "第一行\n第二行\n",
    ),
  )
  .map((text) => text.normalize("NFKC").replace(/[\p{Nd}%\\]/gu, ""));

/** Parts of texts that detectors stop at, and what hides or breaks them. */
const HOSTILE = [
  ..."0123456789".split(""),
  ..." -./_:@%+=\"'{}[](),;\n\t\\*",
  "11010519491231002X",
  "4111111111111111",
  "13912345678",
  "A123456(3)",
  "1M8GDM9AXKP042788",
  "6222",
  "0571",
  "%31",
  "%25%33%31",
  "%E5%B2%81",
  "%",
  "%zz",
  "\\u0031",
  "\\\\u0031",
  "\\n",
  '\\"',
  "\\u",
  "&#49;",
  "１",
  "Ｘ",
  "＠",
  "٣",
  "\u200b",
  "\u00ad",
  "\0",
  "\ufeff",
  "\u0301",
  "MTEwMTA1MTk0OTEyMzEwMDJY",
  "eyJhbGciOiJIUzI1NiJ9.e30.x",
  "岁",
  "八",
  "3",
  "病",
  "糖尿病",
  "我",
  "信",
  "佛教",
  "生日",
  "2020-01-02",
  "身份证",
  "密码",
  "：",
  "号",
  "password",
  "diagnosis",
  "birthday",
  "age",
  "years old",
  "Bearer ",
  "-----BEGIN PRIVATE KEY-----",
  "京A",
  "粤B12345",
  "x",
  "X",
  "a",
  "ab",
  "o6_bm",
  "://",
  "a@b.cn",
  "192.168.1.9",
  "2001:db8::1",
  "3c:22:fb:01:02:03",
  "39.9042,116.4074",
  "\ud800",
  "\udc00",
  "😀",
  "𠮷",
  "é",
];

/** Texts made to break a scan. */
export const hostileTexts: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: fc.constantFrom(...HOSTILE), maxLength: 60 }),
  fc.string({ unit: "binary", maxLength: 100 }),
  fc.string({
    unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
    maxLength: 100,
  }),
);
