import type { EvaluationCase, JsonValue } from "./case.ts";
import { typesByCheckDigit } from "./check-digit.ts";
import * as invented from "./invented-value.ts";
import { markedPayload, markedText } from "./markup.ts";
import { createRandom, type Random } from "./random.ts";

// Numbers and names of shops and machines. What carries a check digit by chance is made again: nobody can tell it
// from the real thing.

interface Series {
  readonly name: string;
  readonly count: number;
  readonly value: (random: Random) => string;
  readonly texts: readonly string[];
}

const hex = (random: Random, length: number): string => random.string("0123456789abcdef", length);
const letters = (random: Random, length: number): string =>
  random.string("ABCDEFGHJKLMNPQRSTUVWXYZ", length);
const clock = (random: Random): string =>
  [24, 60, 60].map((limit) => String(random.below(limit)).padStart(2, "0")).join(":");
const day = (random: Random): string => invented.date(random, 2024, 2026);
const milliseconds = (random: Random): string => `17${95 - random.below(30)}${random.digits(9)}`;

const SERIES: readonly Series[] = [
  {
    name: "order",
    count: 70,
    value: (random) =>
      random.pick([
        () => day(random) + random.digits(6 + random.below(10)),
        () => `${1 + random.below(9)}${random.digits(17)}`,
        () => `${1 + random.below(9)}${random.digits(18)}`,
        () => `1${random.digits(20 + random.below(9))}`,
        () => `DD${day(random)}${random.digits(8)}`,
        () => `${1 + random.below(9)}${random.digits(11)}`,
        () => `E${day(random)}${random.digits(10)}`,
      ])(),
    texts: [
      "订单号{}已发货",
      "orderNo={} paid",
      "您的订单 {} 已签收",
      "Order {} shipped",
      "单号：{}",
      "out_trade_no={}&fee=100",
    ],
  },
  {
    name: "snowflake",
    count: 40,
    value: (random) => `${1 + random.below(3)}${random.digits(random.pick([17, 18]))}`,
    texts: ["id={}", "主键 {} 已写入", "message {} acked", "{}", '{"id":{}}', "row {} updated"],
  },
  {
    name: "timestamp",
    count: 30,
    value: (random) =>
      random.pick([
        () => milliseconds(random),
        () => milliseconds(random).slice(0, 10),
        () => `${milliseconds(random)}000`,
      ])(),
    texts: ["ts={}", "时间戳 {}", "expire at {}", "t={}&v=3", "[{}] heartbeat"],
  },
  {
    name: "date",
    count: 25,
    value: (random) => {
      const text = day(random);
      return `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)} ${clock(random)}`;
    },
    texts: ["预计{}送达", "created {}", "活动截止 {}", "{} INFO started"],
  },
  {
    name: "tracking",
    count: 35,
    value: (random) =>
      random.pick([
        () => `SF1${random.digits(12)}`,
        () => `YT${random.digits(13)}`,
        () => `JDVB${random.digits(11)}`,
        () => `JT${random.digits(13)}`,
        () => `EA${random.digits(9)}CN`,
        () => `7${random.digits(13)}`,
      ])(),
    texts: ["快递单号 {}", "运单{}派送中", "Tracking no. {}", "{} 已揽收"],
  },
  {
    name: "barcode",
    count: 25,
    value: (random) =>
      random.pick([() => `69${random.digits(11)}`, () => `978${random.digits(10)}`])(),
    texts: ["条码 {}", "EAN {}", "商品{}已下架", "扫码 {} 入库"],
  },
  {
    name: "hash",
    count: 40,
    value: (random) => hex(random, random.pick([7, 32, 40, 64])),
    texts: ["sha {}", "md5={}", "commit {} merged", 'ETag: "{}"', "digest {} ok"],
  },
  {
    name: "uuid",
    count: 30,
    value: invented.uuid,
    texts: ["requestId={}", "trace {}", "任务 {} 已完成", "{}"],
  },
  {
    name: "file",
    count: 30,
    value: (random) =>
      random.pick([
        () => `IMG_${day(random)}_${random.digits(6)}.jpg`,
        () => `mmexport${milliseconds(random)}.jpg`,
        () => `banner-${hex(random, 8)}@2x.png`,
        () => `wx_camera_${milliseconds(random)}.mp4`,
        () => `report-${day(random)}-v${random.below(9)}.${random.below(9)}.xlsx`,
      ])(),
    texts: ["上传 {} 成功", "/static/{}", "saved {}", "附件：{}"],
  },
  {
    name: "base64",
    count: 25,
    value: (random) =>
      `data:image/png;base64,iVBORw0KGgo${random.string("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", 160 + random.below(100))}==`,
    texts: ["{}", "<img src='{}'>", "图片 {}"],
  },
  {
    name: "version",
    count: 30,
    value: (random) =>
      Array.from({ length: random.pick([3, 4, 4]) }, () => random.below(20)).join("."),
    texts: [
      "升级到 v{}",
      "版本 {} 发布",
      "Chrome/{} Safari/537.36",
      "version {} released",
      "参见第{}节",
      "SDK版本：{}",
    ],
  },
  {
    name: "price",
    count: 30,
    value: (random) => `${1 + random.below(99)},${random.digits(3)}.${random.digits(2)}`,
    texts: ["合计¥{}", "total ${}", "优惠后 {} 元", "转账 -{} 成功"],
  },
  {
    name: "part-number",
    count: 40,
    value: (random) =>
      random.pick([
        () => `${letters(random, 2)}-${random.digits(5)}`,
        () => `${letters(random, 1)}${random.digits(8)}`,
        () => `${letters(random, 3)}${random.digits(6)}`,
        () => `${letters(random, 4)}${random.digits(4)}-${letters(random, 2)}`,
        () => `${letters(random, 1)}${random.digits(7)}`,
      ])(),
    texts: ["货号{}", "Part {} in stock", "型号 {} 缺货", "SKU {} x2"],
  },
  {
    name: "service",
    count: 20,
    value: (random) =>
      random.pick([
        () => `400-${random.digits(3)}-${random.digits(4)}`,
        () => `400${random.digits(7)}`,
        () => `95${random.digits(3)}`,
      ])(),
    texts: ["客服热线{}", "请拨打{}咨询", "投诉电话 {}", "Hotline {}"],
  },
  {
    name: "ratio",
    count: 30,
    value: (random) => `0.${random.digits(4)}, 0.${random.digits(4)}`,
    texts: ["权重 {}", "score: {}", "准确率和召回率：{}", "[{}]"],
  },
  {
    name: "masked",
    count: 30,
    value: (random) =>
      random.pick([
        () => `13${random.below(10)}****${random.digits(4)}`,
        () => `${random.digits(6)}********${random.digits(4)}`,
        () => `6222 **** **** ${random.digits(4)}`,
        () => `l***${random.below(10)}@qq.com`,
        () => `粤B***${random.digits(2)}`,
      ])(),
    texts: ["{} 已绑定", "用户{}", "验证 {} 通过", "Sent to {}"],
  },
];

