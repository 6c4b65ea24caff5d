import { group, list, personal, personalRecord, plain, subject } from "@miniprivacy/core/policy";
import { describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { policy } from "../privacy.fixture.ts";
import { releasedFields } from "./released-fields.ts";

const text = z.string();
const record = personalRecord(policy, "contact", {
  id: plain(text),
  memberId: subject(text),
  phone: personal("phone", text),
  home: group({ note: plain(text), phone: personal("phone", text) }),
  both: group({ phone: personal("phone", text), address: personal("address", text) }),
  parcels: list({ to: group({ address: personal("address", text) }) }),
  notes: group({ text: plain(text) }),
});

describe("releasedFields", () => {
  it.each([
    [[], []],
    [["phone"], ["phone", "home"]],
    [["address"], ["parcels"]],
    [
      ["address", "phone"],
      ["phone", "home", "both", "parcels"],
    ],
  ])("PIPL-47: of %j are %j: a group goes when nothing else is in it", (categories, fields) => {
    expect(releasedFields(record, categories)).toEqual(fields);
  });
});
