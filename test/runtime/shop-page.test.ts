import { randomUUID } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type KeySet, verifyCertificate, verifyStatement } from "@miniprivacy/core/certificate";
import {
  axeFindings,
  browserMissing,
  hasFocus,
  launchBrowser,
  LOOKS,
  UNLIKE_LOOKS,
  START_MS,
  nextFrame,
  overflow,
  overflowOfLargeText,
  tabTo,
  watchShifts,
} from "../support/browser.ts";
import { type DemoServer, startDemo } from "../support/demo-server.ts";

const missing = browserMissing();
/** Set to a folder to keep pictures of each stage. */
const pictures = process.env["TEST_PICTURES"];

type Look = (typeof LOOKS)[number];

/** How the two buttons of the notice look: whatever could make one of them the easier choice. */
function choiceLooks(page: Page): Promise<readonly object[]> {
  return page.$$eval("[part=agree], [part=refuse]", (buttons) =>
    buttons.map((button) => {
      const { width, height } = button.getBoundingClientRect();
      const { fontSize, fontWeight, backgroundColor, color, border } = getComputedStyle(button);
      const size = { width: Math.round(width), height: Math.round(height) };
      return { ...size, fontSize, fontWeight, backgroundColor, color, border };
    }),
  );
}

let dir: string;
let demo: DemoServer;
let browser: Browser;
/** What any page of this file complained of, and what any of them wrote down. */
const faults: string[] = [];
const written: string[] = [];

beforeAll(async () => {
  if (missing !== undefined) return;
  dir = await mkdtemp(join(tmpdir(), "shop-page-"));
  if (pictures !== undefined) await mkdir(pictures, { recursive: true });
  [demo, browser] = await Promise.all([startDemo(dir), launchBrowser()]);
}, START_MS);
afterAll(async () => {
  if (missing !== undefined) return;
  await browser?.close();
  await demo?.stop();
  await rm(dir, { recursive: true });
});

function watch(page: Page): Page {
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => {
    written.push(message.text());
    if (message.type() === "error") faults.push(message.text());
  });
  page.on("request", (request) => written.push(request.url()));
  page.on("framenavigated", (frame) => written.push(frame.url()));
  return page;
}

/** Collects what the page itself did not catch. */
function watchErrors<Window extends Page>(page: Window): Window & { readonly errors: string[] } {
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource"))
      errors.push(message.text());
  });
  return Object.assign(page, { errors });
}

async function fill(page: Page, item = "红豆面包"): Promise<void> {
  await page.fill("[name=item]", item);
  await page.fill("#order [name=phone]", PERSON.phone);
  await page.fill("#order [name=address]", PERSON.address);
  await page.fill("[name=note]", PERSON.note);
}

const NOTICE = "privacy-consent dialog[open]";
const PERSON = { phone: "13912345678", address: "花园路 8 号", note: "请轻声敲门" };

