import { personal, personalRecord, plain, subject } from "@miniprivacy/core/policy";
import { declaredConnector, type DeclaredConnectorOptions } from "@miniprivacy/node";
import { describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { accessLog } from "../../docs/examples/guides/connect-processor.ts";
import { policy } from "./note-policy.ts";

const record = personalRecord(policy, "order", {
  id: plain(z.string()),
  memberId: subject(z.string()),
  text: personal("note", z.string()),
});
const lin = { tenant: "", subjectId: "lin" };
const options: DeclaredConnectorOptions = {
  kind: "index",
  records: ["order"],
  selector: "documents with {subjectId}",
  tool: "index lifecycle",
  toolVersion: "8",
  keptDays: 30,
};

describe("declaredConnector", () => {
  it("says until when something is left, and by what it goes", async () => {
    const at = new Date("2026-11-28T00:00:00.000Z");
    expect(await accessLog.remnants(record, at)).toEqual([
      { where: "logrotate", until: "2026-12-12T00:00:00.000Z" },
    ]);
    expect(await accessLog.describe("order")).toEqual({
      selector: "access log lines with {subjectId}",
      technique: "dropped by age after 14 days",
      tool: "logrotate",
      toolVersion: "3.21",
    });
    await expect(accessLog.describe("note")).rejects.toMatchObject({ code: "ERR_CONFIG_INVALID" });
  });

  it("reads nothing and changes nothing, and does not pretend to", async () => {
    await expect(accessLog.find(record, lin)).rejects.toMatchObject({ code: "ERR_CONFIG_INVALID" });
    await expect(accessLog.count(record, lin)).rejects.toMatchObject({
      code: "ERR_CONFIG_INVALID",
    });
    expect(await accessLog.rectify(record, lin, "1", { text: "x" })).toBe(false);
    expect(accessLog.evidence).toBe("declaration");
  });

  it("takes no declaration that says nothing", () => {
    for (const keptDays of [0, -1, 0.5, Number.NaN])
      expect(() => declaredConnector({ ...options, keptDays })).toThrow(
        expect.objectContaining({ code: "ERR_CONFIG_INVALID" }),
      );
    expect(() => declaredConnector({ ...options, selector: "all" })).toThrow(TypeError);
  });
});
