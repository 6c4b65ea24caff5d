import { bench, describe } from "vitest";
import { scanText } from "./scan-text.ts";
import { scanValue } from "./scan-value.ts";

const order = (i: number): object => ({
  orderNo: `20261124103015${String(i).padStart(9, "0")}`,
  item: "红豆面包",
  price: 19.9 + i,
  note: "请轻声敲门 please leave it at the door, thank you",
  createdAt: "2026-11-24T10:30:15.000Z",
  tags: ["bread", "sweet"],
  address: { city: "上海", street: "花园路 8 号", floor: 3 },
  phone: "13912345678",
  trace: "550e8400-e29b-41d4-a716-446655440000",
});
const SIZE = 65_536;
const orders = Array.from({ length: SIZE / JSON.stringify(order(1)).length }, (_, i) => order(i));
const json = JSON.stringify(orders);

describe("64 KB of JSON with nothing to find", () => {
  bench("JSON.parse (limit for text)", () => void JSON.parse(json));
  bench("scanValue of the text", () => void scanValue(json));
  bench("scanText", () => void scanText(json));
  bench("JSON.stringify (limit for objects)", () => void JSON.stringify(orders));
  bench("scanValue of the objects", () => void scanValue(orders));
});

const repeated = (unit: string): string => unit.repeat(SIZE / unit.length);
describe("64 KB of hostile text, beside the typical", () => {
  bench("typical", () => void scanValue(json));
  for (const [name, text] of [
    ["digits", repeated("1")],
    ["digits apart", repeated("1 ")],
    ["groups like a card's", repeated("4444 ")],
    ["dates apart", repeated("19 ")],
    ["IDs with a wrong checksum", repeated("110105194912310021 ")],
    ["IDs", `[${repeated('"11010519491231002X",')}]`],
    ["quotes", repeated('"')],
    ["names", repeated('"a":')],
    [
      "different names",
      Array.from({ length: SIZE / 12 }, (_, i) => `"n${i + 100_000}no":`).join(""),
    ],
    ["strokes", `["${repeated("\\\\")}"]`],
    ["escapes", `["${repeated("\\u0031")}"]`],
    ["JSON in JSON", JSON.stringify([JSON.stringify([JSON.stringify([json.slice(0, 16_384)])])])],
    ["invisible characters", repeated("1\u200b\u200b")],
  ] as const)
    bench(name, () => void scanValue(text));
});
