import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import type * as core from "@miniprivacy/core/sensitive-data";
import { bench, describe } from "vitest";
import { bundle } from "../support/bundle.ts";

// The scanner beside what reads or writes the same JSON, beside redactors from npm, and on hostile text. Goals for 64 KB:
// 1.1 x JSON.parse, 1.2 x JSON.stringify for objects, 8 x the fastest redactor, 25 x redact-pii, 4 x typical a byte for
// whatever is hostile, 1.6 x whole text for a stream. `npm run bench` installs the redactors.

const { code } = await bundle(`export * from "@miniprivacy/core/sensitive-data"`, "es2022");
const { createScanStream, redactText, scanText, scanValue } = (await import(
  `data:text/javascript,${encodeURIComponent(code)}`
)) as typeof core;

const installed = createRequire(new URL("guard-peers/package.json", import.meta.url));
const peer = (name: string): Promise<unknown> =>
  import(pathToFileURL(installed.resolve(name)).href);
const { sanitizePii } = (await peer("@cdssnc/sanitize-pii")) as {
  sanitizePii(text: string): string;
};
const { Redactor } = (await peer("@redactpii/node")) as {
  readonly Redactor: new () => { redact(text: string): string };
};
const { SyncRedactor } = (await peer("redact-pii")) as {
  readonly SyncRedactor: new () => { redact(text: string): string };
};

const SIZE = 65_536;
const chinese = (i: number): object => ({
  orderNo: `20261124103015${String(i).padStart(9, "0")}`,
  item: "红豆面包",
  price: 19.9 + i,
  note: "请轻声敲门，放在门口的架子上就好，谢谢",
  createdAt: "2026-11-24T10:30:15.000Z",
  tags: ["面包", "甜"],
  shipping: { city: "上海", street: "花园路", floor: 3 },
  trace: "550e8400-e29b-41d4-a716-446655440000",
});
const english = (i: number): object => ({
  orderNo: `20261124103015${String(i).padStart(9, "0")}`,
  item: "Red bean bread",
  price: 19.9 + i,
  note: "please leave it at the door, thank you very much indeed",
  createdAt: "2026-11-24T10:30:15.000Z",
  tags: ["bread", "sweet"],
  shipping: { city: "Shanghai", street: "Garden road", floor: 3 },
  trace: "550e8400-e29b-41d4-a716-446655440000",
});
/** One in twenty holds something. */
const ordersOf = (order: (i: number) => object): readonly object[] =>
  Array.from({ length: Math.floor(SIZE / Buffer.byteLength(JSON.stringify(order(1)))) }, (_, i) =>
    i % 20 === 0 ? { ...order(i), phone: "13912345678", card: "4111111111111111" } : order(i),
  );

for (const [language, orders] of [
  ["Chinese", ordersOf(chinese)],
  ["English", ordersOf(english)],
] as const) {
  const json = JSON.stringify(orders);
  describe(`64 KB of JSON in ${language}`, () => {
    bench("JSON.parse (limit)", () => void JSON.parse(json));
    bench("scanText", () => void scanText(json));
    bench("redactText", () => void redactText(json));
    const redactor = new Redactor();
    const redactPii = new SyncRedactor();
    bench("@cdssnc/sanitize-pii", () => void sanitizePii(json));
    bench("@redactpii/node", () => void redactor.redact(json));
    bench("redact-pii", () => void redactPii.redact(json), { iterations: 5, warmupIterations: 1 });
  });
  describe(`64 KB of objects in ${language}`, () => {
    bench("JSON.stringify (limit)", () => void JSON.stringify(orders));
    bench("scanValue", () => void scanValue(orders));
  });
  describe(`1 MB in pieces of 4 KB, ${language}`, () => {
    const whole = Array<string>(16).fill(json).join("\n");
    bench("whole", () => void scanText(whole));
    bench("in pieces", () => {
      const stream = createScanStream();
      for (let at = 0; at < whole.length; at += 4096) stream.write(whole.slice(at, at + 4096));
      stream.end();
    });
  });
}

const HOSTILE: readonly (readonly [name: string, unit: string])[] = [
  ["aaaa", "a"],
  ["1.1.1.", "1."],
  ["digits", "1"],
  ["digits apart", "1 "],
  ["groups like a card's", "4444 "],
  ["IDs with a wrong check digit", "110105194912310021 "],
  ["separators", "- "],
  ["@", "@"],
  ["a@a.", "a@a."],
  ["full width", "１"],
  ["escapes", String.raw`\u0031`],
  ["percent", "%31"],
  ["invisible", "1\u200b"],
  ["quotes", '"'],
  ["names", '"idCard":'],
  ["conditions", "糖尿病"],
  ["ages", "8岁"],
  ["words", "cancer "],
  ["plates", "京A"],
  ["tokens", "a1-"],
  ["base64 letters", "YWE/"],
];
const typical = JSON.stringify(ordersOf(english));
const nested = (wrap: (text: string) => string): string => {
  let text = typical.slice(0, 8192);
  for (let i = 0; i < 3; i++) text = wrap(text);
  return text;
};

describe("64 KB of hostile text, beside the typical", () => {
  bench("typical", () => void scanText(typical));
  for (const [name, unit] of HOSTILE) {
    const text = unit.repeat(SIZE / unit.length);
    bench(`${name} (${Buffer.byteLength(text)} bytes)`, () => void scanText(text));
  }
  const base64 = nested((text) => Buffer.from(text).toString("base64"));
  bench(`base64 in base64 (${base64.length} bytes)`, () => void scanText(base64));
  const json = nested((text) => JSON.stringify([text]));
  bench(`JSON in JSON (${json.length} bytes)`, () => void scanValue(json));
  const large = typical.repeat(160);
  bench(`typical of 10 MB (${large.length} bytes)`, () => void scanText(large), { iterations: 5 });
});

// What a scan of values may be made to do: it stops at its limits, wherever it has come to.
describe("hostile structures, beside 64 KB of objects", () => {
  const orders = ordersOf(english);
  bench("typical", () => void scanValue(orders));
  let shared: unknown = ["2026"];
  for (let i = 0; i < 30; i++) shared = [shared, shared];
  bench("2^30 times the same array (up to 100,000 nodes)", () => void scanValue(shared));
  let deep: unknown = "2026";
  for (let i = 0; i < 100_000; i++) deep = { deep };
  bench("100,000 deep (up to 32)", () => void scanValue(deep));
});

// By what power of its length a text's time grows: 1 is linear.
for (const [name, unit] of HOSTILE) {
  const timeOf = (size: number): number => {
    const text = unit.repeat(size / unit.length);
    const times = Array.from({ length: 5 }, () => {
      const start = performance.now();
      scanText(text);
      return performance.now() - start;
    });
    return times.toSorted((a, b) => a - b)[2]!;
  };
  timeOf(SIZE);
  const exponent = Math.log2(timeOf(SIZE * 16) / timeOf(SIZE * 2)) / 3;
  process.stdout.write(`${name}: grows by the power of ${exponent.toFixed(2)}\n`);
}
