import { describe, expect, it } from "vitest";
import * as z from "zod/mini";
import {
  anchor,
  group,
  list,
  personal,
  personalRecord,
  plain,
  subject,
} from "../policy/personal-record.ts";
import { definePolicy } from "../policy/policy.ts";
import { collectedField, selectedCategories, selectedFields } from "./data-selector.ts";

const policy = definePolicy({
  id: "shop",
  version: "1",
  languages: ["en"],
  controller: { name: { en: "Shop" }, country: "CN", contact: { email: "a@shop.example" } },
  platforms: { weixin: { appId: "wx0" } },
  categories: {
    phone: { label: { en: "Phone" }, source: "platform" },
    address: { label: { en: "Address" }, source: "subject" },
    note: { label: { en: "Note" }, source: "subject", collectedIn: "elsewhere" },
  },
  recipients: {},
  purposes: {},
});
const text = z.string();
const order = personalRecord(policy, "order", {
  id: plain(text),
  memberId: subject(text),
  createdAt: anchor("collected", text),
  closedAt: anchor("order-closed", text),
  phone: personal("phone", text),
  typedPhone: personal("phone", text, { source: "subject" }),
  receiver: group({
    name: plain(text),
    phone: personal("phone", text),
    note: personal("note", text),
  }),
  stops: list({ address: personal("address", text) }),
});

describe("selectedFields", () => {
  it.each([
    ["tenant", ["phone", "typedPhone", "receiver", "stops"]],
    [{}, ["phone", "typedPhone", "receiver", "stops"]],
    [{ category: "phone" }, ["phone", "typedPhone", "receiver"]],
    [{ category: "phone", source: "platform" }, ["phone", "receiver"]],
    [{ category: "phone", source: "subject" }, ["typedPhone"]],
    [{ source: "subject", collectedIn: "weixin" }, ["typedPhone", "stops"]],
    [{ collectedIn: "elsewhere" }, ["receiver"]],
    [{ collectedIn: "kuaishou" }, []],
  ] as const)("WX-4.4.5b: %j are %j", (selector, fields) => {
    expect(selectedFields(order, selector)).toEqual(fields);
  });

  it("names the categories it takes, and not those that go along with a group", () => {
    expect(selectedCategories([order], { source: "platform" })).toEqual(["phone"]);
    expect(selectedCategories([order], "tenant")).toEqual(["address", "note", "phone"]);
  });
});

it("the collected anchor tells when a row's data was collected", () => {
  expect(collectedField(order)).toBe("createdAt");
  expect(collectedField({ fields: { memberId: subject(text) } })).toBeUndefined();
});
