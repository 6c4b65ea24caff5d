import { existsSync } from "node:fs";
import { AxeBuilder } from "@axe-core/playwright";
import { type Browser, chromium, type Page } from "playwright-core";

/** The shell without windows of its own opens a page in a third of the time. */
const PLACES = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"];
const chosen = process.env["TEST_CHROMIUM"];
const path = (chosen === undefined ? PLACES : [chosen]).find(existsSync);

/** Why tests in a browser cannot run here; undefined where they can. In CI there is no such excuse. */
export function browserMissing(): string | undefined {
  if (path !== undefined) return undefined;
  if (process.env["CI"] === "true") throw new Error("CI needs Chromium");
  return "no Chromium on this machine";
}

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: path!,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** How long browser and demo shop may take to start on a machine that has much else to do. */
export const START_MS = 120_000;

/** Ways a page can be asked to look. */
export const LOOKS = [
  { language: "zh-CN", colorScheme: "light", width: 1100 },
  { language: "zh-CN", colorScheme: "dark", width: 320 },
  { language: "en", colorScheme: "light", width: 320 },
  { language: "en", colorScheme: "light", width: 1100 },
] as const;

/** Two that between them have both languages, both schemes, a phone and a desk. */
export const UNLIKE_LOOKS = [LOOKS[1], LOOKS[3]] as const;

/** What axe finds wrong with a page as it stands: rule and place. */
export async function axeFindings(page: Page): Promise<readonly string[]> {
  // Our pages hold no frames: all is found inside the page itself, without a second page to gather it.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target }) => `${id}: ${target.join(" ")}`),
  );
}

/** How many pixels a page is wider than its window. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
}

/** The same with all text at twice its size. */
export async function overflowOfLargeText(page: Page): Promise<number> {
  await page.evaluate(() => void (document.documentElement.style.fontSize = "200%"));
  const pixels = await overflow(page);
  await page.evaluate(() => void (document.documentElement.style.fontSize = ""));
  return pixels;
}

/** How much of what was already shown has moved since the page began to load; 0 is nothing. */
export async function watchShifts(page: Page): Promise<() => Promise<number>> {
  await page.addInitScript(() => {
    const seen = globalThis as unknown as { shifts: number };
    seen.shifts = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries())
        seen.shifts += (entry as unknown as { readonly value: number }).value;
    }).observe({ type: "layout-shift", buffered: true });
  });
  return async () => {
    // Shifts are told after the frame that has them.
    await nextFrame(page);
    await nextFrame(page);
    return page.evaluate(() => (globalThis as unknown as { shifts: number }).shifts);
  };
}

/** Resolves once the page as it stands has been painted. */
export async function nextFrame(page: Page): Promise<void> {
  await page.evaluate(
    () => new Promise<void>((painted) => requestAnimationFrame(() => setTimeout(painted))),
  );
}

/** Looks into open shadow roots, as Playwright's selectors do. */
export function hasFocus(page: Page, selector: string): Promise<boolean> {
  return page.$$eval(selector, (elements) =>
    elements.some((element) => (element.getRootNode() as Document).activeElement === element),
  );
}

/** Presses Tab until the focus is on an element; on the way the focus must be seen wherever it is. */
export async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 80; presses++) {
    const { there, seen, place } = await page.$$eval(selector, (wanted) => {
      let focused = document.activeElement ?? document.body;
      while (focused.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
      const { outlineStyle, outlineWidth } = getComputedStyle(focused);
      return {
        there: wanted.includes(focused as HTMLElement),
        seen: focused === document.body || `${outlineStyle} ${outlineWidth}` === "solid 3px",
        place: focused.id || focused.localName,
      };
    });
    if (!seen) throw new Error(`the focus is not seen on ${place}`);
    if (there) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab never reaches ${selector}`);
}
