// @vitest-environment jsdom
import { afterEach, describe, expect, inject, it, vi } from "vitest";
import { simulate, type Simulated } from "../src/simulate.ts";

const dist = `${inject("packed").web}/miniprogram_dist`;

interface Question {
  agree(buttonId?: string): void;
  refuse(): void;
}
type Handler = (question: object) => void;

let simulated: Simulated | undefined;
afterEach(() => simulated?.stop());

/** What a component finds as the app's client. */
function withClient(): { ask(question?: object): Promise<boolean> } {
  let handler: Handler | undefined;
  const privacy = {
    language: "zh-CN",
    consent: { onAsk: (given: Handler) => ((handler = given), () => undefined) },
    platform: { onDialog: () => () => undefined },
  };
  vi.stubGlobal("getApp", () => ({ privacy }));
  return {
    ask: (question = {}) =>
      new Promise<boolean>((resolve) => {
        const answers: Question = { agree: () => resolve(true), refuse: () => resolve(false) };
        handler!({
          purpose: "delivery",
          text: "告知书\n\n【送货】\n处理目的：送货",
          language: "zh-CN",
          answered: new Promise(() => undefined),
          ...answers,
          ...question,
        });
      }),
  };
}

describe("privacy-consent in the older framework, by the official template compiler", () => {
  it.each([
    ["#privacy-agree", true],
    ["#privacy-refuse", false],
  ])("shows a question, and %s answers it", async (button, expected) => {
    const client = withClient();
    simulated = await simulate(`${dist}/privacy-consent/index`, { root: dist });
    expect(simulated.element.textContent).not.toContain("同意");
    const answer = client.ask();
    await vi.waitFor(() => expect(simulated!.element.textContent).toContain("处理目的"));
    expect(simulated.element.textContent).toMatch(
      /告知书.*送货.*不选择而关闭，即为不同意.*同意.*不同意/s,
    );
    await simulated.tap(button);
    expect(await answer).toBe(expected);
  });
});
