import { describe, expect, it } from "vitest";
import { breachDuties } from "./breach-clock.ts";
import { renderBreachNotification } from "./breach-notification.ts";
import type { BreachRecipient, BreachRecord } from "./breach-record.ts";
import { parseBreachRecord } from "./parse-breach-record.ts";

const text = (en: string) => ({ "zh-CN": `中文${en}`, en });
const record: BreachRecord = {
  schemaVersion: "1",
  status: "halted",
  summary: text("A file was public."),
  occurredFrom: "2026-11-24T04:00:00Z",
  occurredTo: "2026-11-24T07:00:00Z",
  discoveredAt: "2026-11-24T07:30:00Z",
  awareAt: "2026-11-24T08:00:00Z",
  cause: text("A wrong rule."),
  likelyHarm: text("Unwanted calls."),
  measures: [text("Closed it."), text("Deleted it.")],
  selfHelp: [text("Be wary of calls.")],
  contact: { email: "privacy@shop.example" },
  impact: {
    disclosure: "potentially",
    categories: ["phone"],
    personsAtLeast: 42,
    minors: "no",
    jurisdictions: ["CN"],
  },
  platforms: ["weixin"],
  deliveries: [],
};
const NOW = Date.parse("2026-11-24T09:00:00Z");
const impact = (change: Partial<BreachRecord["impact"]>): BreachRecord => ({
  ...record,
  impact: { ...record.impact, ...change },
});
const ids = (of: BreachRecord): readonly string[] =>
  breachDuties(of, NOW)
    .map(({ ruleId }) => ruleId)
    .toSorted();

describe("breachDuties", () => {
  it("WX-4.11c, WX-4.11d, WX-4.11e, PIPL-57: platform, subjects and authority are told at once, counted from awareness", () => {
    const duties = breachDuties(record, NOW);
    expect(duties.map(({ recipient, obligations }) => [recipient, obligations])).toEqual([
      ["platform", ["WX-4.11c"]],
      ["subjects", ["WX-4.11d"]],
      ["authority", ["WX-4.11e", "PIPL-57"]],
      ["subjects", ["PIPL-57"]],
    ]);
    for (const duty of duties) {
      expect(duty).toMatchObject({
        clockStart: "2026-11-24T08:00:00.000Z",
        dueAt: "2026-11-24T08:00:00.000Z",
        overdue: true,
        state: "open",
      });
    }
  });

  it("GDPR-33, GDPR-34: adds guardians, the four hours of a large incident and the 72 of the GDPR where they apply, earliest first", () => {
    expect(ids(impact({ minors: "unknown" }))).toContain("cn-minors-guardians");
    expect(ids(impact({ personsAtLeast: 999_999 }))).not.toContain("cn-incident-report");
    const large = breachDuties(
      impact({ personsAtLeast: 1_000_000, jurisdictions: ["CN", "DE"] }),
      NOW,
    );
    const due = Object.fromEntries(
      large.map(({ ruleId, dueAt, overdue }) => [ruleId, [dueAt, overdue]]),
    );
    expect(due["cn-incident-report"]).toEqual(["2026-11-24T12:00:00.000Z", false]);
    expect(due["gdpr-authority"]).toEqual(["2026-11-27T08:00:00.000Z", false]);
    expect(due["gdpr-subjects"]).toEqual(["2026-11-24T08:00:00.000Z", true]);
    const times = large.map(({ dueAt }) => dueAt);
    expect(times).toEqual(times.toSorted((a, b) => a.localeCompare(b)));
    expect(ids({ ...impact({ jurisdictions: ["US"] }), platforms: [] })).toEqual([]);
  });

  it("keeps a duty open until its delivery is filed", () => {
    const delivered = {
      ...record,
      deliveries: [
        { ruleId: "weixin-platform", deliveredAt: "2026-11-24T08:30:00Z", channel: "mail" },
      ],
    };
    const [platform, subjects] = breachDuties(delivered, NOW);
    expect(platform).toMatchObject({ recipient: "platform", state: "delivered", overdue: false });
    expect(subjects).toMatchObject({ recipient: "subjects", state: "open", overdue: true });
  });
});