describe.skipIf(missing !== undefined)(
  `the shop's page in Chromium${missing === undefined ? "" : ` (${missing})`}`,
  () => {
    let page: Page;
    beforeAll(async () => {
      page = watch(
        await browser.newPage({ viewport: { width: 1100, height: 900 }, acceptDownloads: true }),
      );
      await page.goto(demo.url);
      await page.waitForSelector("html[data-ready]");
    });
    afterAll(() => page.context().close());

    async function picture(name: string): Promise<void> {
      if (pictures !== undefined)
        await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
    }
    async function order(): Promise<void> {
      await fill(page);
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
      await page.waitForSelector(NOTICE);
      expect(await page.textContent("[part=text]")).toContain("手机号");
      const [one, other] = await choiceLooks(page);
      expect(one).toEqual(other);
      expect(await page.$$(`${NOTICE} :checked`)).toHaveLength(0);
      await picture("2-notice");
    });

    it("PIPL-16: Escape refuses, and the shop still serves, without what was refused", async () => {
      await page.keyboard.press("Escape");
      await result("pickup");
      expect(await page.textContent("#order-result")).toMatch(/[0-9A-F]{8}$/);
      expect(await page.inputValue("#order [name=phone]")).toBe("");
      await page.waitForSelector("#consents [data-purpose=delivery][data-status=refused]");
      const { body } = await demo.call("GET", "/privacy/data", "lin");
      expect(body).toEqual({ records: { order: [], note: [] } });
    });

    it("agreeing takes the order, and the receipt can be checked by anybody", async () => {
      await order();
      await page.click("[part=agree]");
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
      expect(await page.isVisible(NOTICE)).toBe(false);
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

    it("PIPL-47: what only delivery needed leaves the orders, and the orders stay", async () => {
      await expect
        .poll(async () => {
          const { records } = JSON.parse(await savedFile(() => page.click("#export"))) as {
            readonly records: {
              readonly order: readonly { readonly item: string; readonly phone: string }[];
            };
          };
          return records.order.map(({ item, phone }) => item !== "" && phone);
        })
        .toEqual(["", ""]);
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
      // Orders, notes (gone with the withdrawal), the courier's labels (none was handed over), consents, the link to her name.
      expect(outcomes).toEqual([
        "verified-absent",
        "not-found",
        "not-found",
        "verified-absent",
        "verified-absent",
      ]);
      const signed = await savedFile(() => page.click("#erasure button:last-child"));
      const keySet = await (await fetch(`${demo.url}/privacy/.well-known/jwks.json`)).text();
      const { certificate } = JSON.parse(signed) as { readonly certificate: string };
      const keys = JSON.parse(keySet) as KeySet;
      expect(await verifyCertificate(certificate, { keys, now: Date.now() })).toMatchObject({
        verdict: "valid",
        claims: { claim: "deleted" },
      });
      const verifyPage = await browser.newPage();
      await verifyPage.goto(`${demo.url}/verify.html?language=zh-CN`);
      await verifyPage.setInputFiles("#statement-file", {
        name: "certificate.json",
        mimeType: "application/json",
        buffer: Buffer.from(signed),
      });
      await verifyPage.fill("#keys", keySet);
      await verifyPage.waitForSelector("#verdict[data-verdict=valid]");
      expect(await verifyPage.textContent("#proof")).toContain("已记入日志");
      await verifyPage.close();
      const file = join(dir, "certificate.html");
      await writeFile(file, await savedFile(() => page.click("#erasure button:first-of-type")));
      const document = await browser.newPage();
      await document.goto(`file://${file}`);
      expect(await document.textContent("h1")).toBe("个人信息删除确认书");
      for (const width of [1100, 375, 320]) {
        await document.setViewportSize({ width, height: 700 });
        expect([width, (await overflow(document)) <= 0]).toEqual([width, true]);
        if (pictures !== undefined) {
          const path = join(pictures, `6-certificate-${width}.png`);
          await document.screenshot({ path, fullPage: true });
        }
      }
      await document.close();
    });

    it("speaks English when asked", async () => {
      await page.click("#language");
      await page.waitForSelector("html[lang=en]");
      expect(await page.textContent("#order-submit")).toBe("Deliver");
      await order();
      await page.waitForSelector(NOTICE);
      expect(await page.textContent("[part=text]")).toContain("Phone number");
      await picture("7-english");
      await page.click("[part=refuse]");
      await result("pickup");
    });

    it("nothing went wrong on the way, and nothing of hers is in an address, a title or the console", async () => {
      expect(faults).toEqual([]);
      expect(written.length).toBeGreaterThan(0);
      const all = [...written.map(decodeURIComponent), await page.title(), page.url()].join("\n");
      for (const mark of Object.values(PERSON)) expect(all).not.toContain(mark);
    });
  },
);

describe.skipIf(missing !== undefined)(
  "the shop's page for everybody",
  { concurrent: true },
  () => {
    let people = 0;

    /** A window of a person nobody else is. */
    async function somebody({
      colorScheme,
      width,
    }: Look): Promise<Page & { readonly who: string }> {
      const who = `person-${people++}`;
      const context = await browser.newContext({
        viewport: { width, height: 760 },
        colorScheme,
        reducedMotion: "reduce",
        extraHTTPHeaders: { "x-demo-subject": who },
      });
      return Object.assign(await context.newPage(), { who });
    }
    async function open(look: Look): Promise<Page & { readonly who: string }> {
      const page = await somebody(look);
      await page.goto(`${demo.url}/?language=${look.language}`);
      await page.waitForSelector("html[data-ready]");
      return page;
    }

    it.for(UNLIKE_LOOKS)(
      "WX-4.4.3: nothing is in anybody's way in any state ($language, $colorScheme, $width px)",
      async (look, { expect }) => {
        const page = await open(look);
        const narrow = look.width < 640;
        const state = async (name: string): Promise<void> => {
          if (pictures !== undefined) {
            const file = `shop-${look.language}-${look.colorScheme}-${look.width}-${name}.png`;
            await page.screenshot({ path: join(pictures, file), fullPage: true });
          }
          const fits =
            (await overflow(page)) <= 0 && (narrow || (await overflowOfLargeText(page)) <= 0);
          const moving = await page.evaluate(() => document.getAnimations().length);
          expect([name, await axeFindings(page), fits, moving]).toEqual([name, [], true, 0]);
        };
        await state("1-start");
        await page.click("#order-submit");
        await page.waitForSelector("#order-result[data-state=failed]");
        expect(await page.$$("[aria-invalid=true]")).toHaveLength(3);
        await state("2-fields-missing");
        await fill(page);
        await page.click("#order-submit");
        await page.waitForSelector(NOTICE);
        const [one, other] = await choiceLooks(page);
        expect(one).toEqual(other);
        await state("3-notice");
        await page.click("[part=refuse]");
        await page.waitForSelector("#consents [data-purpose=delivery][data-status=refused]");
        await state("4-refused");
        await fill(page);
        await page.click("#order-submit");
        await page.click("[part=agree]");
        await page.waitForSelector("form[data-record=order]");
        await state("5-my-data");
        await page.click("#erase");
        await page.waitForSelector("#confirm-erase[open]");
        await state("6-confirm");
        await page.click("#confirm-yes");
        await page.waitForSelector("#outcomes");
        await page.waitForSelector("#records .none");
        await state("7-erased");
        await page.context().close();
      },
    );

    it("PIPL-15, PIPL-16, WX-4.4.7b: the keyboard is enough to refuse, agree, order, correct, withdraw and erase", async ({
      expect,
    }) => {
      const page = await open(LOOKS[0]);
      const { keyboard } = page;
      const type = async (selector: string, text: string): Promise<void> => {
        await tabTo(page, selector);
        await keyboard.press("ControlOrMeta+a");
        await keyboard.insertText(text);
      };
      const fillByKeyboard = async (): Promise<void> => {
        await type("[name=item]", "红豆面包");
        await type("#order [name=phone]", PERSON.phone);
        await type("#order [name=address]", PERSON.address);
      };
      await fillByKeyboard();
      await tabTo(page, "#order-submit");
      await keyboard.press("Enter");
      await page.waitForSelector(NOTICE);
      expect(await hasFocus(page, "[part=agree]")).toBe(false);
      for (const key of [...Array(7).fill("Tab"), ...Array(7).fill("Shift+Tab")]) {
        await keyboard.press(key);
        expect(await hasFocus(page, `${NOTICE} *`)).toBe(true);
      }
      await keyboard.press("Escape");
      await page.waitForSelector("#order-result[data-state=pickup]");
      expect(await hasFocus(page, "#order-submit")).toBe(true);

      await fillByKeyboard();
      await tabTo(page, "#order-submit");
      await keyboard.press("Enter");
      await page.waitForSelector(NOTICE);
      // The title has the focus first, and is no stop of the keyboard.
      await keyboard.press("Tab");
      await tabTo(page, "[part=agree]");
      await keyboard.press("Enter");
      await page.waitForSelector("#order-result[data-state=ordered]");
      await page.waitForSelector("form[data-record=order]");

      await type("form[data-record=order] [name=phone]", "13887654321");
      await keyboard.press("Enter");
      await page.locator("form[data-record=order] [role=status]", { hasText: "已更正" }).waitFor();
      await page.reload();
      await page.waitForSelector("form[data-record=order]");
      expect(await page.inputValue("form[data-record=order] [name=phone]")).toBe("13887654321");

      const decide = "#consents [data-purpose=delivery] button:first-child";
      await tabTo(page, decide);
      await keyboard.press("Enter");
      await page.waitForSelector("#consents [data-purpose=delivery][data-status=withdrawn]");
      expect(await hasFocus(page, decide)).toBe(true);
      await keyboard.press("Enter");
      await page.waitForSelector(NOTICE);
      await keyboard.press("Escape");
      await page.waitForSelector("#consents [data-purpose=delivery][data-status=refused]");
      expect(await hasFocus(page, decide)).toBe(true);

      await tabTo(page, "#erase");
      await keyboard.press("Enter");
      await keyboard.press("Escape");
      expect(await hasFocus(page, "#erase")).toBe(true);
      expect(await page.$$("form[data-record=order]")).toHaveLength(1);
      await keyboard.press("Enter");
      await tabTo(page, "#confirm-yes");
      await keyboard.press("Enter");
      await page.waitForSelector("#outcomes");
      await page.waitForSelector("#records .none");
      expect(await hasFocus(page, "#erase")).toBe(true);
      await page.context().close();
    });

    it("WX-4.4.7b: an erasure goes on after a fresh sign-in, and a failure is told", async ({
      expect,
    }) => {
      const context = await browser.newContext();
      const page = await context.newPage();
      await page.goto(demo.url);
      await page.waitForSelector("html[data-ready]");
      const eraseNow = async (): Promise<void> => {
        await page.click("#erase");
        await page.click("#confirm-yes");
      };
      await page.route("**/privacy/requests", (route) => route.abort());
      await eraseNow();
      await page.locator("#data-result", { hasText: "连不上小店的服务器" }).waitFor();
      await page.unroute("**/privacy/requests");
      await page.route(
        "**/privacy/requests",
        (route) => route.fulfill({ status: 401, json: { code: "ERR_REAUTHENTICATION_REQUIRED" } }),
        { times: 1 },
      );
      await page.route("**/privacy/requests/*", (route) => route.abort(), { times: 1 });
      const [signIn] = await Promise.all([page.waitForRequest("**/sign-in"), eraseNow()]);
      expect(signIn.postDataJSON()).toEqual({ person: "lin" });
      await page.locator("#erasure", { hasText: "删除已开始，但没有读到结果" }).waitFor();
      await page.click("#erasure button");
      await page.waitForSelector("#outcomes");
      await context.close();
    });

    it("WX-4.4.3: who picks it up gives no phone number and is asked nothing", async ({
      expect,
    }) => {
      const page = await open(LOOKS[0]);
      const asked: string[] = [];
      page.on("request", (request) => asked.push(new URL(request.url()).pathname));
      await page.click("#order-pickup");
      await page.locator("#order-result", { hasText: "没有下单，请检查：商品" }).waitFor();
      await page.fill("[name=item]", "红豆面包");
      const [sent] = await Promise.all([
        page.waitForRequest("**/orders/pickup"),
        page.click("#order-pickup"),
      ]);
      expect(sent.postDataJSON()).toEqual({ item: "红豆面包" });
      await page.waitForSelector("#order-result[data-state=pickup]");
      expect(await page.isVisible(NOTICE)).toBe(false);
      expect(asked).not.toContain("/privacy/notice");
      const { body } = await demo.call("GET", "/privacy/data", page.who);
      expect(body).toEqual({ records: { order: [], note: [] } });
      await page.context().close();
    });

    it("WX-4.4.3: the number Weixin has is given only after consent", async ({ expect }) => {
      const page = await open(LOOKS[3]);
      const phone = "#order [name=phone]";
      await page.click("#weixin-phone");
      await page.click("[part=refuse]");
      await page.waitForSelector("#consents [data-purpose=delivery][data-status=refused]");
      expect(await page.inputValue(phone)).toBe("");
      await page.click("#weixin-phone");
      await page.click("[part=agree]");
      await page.waitForSelector("#consents [data-purpose=delivery][data-status=given]");
      expect(await page.inputValue(phone)).toMatch(/^1[3-9]\d{9}$/);
      await page.fill("[name=item]", "Bread");
      await page.fill("#order [name=address]", PERSON.address);
      await page.click("#order-submit");
      await page.waitForSelector("#order-result[data-state=ordered]");
      expect(await page.isVisible(NOTICE)).toBe(false);
      await page.context().close();
    });

    it("PIPL-14: a choice made on a notice that is no longer in force is not recorded, and she is told", async ({
      expect,
    }) => {
      const page = await open(LOOKS[0]);
      await fill(page);
      await page.click("#order-submit");
      await page.waitForSelector(NOTICE);
      const refusal = {
        decisionId: randomUUID(),
        purpose: "delivery",
        decision: "refused",
        counter: 0,
        at: new Date().toISOString(),
      };
      await demo.call("POST", "/privacy/consents", page.who, { decisions: [refusal] });
      const [{ status }] = await Promise.all([
        page
          .waitForResponse((response) => response.request().method() === "POST")
          .then((response) => ({ status: response.status() })),
        page.click("[part=agree]"),
      ]);
      expect(status).toBe(409);
      await page
        .locator("#order-result", { hasText: "告知有了更新，所以没有记录您的选择" })
        .waitFor();
      expect(await page.inputValue("#order [name=phone]")).toBe(PERSON.phone);
      await page.click("#order-submit");
      await page.click("[part=agree]");
      await page.waitForSelector("#order-result[data-state=ordered]");
      await page.context().close();
    });

    it("says when the shop does not answer, keeps what she typed, and goes on when it answers again", async ({
      expect,
    }) => {
      const page = watchErrors(await open(LOOKS[2]));
      await page.route("**/privacy/**", (route) => route.abort());
      await fill(page);
      await page.click("#order-submit");
      await page
        .locator("#order-result", { hasText: "The shop's server did not answer" })
        .waitFor();
      await page.click("#consents [data-purpose=kitchen] button");
      await page
        .locator("#consents [part=message]", { hasText: "Avoiding allergens: That did not work" })
        .waitFor();
      await page.click("#export");
      await page.locator("#data-result", { hasText: "did not answer" }).waitFor();
      expect(await axeFindings(page)).toEqual([]);
      await page.unroute("**/privacy/**");
      await page.click("#order-submit");
      await page.click("[part=agree]");
      await page.waitForSelector("#order-result[data-state=ordered]");
      await page.waitForSelector("form[data-record=order]");
      expect(await page.textContent("#data-result")).toBe("");
      await page.route("**/privacy/data/**", (route) =>
        route.fulfill({ status: 500, json: { code: "ERR_INTERNAL" } }),
      );
      await page.click("form[data-record=order] button");
      await page.locator("form [role=status]", { hasText: "Something failed" }).waitFor();
      expect(page.errors).toEqual([]);
      await page.context().close();
    });

    it("who is signed out is told so, leaves nothing on the screen and can sign in again", async ({
      expect,
    }) => {
      const context = await browser.newContext();
      const page = watchErrors(await context.newPage());
      await page.goto(demo.url);
      await page.selectOption("#person", "wang");
      await page.waitForSelector("#consents [data-purpose=delivery]");
      await fill(page);
      await page.click("#order-submit");
      await page.click("[part=agree]");
      await page.waitForSelector("form[data-record=order]");
      await context.clearCookies();
      await fill(page);
      await page.click("#order-submit");
      await page.locator("#order-result", { hasText: "登录已失效" }).waitFor();
      expect(await page.$$("form[data-record=order], #consents [data-status]")).toHaveLength(0);
      expect(await page.inputValue("#person")).toBe("");
      await page.selectOption("#person", "wang");
      await page.waitForSelector("form[data-record=order]");
      expect(page.errors).toEqual([]);
      await context.close();
    });

    it("PIPL-15: a withdrawal that waits is sent in nobody else's name, least of all of who signs in next", async ({
      expect,
    }) => {
      const page = await open(LOOKS[0]);
      const next = `${page.who}-next`;
      const given = "#consents [data-purpose=delivery][data-status=given]";
      const become = async (person: string): Promise<void> => {
        await page.context().setExtraHTTPHeaders({ "x-demo-subject": person });
        await Promise.all([
          page.waitForResponse("**/privacy/data"),
          page.selectOption("#person", person === next ? "wang" : "lin"),
        ]);
      };
      for (const person of [page.who, next]) {
        if (person === next) await become(person);
        await page.waitForSelector("#consents [data-purpose=delivery][data-status=unknown]");
        await page.click("#consents [data-purpose=delivery] button");
        await page.click("[part=agree]");
        await page.waitForSelector(given);
      }
      const consents = "**/privacy/consents";
      await page.route(consents, (route, request) =>
        request.method() === "POST" ? route.abort() : route.continue(),
      );
      await page.click(`${given} button`);
      await page.waitForSelector("#consents [data-purpose=delivery][data-status=withdrawn]");
      const posted: string[] = [];
      page.on("request", (request) => {
        if (request.method() === "POST") posted.push(new URL(request.url()).pathname);
      });
      await page.waitForRequest((request) => request.method() === "POST");
      const server = async (person: string): Promise<unknown> => {
        const { body } = await demo.call("GET", "/privacy/consents", person);
        const all = body["consents"] as readonly { purpose: string; status: string }[];
        return all.find(({ purpose }) => purpose === "delivery")?.status;
      };
      await become(page.who);
      await page.unroute(consents);
      posted.splice(0);
      await page.waitForSelector(given);
      // Whatever still listens would send it now.
      await page.evaluate(() => void dispatchEvent(new Event("online")));
      await page.click("#consents [data-purpose=marketing] button");
      await page.waitForSelector(NOTICE);
      expect(posted).toEqual([]);
      expect([await server(page.who), await server(next)]).toEqual(["given", "given"]);
      await page.keyboard.press("Escape");
      await become(next);
      await expect.poll(() => server(next)).toBe("withdrawn");
      await page.waitForSelector("#consents [data-purpose=delivery][data-status=withdrawn]");
      expect(await server(page.who)).toBe("given");
      await page.context().close();
    });

    it("an order that overtakes its consent brings it along", async ({ expect }) => {
      const page = await open(LOOKS[3]);
      const held: { body: object; headers: { [name: string]: string } }[] = [];
      // Stands for a consent that the process which takes the order cannot know of yet.
      await page.route("**/privacy/consents", async (route, request) => {
        if (request.method() !== "POST" || held.length > 0) return route.continue();
        held.push({ body: request.postDataJSON(), headers: request.headers() });
        await route.fulfill({ json: { results: [{ status: 201, receipt: "e30.e30.e30" }] } });
      });
      await fill(page, "Bread");
      await page.click("#order-submit");
      const [order] = await Promise.all([
        page.waitForRequest("**/orders"),
        page.click("[part=agree]"),
      ]);
      expect(await order.headerValue("x-privacy-proof")).toMatch(/^[\w-]+$/);
      await page.waitForSelector("#order-result[data-state=ordered]");
      await page.waitForSelector("form[data-record=order]");
      const [{ body, headers }] = held as [(typeof held)[number]];
      const late = await demo.call("POST", "/privacy/consents", page.who, body, {
        "x-privacy-device": headers["x-privacy-device"]!,
      });
      expect(late.body).toMatchObject({ results: [{ status: 201 }] });
      const { body: stored } = await demo.call("GET", "/privacy/consents", page.who);
      const { receipt } = (late.body["results"] as [{ receipt: string }])[0];
      expect(stored["consents"]).toContainEqual(
        expect.objectContaining({ purpose: "delivery", status: "given", receipt }),
      );
      await page.reload();
      await page.waitForSelector("#consents [data-purpose=delivery][data-status=given]");
      // Without what it brought, nothing would have been taken.
      await page.click("#consents [data-purpose=delivery] button");
      await page.waitForSelector("#consents [data-purpose=delivery][data-status=withdrawn]");
      const bare = await demo.call("POST", "/orders", page.who, {
        ...JSON.parse(order.postData()!),
      });
      expect(bare.status).toBe(403);
      await page.context().close();
    });

    it("PIPL-15: what is decided without a network counts, and is recorded within ten seconds of being online", async ({
      expect,
    }) => {
      const page = await open(LOOKS[0]);
      const context = page.context();
      const row = "#consents [data-purpose=delivery]";
      const recorded = async (): Promise<readonly string[]> => {
        const { body } = await demo.call("GET", "/privacy/consents", page.who);
        const all = body["consents"] as readonly { purpose: string; status: string }[];
        return all.map(({ purpose, status }) => `${purpose} ${status}`);
      };
      await page.click(`${row} button`);
      await page.click("[part=agree]");
      await page.waitForSelector(`${row}[data-status=given]`);
      // The notice is read with a network, and refused without.
      await page.click("#consents [data-purpose=statistics] button");
      await page.waitForSelector(NOTICE);
      await context.setOffline(true);
      await page.click("[part=refuse]");
      await page.waitForSelector("#consents [data-purpose=statistics][data-status=refused]");
      await page.click(`${row} button`);
      await page.waitForSelector(`${row}[data-status=withdrawn]`);
      await page.locator("#consents [part=message]", { hasText: "送货上门：已撤回" }).waitFor();
      expect(await recorded()).toEqual(
        expect.arrayContaining(["delivery given", "statistics unknown"]),
      );
      await context.setOffline(false);
      await expect
        .poll(recorded, { timeout: 10_000 })
        .toEqual(expect.arrayContaining(["delivery withdrawn", "statistics refused"]));
      await page.waitForSelector(`${row}[data-status=withdrawn]`);
      await context.close();
    });

    it("PIPL-15: a withdrawal in one tab shows in the other", async ({ expect }) => {
      const one = await open(LOOKS[0]);
      const other = await one.context().newPage();
      await fill(one);
      await one.click("#order-submit");
      await one.click("[part=agree]");
      await one.waitForSelector("form[data-record=order]");
      await other.goto(demo.url);
      const purpose = "#consents [data-purpose=statistics]";
      const given = `${purpose}[data-status=given]`;
      await one.click(`${purpose} button`);
      await one.click("[part=agree]");
      await other.waitForSelector(given);
      await other.fill("form[data-record=order] [name=address]", "花园路 9 号");
      await one.waitForSelector(given);
      await Promise.all([other.waitForResponse("**/privacy/data"), one.click(`${purpose} button`)]);
      await other.waitForSelector(`${purpose}[data-status=withdrawn]`);
      // What she is typing there stays.
      expect(await other.inputValue("form[data-record=order] [name=address]")).toBe("花园路 9 号");
      await one.context().close();
    });

    it("PIPL-14: where storage is denied the page warns and works, and nothing is given that the server does not have", async ({
      expect,
    }) => {
      const page = watchErrors(await somebody(LOOKS[3]));
      const warnings: string[] = [];
      page.on("console", (message) => {
        if (message.type() === "warning") warnings.push(message.text());
      });
      await page.addInitScript(() =>
        Object.defineProperty(globalThis, "indexedDB", {
          get() {
            throw new DOMException("denied", "SecurityError");
          },
        }),
      );
      await page.goto(`${demo.url}/?language=en`);
      await page.waitForSelector("#consents [data-purpose=delivery][data-status=unknown]");
      await page.route("**/privacy/consents", (route, request) =>
        request.method() === "POST" ? route.abort() : route.continue(),
      );
      await fill(page, "Bread");
      await page.click("#order-submit");
      await page.click("[part=agree]");
      await page.waitForSelector("#order-result[data-state=problem]");
      expect(await page.$$("#consents [data-permitted=true]")).toHaveLength(0);
      await page.unroute("**/privacy/consents");
      // What she agreed to is delivered first; then nothing need be asked.
      await page.click("#order-submit");
      await page.waitForSelector("#order-result[data-state=ordered]");
      await page.waitForSelector("#consents [data-purpose=delivery][data-status=given]");
      expect(warnings).toEqual(["miniprivacy: storage-failed"]);
      expect(page.errors).toEqual([]);
      await page.context().close();
    });

    it("a correction that cannot be right is told by its name before it is sent", async ({
      expect,
    }) => {
      const page = await open(LOOKS[0]);
      await fill(page);
      await page.click("#order-submit");
      await page.click("[part=agree]");
      const form = page.locator("form[data-record=order]");
      await form.locator("[name=phone]").fill("12");
      await form.locator("button").click();
      await form.locator("[role=status]", { hasText: "没有保存，请检查：手机号" }).waitFor();
      expect(await hasFocus(page, "[name=phone][aria-invalid=true]")).toBe(true);
      await page.context().close();
    });

    it("where no script runs a sentence says so, and the page is not empty", async ({ expect }) => {
      const off = await browser.newContext({ javaScriptEnabled: false });
      const page = await off.newPage();
      await page.goto(`${demo.url}/?language=en`);
      expect(await page.locator("#no-script").innerText()).toContain("need JavaScript");
      expect(await page.isVisible("#no-script")).toBe(true);
      expect(await page.locator("main").innerText()).toContain("Place an order");
      await off.close();
      const blocked = await somebody(LOOKS[0]);
      await blocked.route("**/main.js", (route) => route.abort());
      await blocked.goto(demo.url);
      expect(await blocked.isVisible("#no-script")).toBe(false);
      await blocked.evaluate(() => {
        for (const animation of document.getAnimations()) animation.finish();
      });
      expect(await blocked.isVisible("#no-script")).toBe(true);
      expect(await axeFindings(blocked)).toEqual([]);
      await blocked.context().close();
    });

    it("lets nothing run or leave but what is its own", async ({ expect }) => {
      for (const path of ["/", "/verify.html"]) {
        const { headers } = await fetch(demo.url + path);
        const policy = headers.get("content-security-policy")!.split("; ");
        expect(policy).toEqual(
          expect.arrayContaining([
            "default-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
          ]),
        );
        expect(policy.join()).not.toMatch(/unsafe|\*|https?:/);
        expect(headers.get("referrer-policy")).toBe("no-referrer");
        expect(headers.get("x-content-type-options")).toBe("nosniff");
      }
    });

    it("shows the notice word for word", async ({ expect }) => {
      const page = await open(LOOKS[0]);
      const [served] = await Promise.all([
        page.waitForResponse((response) => response.url().includes("/privacy/notice?")),
        page.click("#consents [data-purpose=kitchen] button"),
      ]);
      await page.waitForSelector(NOTICE);
      const { text } = (await served.json()) as { readonly text: string };
      const lines = await page.$$eval("[part=text] > *", (parts) =>
        parts.map((part) => part.textContent),
      );
      expect(lines).toEqual(text.split("\n").filter((line) => line !== ""));
      await page.context().close();
    });

    it.for([LOOKS[0], LOOKS[2]])(
      "nothing jumps: neither while the page loads nor when an answer comes ($language, $width px)",
      async (look, { expect }) => {
        const page = await somebody(look);
        const shifts = await watchShifts(page);
        const places = (rows: string): Promise<readonly number[]> =>
          page.$$eval(`#order-submit, #data-heading, ${rows}, #erase`, (parts) =>
            parts.map((part) => part.getBoundingClientRect().top + scrollY).sort((a, b) => a - b),
          );
        // The script and what it asks for come late: whatever is painted before them must stay where it is.
        let painted: readonly number[] = [];
        await page.route("**/main.js", async (route) => {
          await nextFrame(page);
          painted = await places("#purposes li");
          await route.continue();
        });
        await page.route("**/privacy/consents", async (route) => {
          await nextFrame(page);
          await route.continue();
        });
        await page.goto(`${demo.url}/?language=${look.language}`);
        await page.waitForSelector("html[data-ready]");
        expect(painted).toHaveLength(7);
        await page.waitForSelector("#consents [data-status=unknown]");
        expect(await places("#consents li")).toEqual(painted);
        await fill(page);
        await page.click("#order-submit");
        await page.click("[part=refuse]");
        await page.waitForSelector("#consents [data-purpose=delivery][data-status=refused]");
        expect(await places("#consents li")).toEqual(painted);
        expect(await shifts()).toBeLessThan(0.05);
        await page.context().close();
      },
    );

    it("serves the verify page, which runs there and can be kept as one file", async ({
      expect,
    }) => {
      const page = watchErrors(await open(LOOKS[0]));
      await page.click("#verify-page");
      await page.waitForSelector("html[data-ready][lang=zh-CN]");
      await page.fill("#keys", "{}");
      await page.fill("#statement", "a.b.c");
      await page.waitForSelector("#verdict[data-verdict=unreadable]");
      const [kept] = await Promise.all([page.waitForEvent("download"), page.click("#save a")]);
      expect(kept.suggestedFilename()).toBe("verify.html");
      expect(await readFile(await kept.path(), "utf8")).toContain("script-src 'sha256-");
      expect(page.errors).toEqual([]);
      await page.context().close();
    });
  },
);
