import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, inject, it } from "vitest";
import { buildApp } from "../src/build-app.ts";
import { type ChromiumApp, openInChromium } from "../src/browser.ts";

const { app: folder, root, server } = inject("packed");
const files = buildApp(folder);

let phone: ChromiumApp;
afterEach(() => phone.close());

async function open(): Promise<ChromiumApp> {
  phone = await openInChromium({
    app: files,
    wxModule: join(root, "test/mini-program/package/browser-wx.ts"),
    conditions: ["@miniprivacy/source"],
    origin: server,
  });
  return phone;
}

/** For people to look at, where a folder is named. */
async function picture(name: string): Promise<void> {
  const dir = process.env["SCREENSHOTS"];
  if (dir === undefined) return;
  mkdirSync(dir, { recursive: true });
  await phone.page.screenshot({ path: join(dir, `${name}.png`) });
}

const box = async (selector: string) => (await phone.locate(selector).boundingBox())!;

describe("the demo's mini-program in Chromium, against the real server", () => {
  it("WX-4.4.3: asks on a tap, takes the order on a yes, and erases with a certificate", async () => {
    const { locate, page, errors } = await open();
    await picture("shop");
    expect(await locate(".sheet").count()).toBe(0);
    await locate("#deliver").tap();
    await locate("#privacy-agree").waitFor();
    await picture("consent");
    await locate("#privacy-agree").tap();
    await locate("#message").filter({ hasText: "已下单，送货上门。" }).waitFor();
    await picture("ordered");
    await page.evaluate("miniProgram.wx.switchTab({ url: '/pages/me/index' })");
    await locate(".change").first().waitFor();
    await locate(".show-data").tap();
    await locate(".value").filter({ hasText: "13800000000" }).waitFor();
    await picture("my-data");
    await locate(".erase").tap();
    await picture("erase");
    await locate(".confirm-erase").tap();
    await locate(".certificate").waitFor();
    await picture("erased");
    expect(await locate(".value").count()).toBe(0);
    expect(errors).toEqual([]);
  });

  it("PIPL-16: refused, the shop goes on; the two choices are alike, and in sight", async () => {
    const { locate, errors } = await open();
    await locate("#deliver").tap();
    await locate("#privacy-agree").waitFor();
    const [agree, refuse, sheet] = [
      await box("#privacy-agree"),
      await box("#privacy-refuse"),
      await box(".sheet"),
    ];
    expect([agree.width, agree.height]).toEqual([refuse.width, refuse.height]);
    expect(agree.height).toBeGreaterThanOrEqual(44);
    // Never the whole screen.
    expect(sheet.height).toBeLessThan(0.81 * 844);
    await locate("#privacy-refuse").tap();
    await locate("#message").filter({ hasText: "取货码" }).waitFor();
    expect(errors).toEqual([]);
  });

  it("is readable in the dark and with large letters", async () => {
    const { locate, page } = await open();
    await page.emulateMedia({ colorScheme: "dark" });
    await page.addStyleTag({ content: "page { font-size: 28px !important; }" });
    await locate("#deliver").tap();
    await locate("#privacy-agree").waitFor();
    await picture("consent-dark-large");
    const { background, colour } = await locate(".sheet").evaluate((sheet) => {
      const { backgroundColor: background, color: colour } = getComputedStyle(sheet);
      return { background, colour };
    });
    expect([background, colour]).toEqual(["rgb(26, 34, 30)", "rgb(228, 235, 231)"]);
    for (const selector of ["#privacy-agree", "#privacy-refuse"]) {
      const { x, y, width, height } = await box(selector);
      expect([x >= 0, x + width <= 390, y + height <= 844]).toEqual([true, true, true]);
    }
    await locate("#privacy-refuse").tap();
    await locate("#message").filter({ hasText: "取货码" }).waitFor();
    await page.evaluate("miniProgram.wx.switchTab({ url: '/pages/me/index' })");
    await locate(".change").first().waitFor();
    await picture("me-dark-large");
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
  });
});
