import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { browserMissing, launchBrowser, START_MS } from "../support/browser.ts";
import { bundle } from "../support/bundle.ts";

const missing = browserMissing();
const ID = "11010519491231002X";
const CONTENT_POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'";
const SCRIPT = `
import { createGuard, guardWindow } from "@miniprivacy/web/guard";
const mode = new URL(location.href).searchParams.get("mode");
window.putBack = guardWindow(createGuard({ profile: "tcmpp-strict", mode }), window);
`;

/** What the page's script leaves for the tests. */
interface GuardedPage {
  putBack(): void;
}

/** A way out of a page: what comes of it. */
type Carrier = "fetch" | "xhr" | "file" | "document" | "beacon" | "socket";

let browser: Browser;
let server: Server;
let url: string;
let page: Page;
let arrived: (readonly [path: string, body: string])[] = [];

beforeAll(async () => {
  if (missing !== undefined) return;
  const [launched, { code }] = await Promise.all([launchBrowser(), bundle(SCRIPT)]);
  browser = launched;
  const files: { readonly [path: string]: readonly [type: string, content: string] } = {
    "/": [
      "text/html",
      '<!doctype html><title>Page</title><script type="module" src="/main.js"></script>',
    ],
    "/main.js": ["text/javascript", code],
  };
  server = createServer((request, response) => {
    const path = request.url!;
    const [type, content] = files[path.replace(/\?.*/, "")] ?? ["text/plain", "ok"];
    response.setHeader("content-security-policy", CONTENT_POLICY);
    response.setHeader("content-type", type);
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      if (path.startsWith("/api")) arrived.push([path, body]);
      response.end(content);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}, START_MS);
afterAll(async () => {
  await browser?.close();
  server?.closeAllConnections();
  server?.close();
});
beforeEach(async () => {
  if (missing !== undefined) return;
  arrived = [];
  page = await browser.newPage();
});
afterEach(() => page?.close());

async function open(mode: "block" | "redact"): Promise<void> {
  await page.goto(`${url}?mode=${mode}`);
  await page.waitForFunction(() => "putBack" in globalThis);
}

/** Sends by one carrier; a last request by the page tells that what was sent before has arrived. */
function send(carrier: Carrier, body: string, path = "/api"): Promise<unknown> {
  return page.evaluate(
    async ([carrier, body, path]) => {
      const code = (error: unknown): unknown => (error as { readonly code: unknown }).code;
      if (carrier === "fetch")
        return fetch(path, { method: "POST", body }).then((response) => response.text(), code);
      if (carrier === "beacon") return navigator.sendBeacon(path, body);
      if (carrier === "socket") {
        try {
          const socket = new WebSocket(location.href.replace(/^http/, "ws") + body);
          socket.close();
          return "open";
        } catch (error) {
          return code(error);
        }
      }
      const xhr = new XMLHttpRequest();
      const events: string[] = [];
      xhr.addEventListener("readystatechange", () => void events.push(`state ${xhr.readyState}`));
      xhr.open("POST", path);
      for (const type of ["load", "error"])
        xhr.addEventListener(type, () => void events.push(`${type} ${xhr.status}`));
      const ended = new Promise((resolve) => (xhr.onloadend = resolve));
      const form = new FormData();
      form.set("file", new Blob([body]), "notes.txt");
      const document_ = new DOMParser().parseFromString(`<a>${body}</a>`, "application/xml");
      xhr.send(carrier === "xhr" ? body : carrier === "file" ? form : document_);
      await ended;
      return events;
    },
    [carrier, body, path] as const,
  );
}

describe.skipIf(missing !== undefined)(
  `guardWindow in a browser${missing === undefined ? "" : ` (${missing})`}`,
  () => {
    it("TC-D6.2a: nothing with a resident id leaves the page, and scripts see a failure of the network", async () => {
      await open("block");
      const failed = ["state 1", "state 4", "error 0"];
      expect(await send("fetch", ID)).toBe("ERR_SENSITIVE_DATA_FOUND");
      expect(await send("fetch", "x", `/api/%31${ID.slice(1)}`)).toBe("ERR_SENSITIVE_DATA_FOUND");
      expect(await send("xhr", ID)).toEqual(failed);
      expect(await send("xhr", "x", `/api?q=${ID}`)).toEqual(failed);
      expect(await send("document", ID)).toEqual(failed);
      expect(await send("beacon", ID)).toBe(false);
      expect(await send("socket", ID)).toBe("ERR_SENSITIVE_DATA_FOUND");
      expect(await send("fetch", "last")).toBe("ok");
      expect(arrived).toEqual([["/api", "last"]]);
    });

    it("TC-D6.2b: no file with a resident id is uploaded", async () => {
      await open("block");
      expect(await send("file", ID)).toEqual(["state 1", "state 4", "error 0"]);
      expect((await send("file", "bread")) as string[]).toContain("load 200");
      expect(arrived).toHaveLength(1);
      expect(arrived[0]![1]).toContain("bread");
    });

    it("what is clean leaves as it is", async () => {
      await open("block");
      expect(await send("fetch", "bread")).toBe("ok");
      expect((await send("xhr", "bread")) as string[]).toContain("load 200");
      expect(await send("beacon", "bread")).toBe(true);
      await expect.poll(() => arrived.length).toBe(3);
      expect(new Set(arrived.map(([, body]) => body))).toEqual(new Set(["bread"]));
    });

    it("TC-D6.2a: redacted text leaves masked", async () => {
      await open("redact");
      await send("fetch", `{"note":"${ID}"}`);
      await send("xhr", `{"note":"${ID}"}`);
      expect(arrived.map(([, body]) => body)).toEqual(
        Array(2).fill('{"note":"1****************X"}'),
      );
    });

    it("puts everything back", async () => {
      await open("block");
      await page.evaluate(() => (globalThis as unknown as GuardedPage).putBack());
      expect(await send("fetch", ID)).toBe("ok");
      expect((await send("xhr", ID)) as string[]).toContain("load 200");
      expect(await send("beacon", ID)).toBe(true);
      await expect.poll(() => arrived.length).toBe(3);
    });
  },
);
