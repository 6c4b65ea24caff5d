import { describe, expect, it } from "vitest";
import { checkRequester, type RequestedOf, type Requester } from "./requester.ts";

const now = Date.parse("2026-11-28T00:00:00Z");
const of: RequestedOf = { kind: "erase", jurisdiction: "CN", now };
const guardian: Requester = { role: "guardian", evidence: "file/1" };
const relative: Requester = { role: "relative", evidence: "file/2", interest: "inheritance" };
const agent = (mandate: object = {}): Requester => ({
  role: "agent",
  mandate: { evidence: "file/3", kinds: ["erase"], until: now, ...mandate },
});

describe("checkRequester", () => {
  it.each<readonly [string, Requester, Partial<RequestedOf>]>([
    ["she herself", { role: "self" }, {}],
    ["the guardian of a child", guardian, { ageBand: "under-14" }],
    ["a guardian, of whom nobody asked the age", guardian, {}],
    ["a guardian where more are minors", guardian, { ageBand: "14-17", jurisdiction: "IN" }],
    ["an agent on the last day of the mandate", agent(), {}],
    ["a relative of somebody who has died", relative, { deceased: "open" }],
  ])("PIPL-44: lets ask %s", (_who, requester, given) => {
    expect(checkRequester(requester, { ...of, ...given })).toEqual({ permitted: true });
  });

  it.each<readonly [string, Requester, Partial<RequestedOf>, string]>([
    ["a guardian of an adult", guardian, { ageBand: "adult" }, "subject-of-age"],
    ["a guardian of somebody of fourteen", guardian, { ageBand: "14-17" }, "subject-of-age"],
    ["a guardian who shows nothing", { ...guardian, evidence: " " }, {}, "evidence-missing"],
    ["an agent without a mandate", agent({ evidence: "" }), {}, "evidence-missing"],
    ["an agent whose mandate is over", agent({ until: now - 1 }), {}, "mandate-expired"],
    ["an agent whose mandate ends never", agent({ until: NaN }), {}, "mandate-expired"],
    ["an agent for something else", agent({ kinds: ["access"] }), {}, "not-mandated"],
    ["a relative of the living", relative, {}, "subject-alive"],
    ["a relative whom she ruled out", relative, { deceased: "ruled-out" }, "ruled-out"],
    [
      "a relative without an interest",
      { ...relative, interest: "" },
      { deceased: "open" },
      "evidence-missing",
    ],
    [
      "a relative for more than the law gives",
      relative,
      { deceased: "open", kind: "portability" },
      "not-a-relatives-right",
    ],
  ])("PIPL-49: does not let ask %s", (_who, requester, given, reason) => {
    expect(checkRequester(requester, { ...of, ...given })).toEqual({ permitted: false, reason });
  });
});
