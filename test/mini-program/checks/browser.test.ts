import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildApp } from "../src/build-app.ts";
import { type ChromiumApp, openInChromium } from "../src/browser.ts";
import type { createWx } from "../fixtures/wx/small-wx.ts";
import { chromiumPath, launchChromium } from "../src/chromium.ts";

const hello = buildApp("fixtures/hello");
const wxModule = new URL("../fixtures/wx/small-wx.ts", import.meta.url).pathname;

describe.skipIf(chromiumPath() === undefined)("in Chromium", () => {
  let app: ChromiumApp;
  beforeAll(async () => {
    app = await openInChromium({ app: hello, wxModule });
  });
  afterAll(() => app.close());

  const log = () => app.page.evaluate(() => (miniProgram.getApp()["log"] as string[]).splice(0));

  it("touches reach components and the page", async () => {
    expect(await app.locate("#title").textContent()).toBe("HELL0!");
    await app.locate("#add").tap();
    expect(await app.locate("#last").textContent()).toBe("last 2 of counter");
    await log();
  });

  it("widths in rpx are parts of the phone's", async () => {
    expect((await app.locate("#title").boundingBox())!.width).toBe(195);
    expect(await color("#title")).toBe("rgb(200, 0, 0)");
    expect(await color("card .title >> nth=0")).toBe("rgb(0, 100, 0)");
  });

  it("images of the app are shown", async () => {
    const width = (image: Element) => (image as HTMLImageElement).naturalWidth;
    await expect.poll(() => app.locate("image#picture").evaluate(width)).toBeGreaterThan(0);
    expect((await app.locate("#picture").boundingBox())!.width).toBeCloseTo(10.4, 1);
  });

  it("open abilities ask the host, agreement first", async () => {
    await app.locate("#phone").tap();
    expect(await app.locate("#told").textContent()).toBe("phone");
    expect(await log()).toEqual([
      "agreed agreeprivacyauthorization {}",
      'phone getphonenumber {"code":"c0de"}',
    ]);
  });

  it("a disabled button does nothing", async () => {
    await app.locate("#disabled").tap({ force: true });
    await app.locate("#never").tap({ force: true });
    expect(await app.locate("#details").count()).toBe(0);
  });

  it("pages lie over each other and the app is hidden and shown", async () => {
    await app.locate("#go").tap();
    await expect.poll(() => app.locate(".title").textContent()).toBe("from button");
    expect(await app.locate("#sees").textContent()).toBe(
      "undefined undefined undefined undefined undefined object object function",
    );
    await app.locate("#back").tap();
    await app.locate("#link").tap();
    await expect.poll(() => app.locate(".title").textContent()).toBe("from link");
    await app.locate("#back").tap();
    await expect.poll(() => app.locate("#add").isVisible()).toBe(true);
    await log();
    await app.page.evaluate(() => (miniProgram.hideApp(), miniProgram.showApp()));
    expect(await log()).toEqual([
      "counter hide",
      "home hide",
      "app hide",
      "app show",
      "counter show",
      "home show",
    ]);
  });

  it("fields, boxes and forms", async () => {
    await app.page.getByRole("tab", { name: "Form" }).tap();
    await log();
    await app.locate("#nick").fill("bea");
    await app.locate("#nick").press("Enter");
    await app.locate("#nick").blur();
    const heard: string[] = [];
    const listen = async () => (heard.push(...(await log())), heard);
    await expect.poll(listen).toContain("nicknamereview true");
    await app.locate("#box-a").tap();
    await app.locate("#label-b").tap();
    await app.locate("switch").tap();
    await app.locate("#submit").tap();
    expect(await listen()).toEqual([
      'input "bea"',
      'confirm "bea"',
      'change "bea"',
      'blur "bea"',
      "nicknamereview true",
      'change ["a","b"]',
      'change ["a"]',
      "change true",
      'submit {"nick":"bea","note":"","boxes":["a"],"switch":true}',
    ]);
  });

  it("in all that nothing was refused or thrown", () => {
    expect(app.errors).toEqual([]);
  });

  async function color(selector: string): Promise<string> {
    return app.locate(selector).evaluate((element) => getComputedStyle(element).color);
  }
});

describe.skipIf(chromiumPath() === undefined)("in Chromium, seen from outside", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  it("code that evaluates text is refused, and errors of the app are collected", async () => {
    const evaluating = `Page({ onLoad() { try { new Function("return 1")(); } catch (error) { this.setData({ from: error.name }); } eval("1"); } });`;
    const scripts = { ...hello.scripts, "pages/detail/detail.js": evaluating };
    const url = "pages/detail/detail";
    const app = await openInChromium({ app: { ...hello, scripts }, wxModule, browser, url });
    expect(await app.locate(".title").textContent()).toBe("from EvalError");
    await expect.poll(() => app.errors.join("\n")).toContain("EvalError");
    await app.close();
  });

  it("requests and storage of the host are those of the origin", async () => {
    const server = createServer((request, response) => response.end(`answer to ${request.url}`));
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const url = "pages/detail/detail?from=outside";
    const app = await openInChromium({ app: hello, wxModule, browser, origin, url });
    expect(await app.locate(".title").textContent()).toBe("from outside");
    const answer = await app.page.evaluate(() => {
      const wx = miniProgram.wx as ReturnType<typeof createWx>;
      wx.setStorageSync("key", "kept");
      return new Promise((success) => wx.request({ url: "/shop", success }));
    });
    expect(answer).toEqual({ statusCode: 200, data: "answer to /shop" });
    expect(await app.page.evaluate(() => localStorage.getItem("key"))).toBe("kept");
    expect(app.errors).toEqual([]);
    await app.close();
    server.close();
  });
});