describe("renderBreachNotification", () => {
  const render = (recipient: BreachRecipient, language: "zh-CN" | "en", of = record) =>
    renderBreachNotification(of, {
      recipient,
      language,
      controller: { name: text("Shop"), contact: { email: "x@shop.example" } },
      categoryLabels: { phone: text("Phone") },
      duties: breachDuties(of, NOW),
    });

  it.each(["platform", "subjects", "authority", "guardians"] as const)(
    "PIPL-57: tells %s categories, cause, harm, measures, what to do and whom to ask, in both languages",
    (recipient) => {
      for (const language of ["zh-CN", "en"] as const) {
        const notice = render(recipient, language);
        for (const told of [
          "A file was public.",
          "Phone",
          "A wrong rule.",
          "Unwanted calls.",
          "Closed it.",
          "Deleted it.",
          "Be wary of calls.",
          "privacy@shop.example",
        ]) {
          expect(notice).toContain(language === "en" || told.includes("@") ? told : `中文${told}`);
        }
      }
    },
  );

  it("WX-4.11c, WX-4.11e: tells platform and authority the number, the state and the due times", () => {
    for (const recipient of ["platform", "authority"] as const) {
      expect(render(recipient, "zh-CN")).toContain("至少 42 人");
      expect(render(recipient, "en")).toContain("2026-11-24 08:00 UTC");
    }
    expect(render("platform", "en")).toContain("WX-4.11c");
  });

  it("tells times in UTC to the minute, whatever offset they were filed with", () => {
    const filed = { ...record, discoveredAt: "2026-11-24T15:30:59.123+08:00" };
    expect(render("subjects", "en", filed)).toContain("2026-11-24 07:30 UTC");
    expect(render("subjects", "en")).toContain("2026-11-24 04:00 UTC – 2026-11-24 07:00 UTC");
  });

  it("WX-4.11d: tells a person nothing of the others", () => {
    expect(render("subjects", "en")).not.toContain("42");
    expect(render("subjects", "zh-CN")).not.toContain("42");
  });

  it("keeps texts of the record texts", () => {
    const hostile = {
      ...record,
      summary: text("<img src=x onerror=alert(1)>\n# Heading | [a](b)"),
    };
    const notice = render("subjects", "en", hostile);
    expect(notice).not.toContain("<img");
    expect(notice).not.toMatch(/^# Heading/m);
    expect(notice).not.toContain(" [a]");
  });
});

describe("parseBreachRecord", () => {
  it("takes a whole record and gives it back", () => {
    expect(parseBreachRecord(JSON.parse(JSON.stringify(record)))).toEqual(record);
  });

  it.each<[string, object, string]>([
    ["no cause", { cause: undefined }, "cause"],
    ["one language only", { summary: { en: "x" } }, "summary.zh-CN"],
    ["no measure", { measures: [] }, "measures"],
    ["a time that is none", { awareAt: "yesterday 13912345678" }, "awareAt"],
    ["an unknown version", { schemaVersion: "2" }, "schemaVersion"],
    ["an unknown field", { "13912345678": 1 }, ""],
    [
      "persons below zero",
      { impact: { ...record.impact, personsAtLeast: -1 } },
      "impact.personsAtLeast",
    ],
  ])("refuses %s, naming the place and no value", (_title, change, schemaPath) => {
    const failure = catchError(() => parseBreachRecord({ ...record, ...change }));
    expect(failure).toMatchObject({ code: "ERR_BREACH_RECORD_INVALID", issues: [{ schemaPath }] });
    expect(JSON.stringify(failure)).not.toContain("13912345678");
  });
});

function catchError(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}
