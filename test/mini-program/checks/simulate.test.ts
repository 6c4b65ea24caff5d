// @vitest-environment jsdom
import { afterEach, expect, it } from "vitest";
import { simulate, type Simulated } from "../src/simulate.ts";

let simulated: Simulated | undefined;
afterEach(() => simulated?.stop());

it("renders a component by the official template compiler", async () => {
  const wx = {};
  simulated = await simulate("fixtures/hello/components/card/card", {
    root: "fixtures/hello",
    properties: { title: "A card" },
    wx,
  });
  expect((globalThis as { wx?: object }).wx).toBe(wx);
  expect(simulated.element.textContent).toContain("A card");
});

it("taps count and the change is told", async () => {
  simulated = await simulate("fixtures/hello/components/counter/counter", {
    root: "fixtures/hello",
    properties: { step: 3 },
  });
  const told: unknown[] = [];
  simulated.component.addEventListener("changed", (event) => told.push(event.detail));
  await simulated.tap(".add");
  await simulated.tap(".add");
  expect(simulated.element.textContent).toContain("6");
  expect(told).toEqual([{ count: 3 }, { count: 6 }]);
});
