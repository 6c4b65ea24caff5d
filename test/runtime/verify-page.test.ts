import { randomUUID } from "node:crypto";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createSigner, generateSigningKey, type KeySet } from "@miniprivacy/core/certificate";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, it } from "vitest";
import {
  axeFindings,
  browserMissing,
  launchBrowser,
  LOOKS,
  UNLIKE_LOOKS,
  START_MS,
  overflow,
  tabTo,
} from "../support/browser.ts";
import { startDemo } from "../support/demo-server.ts";
import { buildVerifyPage } from "../../docs/verify-page/build-verify-page.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const missing = browserMissing();
/** Set to a folder to keep pictures of each stage. */
const pictures = process.env["TEST_PICTURES"];

type Look = (typeof LOOKS)[number];

describe.skipIf(missing !== undefined)(
  "the verify page, opened from a disk",
  { concurrent: true },
  () => {
    let dir: string;
    let browser: Browser;
    let certificate: string;
    let proof: string;
    let receipt: string;
    let keys: string;
    let kid: string;
    /** What a page asked for beside itself, and what went wrong in it. */
    const faults: string[] = [];

    beforeAll(async () => {
      dir = await mkdtemp(join(tmpdir(), "verify-page-"));
      if (pictures !== undefined) await mkdir(pictures, { recursive: true });
      const [started, made] = await Promise.all([
        launchBrowser(),
        makeStatements(),
        buildVerifyPage().then(({ content }) => writeFile(path("verify.html"), content)),
      ]);
      browser = started;
      ({ certificate, proof, receipt, keys } = made);
      await writeFile(path("jwks.json"), keys);
      kid = (JSON.parse(keys) as KeySet).keys[0]!.kid;
    }, START_MS);
    afterAll(async () => {
      await browser?.close();
      await rm(dir, { recursive: true });
    });

    afterEach(({ expect }) => expect(faults, "asked of the network, or gone wrong").toEqual([]));

    const path = (name: string): string => join(dir, name);

    async function open({ language, colorScheme, width }: Look = LOOKS[0]): Promise<Page> {
      const context = await browser.newContext({ viewport: { width, height: 760 }, colorScheme });
      await context.setOffline(true);
      const page = await context.newPage();
      const url = `file://${path("verify.html")}?language=${language}`;
      page.on("request", (request) => void (request.url() !== url && faults.push(request.url())));
      page.on("pageerror", (error) => faults.push(error.message));
      page.on(
        "console",
        (message) => void (message.type() === "error" && faults.push(message.text())),
      );
      await page.goto(url);
      await page.waitForSelector("html[data-ready]");
      return page;
    }
    async function bring(page: Page, statement: string, set = keys): Promise<void> {
      await page.fill("#keys", set);
      await page.fill("#statement", statement);
    }
    const verdict = (page: Page, is: string) =>
      page.waitForSelector(`#verdict[data-verdict=${is}]`);
    const checksOf = (page: Page): Promise<readonly object[]> =>
      page.$$eval("#checks li", (items) =>
        items.map((item) => ({
          name: item.getAttribute("data-check"),
          ok: item.getAttribute("data-ok") === "true",
        })),
      );
    const text = (page: Page, selector: string) => page.locator(selector).innerText();

    /** The certificate with another content and the signature it had. */
    function tampered(): string {
      const [header, payload, signature] = certificate.split(".");
      const content = Buffer.from(payload!, "base64url").toString();
      const changed = Buffer.from(content.replace('"countAfter":0', '"countAfter":1'));
      return `${header}.${changed.toString("base64url")}.${signature}`;
    }

    it("WX-4.7c: says of a real confirmation that it is valid, and what it confirms", async ({
      expect,
    }) => {
      const page = await open();
      await bring(page, certificate);
      await verdict(page, "valid");
      expect(await text(page, "#verdict")).toContain("有效");
      expect(await text(page, "#content")).toContain("个人信息删除确认书");
      expect(await text(page, "#content")).toContain("相关个人信息已不存在");
      expect(await text(page, "#trust-told")).toContain("没有指定指纹");
      await page.click("#language");
      expect(await text(page, "#content")).toContain("Deletion confirmation");
      await page.context().close();
    });

    it("says what a receipt records", async ({ expect }) => {
      const page = await open(LOOKS[2]);
      await bring(page, receipt);
      await verdict(page, "valid");
      const content = await text(page, "#content");
      for (const part of ["Home delivery", "agreed", "Phone number", "Swift City Couriers", "180"])
        expect(content).toContain(part);
      await page.context().close();
    });

    it("WX-4.7c: says of a changed confirmation that it is not valid, and repeats nothing of it", async ({
      expect,
    }) => {
      const page = await open();
      await bring(page, tampered());
      await verdict(page, "invalid");
      expect(await text(page, "#verdict")).toContain("未通过的检查：签名成立");
      expect(await page.isVisible("#content")).toBe(false);
      expect((await checksOf(page)).at(-1)).toEqual({ name: "signature", ok: false });
      await page.context().close();
    });

    it.for([
      ["the confirmation", () => certificate, []],
      ["the receipt", () => receipt, []],
      ["a changed confirmation", () => tampered(), []],
      ["a confirmation cut short", () => certificate.slice(0, -4), []],
      ["a line break too many", () => `${certificate}\n\n`, []],
      ["the pinned key", () => certificate, ["own"]],
      ["another key pinned", () => certificate, ["A".repeat(43)]],
    ] as const)(
      "comes to the same checks as the command: %s",
      async ([_name, statement, [pin]], { expect }) => {
        const trust = pin === "own" ? kid : pin;
        const file = path(randomUUID());
        await writeFile(file, statement());
        const pinned = trust === undefined ? [] : ["--trust", trust];
        const [page, said] = await Promise.all([
          open(),
          run(
            "packages/node/src/cli.ts",
            "verify",
            file,
            "--keys",
            path("jwks.json"),
            "--json",
            ...pinned,
          ),
        ]);
        if (trust !== undefined) await page.fill("#trust", trust);
        await bring(page, statement());
        await page.waitForSelector("#checks li", { state: "attached" });
        const { verdict: word, checks } = JSON.parse(said) as {
          readonly verdict: string;
          readonly checks: readonly object[];
        };
        expect(await page.getAttribute("#verdict", "data-verdict")).toBe(word);
        expect(await checksOf(page)).toEqual(checks);
        await page.context().close();
      },
    );

    it("WX-4.7c: takes JSON { certificate, proof }, and says where the log holds exactly this file", async ({
      expect,
    }) => {
      const page = await open();
      await bring(page, JSON.stringify({ certificate }));
      await verdict(page, "valid");
      expect(await text(page, "#proof")).toContain("没有日志证明");
      await bring(page, JSON.stringify({ certificate, proof }));
      await page.waitForSelector('#checks li[data-check="log-inclusion"][data-ok="true"]', {
        state: "attached",
      });
      expect(await text(page, "#proof")).toMatch(
        /已记入日志，位置: miniprivacy-log\/\S+, \d+ \/ \d+/,
      );
      await bring(
        page,
        JSON.stringify({ certificate, proof: proof.replace(/index \d+/, "index 0") }),
      );
      await verdict(page, "invalid");
      expect(await text(page, "#verdict")).toContain("检查点所述的日志包含本文件");
      await page.context().close();
    });

    it.for([
      ["garbage", "no certificate", undefined],
      ["JSON of another shape", '{"certificate":{}}', undefined],
      ["an unknown member", '{"certificate":"a.b.c","keys":[]}', undefined],
      ["a member twice", '{"certificate":"a.b.c","certificate":"a.b.c"}', undefined],
      ["keys that are none", undefined, '{"kty":"EC"}'],
      ["keys that are no JSON", undefined, "PEM"],
    ] as const)("cannot read %s, and says so", async ([_name, statement, set], { expect }) => {
      const page = await open();
      await bring(page, statement ?? certificate, set ?? keys);
      await verdict(page, "unreadable");
      expect(await text(page, "#verdict")).toContain(set === undefined ? "紧凑 JWS" : "JWK 集");
      expect(await page.isVisible("#checks")).toBe(false);
      await page.context().close();
    });

    /** Drops files, each with its name and content; a number is so many zero bytes. */
    async function drop(
      page: Page,
      files: readonly (readonly [name: string, content: string | number])[],
    ): Promise<void> {
      const dropped = await page.evaluateHandle((list) => {
        const transfer = new DataTransfer();
        for (const [name, content] of list) {
          const part = typeof content === "number" ? new Uint8Array(content) : content;
          transfer.items.add(new File([part], name));
        }
        return transfer;
      }, files);
      await page.dispatchEvent("body", "drop", { dataTransfer: dropped });
    }

    it("sorts files dropped together, and takes one file by its button", async ({ expect }) => {
      const page = await open();
      await drop(page, [
        ["jwks.json", keys],
        ["certificate.proof", proof],
        ["certificate.jwt", certificate],
      ]);
      await verdict(page, "valid");
      expect(await text(page, "#proof")).toContain("已记入日志");
      expect([await page.inputValue("#keys"), await page.inputValue("#statement")]).toEqual([
        keys,
        certificate,
      ]);
      const file = { name: "receipt.jwt", mimeType: "", buffer: Buffer.from(receipt) };
      await page.setInputFiles("#statement-file", file);
      await page.locator("#content", { hasText: "同意凭证" }).waitFor();
      expect(await text(page, "#proof")).toContain("没有日志证明");
      const bytes = { name: "bytes", mimeType: "", buffer: Buffer.from([0xff, 0xfe, 0x00]) };
      await page.setInputFiles("#statement-file", bytes);
      await verdict(page, "unreadable");
      expect(await text(page, "#verdict")).toContain("不是文本");
      await page.context().close();
    });

    it("takes two files at once only when they are not of one kind: neither is checked in place of the other", async ({
      expect,
    }) => {
      const page = await open();
      await bring(page, certificate);
      await verdict(page, "valid");
      for (const files of [
        ["certificate.jwt", certificate, "receipt.jwt", receipt],
        ["jwks.json", keys, "other.json", '{"keys":[]}'],
        ["certificate.proof", proof, "other.proof", proof],
      ] as const) {
        await drop(page, [
          [files[0], files[1]],
          [files[2], files[3]],
        ]);
        await page.locator("#verdict[data-verdict=unreadable]", { hasText: "有多个" }).waitFor();
        expect(await page.isVisible("#content")).toBe(false);
        await drop(page, [
          ["certificate.jwt", certificate],
          ["jwks.json", keys],
        ]);
        await verdict(page, "valid");
      }
      await page.context().close();
    });

    it("does not read a file of 100 MB, dropped or chosen", async ({ expect }) => {
      const page = await open();
      await bring(page, certificate);
      await verdict(page, "valid");
      await drop(page, [["film.mp4", 100_000_000]]);
      await page.locator("#verdict[data-verdict=unreadable]", { hasText: "太大" }).waitFor();
      expect(await page.inputValue("#statement")).toBe("");
      const huge = path("huge.json");
      await writeFile(huge, "");
      await truncate(huge, 100_000_000);
      await bring(page, certificate);
      await verdict(page, "valid");
      await page.setInputFiles("#keys-file", huge);
      await page.locator("#verdict[data-verdict=unreadable]", { hasText: "太大" }).waitFor();
      expect(await page.isVisible("#content")).toBe(false);
      await page.context().close();
    });

    it.for([
      ["keys of another issuer", async () => [certificate, await strangersKeys()], "key-known"],
      [
        "a key that only bears the issuer's name",
        async () => [certificate, await namedLike(kid)],
        "key-thumbprint",
      ],
      [
        "a statement of a type that is no confirmation",
        () => [otherType("log-checkpoint+jwt"), keys],
        "type-expected",
      ],
      ["a statement of a type nobody knows", () => [otherType("JWT"), keys], "type"],
      ["a text longer than any statement", () => [`${"A".repeat(1_100_000)}.A.A`, keys], "size"],
    ] as const)(
      "is not valid, and says at which check: %s",
      async ([_name, make, check], { expect }) => {
        const [statement, set] = await make();
        const page = await open();
        await bring(page, statement!, set);
        await verdict(page, "invalid");
        expect((await checksOf(page)).at(-1)).toEqual({ name: check, ok: false });
        expect(await page.isVisible(`#checks [data-check=${check}]`)).toBe(true);
        expect(await page.isVisible("#content")).toBe(false);
        await page.context().close();
      },
    );

    /** The certificate with another type in its header. */
    function otherType(typ: string): string {
      const [header, ...rest] = certificate.split(".");
      const members = JSON.parse(Buffer.from(header!, "base64url").toString()) as object;
      const changed = Buffer.from(JSON.stringify({ ...members, typ })).toString("base64url");
      return [changed, ...rest].join(".");
    }
    async function strangersKeys(): Promise<string> {
      return JSON.stringify({ keys: [(await createSigner(await generateSigningKey())).publicJwk] });
    }
    async function namedLike(id: string): Promise<string> {
      const { publicJwk } = await createSigner(await generateSigningKey());
      return JSON.stringify({ keys: [{ ...publicJwk, kid: id }] });
    }

    it.for([
      ["ES256", () => certificate, "unsupported", "不支持 ES256，没有检查签名"],
      ["Ed25519", () => JSON.stringify({ certificate, proof }), "unchecked", "日志证明没有检查"],
    ] as const)(
      "WX-4.7c: in a browser without %s nothing is called valid that was not checked",
      async ([algorithm, statement, word, said], { expect }) => {
        const page = await open();
        await page.evaluate((unknown) => {
          const { subtle } = crypto;
          const known = subtle.importKey.bind(subtle) as (...args: unknown[]) => Promise<CryptoKey>;
          const refused = unknown === "ES256" ? "ECDSA" : "Ed25519";
          subtle.importKey = ((
            format: unknown,
            key: unknown,
            wanted: unknown,
            ...rest: unknown[]
          ) =>
            ((wanted as { readonly name?: string }).name ?? wanted) === refused
              ? Promise.reject(new DOMException("", "NotSupportedError"))
              : known(format, key, wanted, ...rest)) as typeof subtle.importKey;
        }, algorithm);
        await bring(page, statement());
        await verdict(page, word);
        expect(await text(page, "#verdict")).toContain(said);
        expect(await text(page, "#verdict")).not.toContain("有效");
        expect(await page.isVisible("#content")).toBe(word === "unchecked");
        await bring(page, tampered());
        await verdict(page, algorithm === "ES256" ? "unsupported" : "invalid");
        await page.context().close();
      },
    );

    it("where no script runs a sentence says so", async ({ expect }) => {
      const context = await browser.newContext({ javaScriptEnabled: false });
      const page = await context.newPage();
      await page.goto(`file://${path("verify.html")}`);
      expect(await page.locator("main").innerText()).toMatch(
        /JavaScript 才能检查[^]*please allow it/,
      );
      expect(await page.isVisible("textarea")).toBe(false);
      await context.close();
    });

    it("carries a policy that lets nothing run but its own script, and nothing leave", async ({
      expect,
    }) => {
      const html = await readFile(path("verify.html"), "utf8");
      const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(html)![1]!;
      expect(policy.replaceAll(/'sha256-[\w+/=]{44}'/g, "HASH").split("; ")).toEqual([
        "default-src 'none'",
        "script-src HASH",
        "style-src HASH",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types certificate",
      ]);
      expect(html.match(/<script/g)).toHaveLength(1);
    });

    it("shows signed text as text, without characters that steer how it is read", async ({
      expect,
    }) => {
      const signer = await createSigner(await generateSigningKey());
      const claims = JSON.parse(
        Buffer.from(certificate.split(".")[1]!, "base64url").toString(),
      ) as {
        readonly issuer: object;
      };
      const name = { en: "\u202e<img src=x onerror=alert(1)>Shop" };
      const issuer = { ...claims.issuer, name, keyThumbprint: signer.kid };
      const page = await open(LOOKS[3]);
      await bring(
        page,
        await signer.sign("deletion-certificate+jwt", { ...claims, issuer }),
        JSON.stringify({ keys: [signer.publicJwk] }),
      );
      await verdict(page, "valid");
      const content = await text(page, "#content");
      expect(content).toContain("<img src=x onerror=alert(1)>Shop");
      expect(content).not.toContain("\u202e");
      await page.context().close();
    });

    it("gives no verdict where the browser has no cryptography", async ({ expect }) => {
      const page = await open();
      await page.evaluate(() => Object.defineProperty(crypto, "subtle", { value: undefined }));
      await bring(page, certificate);
      await verdict(page, "unsupported");
      expect(await page.isVisible("#checks")).toBe(false);
      await page.context().close();
    });

    it("the keyboard is enough", async ({ expect }) => {
      const page = await open();
      await tabTo(page, "#statement");
      await page.keyboard.insertText(certificate);
      await tabTo(page, "#keys");
      await page.keyboard.insertText(keys);
      await tabTo(page, "#trust");
      await page.keyboard.insertText(kid);
      await verdict(page, "valid");
      expect(await text(page, "#trust-told")).toContain("按您指定的密钥指纹检查");
      await page.context().close();
    });

    it.for(UNLIKE_LOOKS)(
      "nothing is in anybody's way in any state ($language, $colorScheme, $width px)",
      async (look, { expect }) => {
        const page = await open(look);
        const state = async (name: string): Promise<void> => {
          if (pictures !== undefined) {
            const file = `verify-${look.language}-${look.colorScheme}-${look.width}-${name}.png`;
            await page.screenshot({ path: join(pictures, file), fullPage: true });
          }
          expect([name, await axeFindings(page), (await overflow(page)) <= 0]).toEqual([
            name,
            [],
            true,
          ]);
        };
        await state("1-start");
        await bring(page, JSON.stringify({ certificate, proof }));
        await verdict(page, "valid");
        await page.click("summary");
        await state("2-valid");
        await bring(page, receipt);
        await page.waitForSelector("#content dl");
        await state("3-receipt");
        await bring(page, tampered());
        await verdict(page, "invalid");
        await state("4-invalid");
        await bring(page, "garbage");
        await verdict(page, "unreadable");
        await state("5-unreadable");
        await page.context().close();
      },
    );
  },
);