const TITLES =
  "纯棉T恤 保温杯 蓝牙耳机 儿童书包 中秋月饼礼盒 血压计 感冒药专区 民族风披肩 圣诞树 Yoga-mat Desk-lamp".split(
    " ",
  );
const goods = (random: Random): JsonValue =>
  random.pick<() => JsonValue>([
    () => ({ orderNo: SERIES[0]!.value(random), total: random.below(900), status: "PAID" }),
    () => ({
      sku: `A-${random.digits(3)}`,
      title: random.pick(TITLES),
      price: random.below(500),
      stock: random.below(99),
    }),
    () => ({
      id: SERIES[1]!.value(random),
      createdAt: Number(milliseconds(random)),
      tags: ["新品", "包邮"],
    }),
    () => ({
      trackingNo: SERIES[4]!.value(random),
      company: "顺丰速运",
      nodes: ["已揽收", "运输中"],
    }),
    () => ({ page: random.below(9), pageSize: 20, keyword: random.pick(TITLES), sort: "sales" }),
    () => ({
      event: "click",
      element: "btn_pay",
      duration: random.below(900),
      ts: Number(milliseconds(random)),
    }),
    () => ({
      code: 0,
      msg: "ok",
      data: { list: [{ goodsId: random.below(99999), num: 1 }], total: 1 },
    }),
    () => ({ coupon: { id: random.below(9999), amount: 20, threshold: 99 }, used: false }),
    () => ({
      cart: [{ skuId: Number(`1${random.digits(11)}`), qty: 2, checked: true }],
      freight: 8,
    }),
    () => ({ traceId: hex(random, 32), cost: random.below(300), ok: true }),
    () => ({ barcode: `69${random.digits(11)}`, spec: "550ml*24", unit: "箱" }),
    () => ({ comment: "好评，物流很快", score: 5, images: [`${hex(random, 8)}.jpg`] }),
    () => ({
      store: "人民广场店",
      open: "08:00-22:00",
      hotline: "400-820-8820",
      queue: random.below(30),
    }),
    () => ({ lottery: false, points: random.below(2000), level: 3, growth: random.below(9000) }),
    () => ({
      appVersion: SERIES[10]!.value(random),
      platform: "ios",
      model: "iPhone15,3",
      theme: "dark",
    }),
  ])();

const VALID_RUN = /(?<![\dA-Za-z])[\dA-Z]{8,19}(?![\dA-Za-z])/gu;

export const generatedNegatives: readonly EvaluationCase[] = [
  ...SERIES.flatMap((series, index) => {
    const random = createRandom(6007 + index);
    return Array.from({ length: series.count }, (_, number) => {
      const text = series.texts[number % series.texts.length]!;
      return markedText(
        `made-no-${series.name}-${number + 1}`,
        "generated",
        text.replace("{}", () => without(series.value, random)),
      );
    });
  }),
  ...Array.from({ length: 150 }, (_, number) => {
    const random = createRandom(8111 + number);
    const payload = JSON.parse(
      without((random) => JSON.stringify(goods(random)), random),
    ) as JsonValue;
    return markedPayload(`made-no-payload-${number + 1}`, "generated", payload, []);
  }),
];

function without(value: (random: Random) => string, random: Random): string {
  const text = value(random);
  const runs = text.match(VALID_RUN) ?? [];
  return runs.some((run) => typesByCheckDigit(run).length > 0) ? without(value, random) : text;
}
