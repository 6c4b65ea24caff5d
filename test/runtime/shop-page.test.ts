import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type KeySet, verifyCertificate, verifyStatement } from "@miniprivacy/core/certificate";
import { browserMissing, launchBrowser } from "../support/browser.ts";
import { type DemoServer, startDemo } from "../support/demo-server.ts";

const missing = await browserMissing();
/** Set to a folder to keep pictures of each stage. */
const pictures = process.env["TEST_PICTURES"];

describe.skipIf(missing !== undefined)(
  `the shop's page in Chromium${missing === undefined ? "" : ` (${missing})`}`,
  () => {
    let dir: string;
    let demo: DemoServer;
    let browser: Browser;
    let page: Page;
    const faults: string[] = [];
    beforeAll(async () => {
      dir = await mkdtemp(join(tmpdir(), "shop-page-"));
      if (pictures !== undefined) await mkdir(pictures, { recursive: true });
      demo = await startDemo(dir);
      browser = await launchBrowser();
      page = await browser.newPage({
        viewport: { width: 1100, height: 900 },
        acceptDownloads: true,
      });
      page.on("pageerror", (error) => faults.push(error.message));
      page.on(
        "console",
        (message) => void (message.type() === "error" && faults.push(message.text())),
      );
      await page.goto(demo.url);
      await page.waitForSelector("html[data-ready]");
    });
    afterAll(async () => {
      await browser.close();
      await demo.stop();
      await rm(dir, { recursive: true });
    });

    async function picture(name: string): Promise<void> {
      if (pictures !== undefined)
        await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
    }
    async function order(phone = "13912345678"): Promise<void> {
      await page.fill("[name=item]", "红豆面包");
      await page.fill("#order [name=phone]", phone);
      await page.fill("#order [name=address]", "花园路 8 号");
      await page.fill("[name=note]", "请轻声敲门");
      await page.click("#order-submit");
    }
    const result = (state: string) => page.waitForSelector(`#order-result[data-state=${state}]`);
    const status = (purpose: string) =>
      page.getAttribute(`#consents [data-purpose=${purpose}]`, "data-status");
    async function savedFile(click: () => Promise<void>): Promise<string> {
      const [download] = await Promise.all([page.waitForEvent("download"), click()]);
      return readFile(await download.path(), "utf8");
    }

    it("WX-4.4.3, PIPL-14: asks only when the phone number is needed, with two equal choices and nothing chosen", async () => {
      await picture("1-start");
      await order();
      await page.waitForSelector("#notice[open]");
      expect(await page.textContent("#notice-text")).toContain("手机号");
      const looks = await page.$$eval("#agree, #refuse", (buttons) =>
        buttons.map((button) => {
          const { width, height } = button.getBoundingClientRect();
          const { fontSize, fontWeight, backgroundColor, color, border } = getComputedStyle(button);
          return {
            width: Math.round(width),
            height: Math.round(height),
            fontSize,
            fontWeight,
            backgroundColor,
            color,
            border,
          };
        }),
      );
      expect(looks[0]).toEqual(looks[1]);
      await picture("2-notice");
    });

    it("PIPL-16: Escape refuses, and the shop still serves", async () => {
      await page.keyboard.press("Escape");
      await result("pickup");
      await page.waitForSelector("#consents [data-purpose=delivery][data-status=refused]");
      const { body } = await demo.call("GET", "/privacy/data", "lin");
      expect(body).toEqual({ records: { order: [], note: [] } });
    });

    it("agreeing takes the order, and the receipt can be checked by anybody", async () => {
      await order();
      await page.click("#agree");
      await result("ordered");
      await page.waitForSelector("#consents [data-purpose=delivery][data-status=given]");
      await page.waitForSelector("form[data-record=order]");
      await picture("3-ordered");
      const receipt = await savedFile(() =>
        page.click("#consents [data-purpose=delivery] button:last-child"),
      );
      const keys = (await (
        await fetch(`${demo.url}/privacy/.well-known/jwks.json`)
      ).json()) as KeySet;
      expect(await verifyStatement(receipt, { keys, now: Date.now() })).toMatchObject({
        verdict: "valid",
        claims: { status: "given" },
      });
    });

    it("does not ask again for what is agreed", async () => {
      await order();
      await result("ordered");
      expect(await page.isVisible("#notice")).toBe(false);
    });

    it("WX-4.4.7a: she corrects her phone number", async () => {
      await page.waitForFunction(
        () => document.querySelectorAll("form[data-record=order]").length === 2,
      );
      const form = page.locator("form[data-record=order]").first();
      await form.locator("[name=phone]").fill("13887654321");
      await form.locator("button").click();
      await form.locator("[role=status]", { hasText: "已更正" }).waitFor();
      await page.reload();
      await page.waitForSelector("form[data-record=order]");
      const phones = await page.$$eval("form[data-record=order] [name=phone]", (inputs) =>
        inputs.map((input) => (input as HTMLInputElement).value),
      );
      expect(phones).toContain("13887654321");
    });

    it("PIPL-45: she takes all of it away", async () => {
      const exported = JSON.parse(await savedFile(() => page.click("#export"))) as {
        records: { order: object[]; note: object[] };
      };
      expect([exported.records.order.length, exported.records.note.length]).toEqual([2, 2]);
    });

    it("PIPL-15: withdrawing is one click", async () => {
      await page.click("#consents [data-purpose=delivery] button");
      await page.waitForSelector("#consents [data-purpose=delivery][data-status=withdrawn]");
      expect(await status("delivery")).toBe("withdrawn");
    });

    it("another person sees nothing of hers", async () => {
      await page.selectOption("#person", "wang");
      await page.waitForSelector("#consents [data-purpose=delivery][data-status=unknown]");
      expect(await page.$$("form[data-record=order]")).toHaveLength(0);
      await page.selectOption("#person", "lin");
      await page.waitForSelector("form[data-record=order]");
    });

    it("WX-4.4.7b: she erases everything by herself, and gets a confirmation that verifies", async () => {
      await page.click("#erase");
      await picture("4-confirm");
      await page.click("#confirm-yes");
      await page.waitForSelector("#outcomes");
      await picture("5-erased");
      const outcomes = await page.$$eval("#outcomes li", (items) =>
        items.map((item) => item.getAttribute("data-outcome")),
      );
      expect(outcomes).toEqual([
        "verified-absent",
        "verified-absent",
        "verified-absent",
        "verified-absent",
      ]);
      const certificate = await savedFile(() => page.click("#erasure button:last-child"));
      const keys = (await (
        await fetch(`${demo.url}/privacy/.well-known/jwks.json`)
      ).json()) as KeySet;
      expect(await verifyCertificate(certificate, { keys, now: Date.now() })).toMatchObject({
        verdict: "valid",
        claims: { claim: "deleted" },
      });
      const file = join(dir, "certificate.html");
      await writeFile(file, await savedFile(() => page.click("#erasure button:first-of-type")));
      const document = await browser.newPage();
      await document.goto(`file://${file}`);
      expect(await document.textContent("h1")).toBe("个人信息删除确认书");
      const [width, visible] = await document.evaluate(() => [
        globalThis.document.documentElement.scrollWidth,
        innerWidth,
      ]);
      expect(width).toBeLessThanOrEqual(visible ?? 0);
      if (pictures !== undefined)
        await document.screenshot({ path: join(pictures, "6-certificate.png"), fullPage: true });
      await document.close();
    });

    it("speaks English when asked", async () => {
      await page.click("#language");
      await page.waitForSelector("html[lang=en]");
      expect(await page.textContent("#order-submit")).toBe("Place order");
      await order();
      await page.waitForSelector("#notice[open]");
      expect(await page.textContent("#notice-text")).toContain("Phone number");
      await picture("7-english");
      await page.click("#refuse");
      await result("pickup");
    });

    it("nothing went wrong on the way", () => {
      expect(faults).toEqual([]);
    });
  },
);