interface Statements {
  readonly certificate: string;
  readonly proof: string;
  readonly receipt: string;
  readonly keys: string;
}

/** What a person of the demo shop is handed: the receipt of a consent, the confirmation of an erasure. */
async function makeStatements(): Promise<Statements> {
  const data = await mkdtemp(join(tmpdir(), "verify-page-demo-"));
  const demo = await startDemo(data);
  try {
    const call = (method: string, path: string, body?: object) =>
      demo.call(method, path, "lin", body);
    const { body: notice } = await call("GET", "/privacy/notice?language=zh-CN&purposes=delivery");
    const decision = {
      decisionId: randomUUID(),
      purpose: "delivery",
      decision: "given",
      notice: notice["token"],
      counter: 0,
      at: new Date().toISOString(),
    };
    const { body: answer } = await call("POST", "/privacy/consents", { decisions: [decision] });
    const [{ receipt }] = answer["results"] as [{ readonly receipt: string }];
    const order = { item: "面包", phone: "13912345678", address: "花园路 8 号", note: "轻声" };
    await call("POST", "/orders", { ...order, allergy: null });
    const erasure = { kind: "erase", requestKey: randomUUID() };
    const { body: request } = await call("POST", "/privacy/requests", erasure);
    const token = { "x-request-token": request["requestToken"] as string };
    const ask = async (path: string) => (await demo.call("GET", path, "", undefined, token)).body;
    const settled = async (): Promise<string> => {
      const { certificateId } = await ask(`/privacy/requests/${String(request["id"])}`);
      return typeof certificateId === "string" ? certificateId : settled();
    };
    const made = await ask(`/privacy/certificates/${await settled()}`);
    const { text: keys } = await call("GET", "/privacy/.well-known/jwks.json");
    return { ...(made as { readonly certificate: string; readonly proof: string }), receipt, keys };
  } finally {
    await demo.stop();
    await rm(data, { recursive: true });
  }
}

/** Runs a script of the repository from source, whatever its exit code, and gives its output. */
function run(script: string, ...args: readonly string[]): Promise<string> {
  const node = ["--import", "tsx", "--conditions", "@miniprivacy/source", script];
  return new Promise((resolve) => {
    execFile(process.execPath, [...node, ...args], { cwd: ROOT }, (_error, stdout) =>
      resolve(stdout),
    );
  });
}
