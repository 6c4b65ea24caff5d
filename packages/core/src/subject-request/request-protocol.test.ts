import { describe, expect, it } from "vitest";
import { drpStatus, openDsrStatus } from "./request-protocol.ts";
import { REFUSAL_REASONS, REQUEST_STATES } from "./subject-request.ts";

describe("a request in the words of others", () => {
  it("has the statuses of OpenDSR 2.0", () => {
    expect(REQUEST_STATES.map((state) => [state, openDsrStatus(state)])).toEqual([
      ["received", "pending"],
      ["identity-check", "pending"],
      ["accepted", "in_progress"],
      ["executing", "in_progress"],
      ["extended", "in_progress"],
      ["restricted", "in_progress"],
      ["fulfilled", "completed"],
      ["partly-fulfilled", "completed"],
      ["refused", "cancelled"],
      ["withdrawn-by-user", "cancelled"],
      ["expired", "cancelled"],
    ]);
  });

  it("has the statuses and reasons of the Data Rights Protocol 1.0", () => {
    expect(drpStatus("received")).toEqual({ status: "open" });
    expect(drpStatus("identity-check")).toEqual({
      status: "in_progress",
      reason: "need_user_verification",
    });
    expect(drpStatus("partly-fulfilled")).toEqual({ status: "fulfilled" });
    expect(drpStatus("withdrawn-by-user")).toEqual({ status: "revoked" });
    expect(drpStatus("expired")).toEqual({ status: "expired" });
    expect(REFUSAL_REASONS.map((reason) => drpStatus("refused", reason))).toEqual(
      [
        "suspected_fraud",
        "insuf_verification",
        "no_match",
        "claim_not_covered",
        "outside_jurisdiction",
        "too_many_requests",
        "other",
      ].map((reason) => ({ status: "denied", reason })),
    );
  });
});
