import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, Locator, Page } from "playwright-core";
import { createSite, type Site, type SiteOptions } from "./browser-site.ts";
import { launchChromium } from "./chromium.ts";
import { domSelector } from "./dom-selector.ts";

export interface ChromiumOptions extends SiteOptions {
  /** Use this browser and leave it open (one of its own, closed at the end). */
  readonly browser?: Browser;
  /**
   * Origin the page comes from, for a server that answers its own origin only: what the app has no
   * file for goes there (a server of its own on a loopback port).
   */
  readonly origin?: string;
}

export interface ChromiumApp {
  /** A phone of 390 × 844 points, touched, not clicked. */
  readonly page: Page;
  /** What was thrown in the page or written by `console.error`, refusals of the policy included. */
  readonly errors: readonly string[];
  /** An element of the page shown or of a component in it, by WXML's tags, classes and ids. */
  locate(selector: string): Locator;
  close(): Promise<void>;
}

const PHONE = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
  hasTouch: true,
  isMobile: true,
  locale: "zh-CN",
};

/** Runs a mini-program in Chromium, under a policy that lets no script be evaluated. */
export async function openInChromium(options: ChromiumOptions): Promise<ChromiumApp> {
  const site = await createSite(options);
  const served = options.origin === undefined ? await serve(site) : undefined;
  const browser = options.browser ?? (await launchChromium());
  const context = await browser.newContext(PHONE);
  const page = await context.newPage();
  const errors = collectErrors(page);
  if (options.origin !== undefined) await answerAt(page, options.origin, site);
  await page.goto(served?.origin ?? options.origin!);
  await page.waitForFunction("globalThis.miniProgram !== undefined");
  return {
    page,
    errors,
    locate: (selector) =>
      page.locator("mini-program-page:not([hidden])").locator(domSelector(selector)),
    async close() {
      await context.close();
      if (options.browser === undefined) await browser.close();
      await served?.close();
    },
  };
}

function collectErrors(page: Page): readonly string[] {
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  return errors;
}

async function serve(site: Site): Promise<{ readonly origin: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const { status, headers, body } = site(request.url!.split("?")[0]!) ?? NOTHING;
    response.writeHead(status, headers).end(body);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () => new Promise((closed) => void server.close(() => closed())),
  };
}

async function answerAt(page: Page, origin: string, site: Site): Promise<void> {
  await page.route(`${origin}/**`, (route) => {
    const answer = site(new URL(route.request().url()).pathname);
    return answer === undefined ? route.fallback() : route.fulfill(answer);
  });
}

const NOTHING = { status: 404, headers: {}, body: "" };
