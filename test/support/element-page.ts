import { createServer, type IncomingMessage } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { bundle } from "./bundle.ts";

interface Decision {
  readonly decisionId: string;
  readonly purpose: string;
  readonly decision: string;
  readonly counter: number;
  readonly at: string;
  readonly signal?: string;
}

/** A page with the two elements, under a strict content policy, and a small privacy server beside it. */
export interface ElementPage {
  readonly url: string;
  /** What was recorded, each decision once. */
  readonly recorded: Decision[];
  /** The queries of the notices that were served. */
  readonly notices: string[];
  readonly devices: Set<string>;
  /** Forgets what was recorded. */
  reset(): void;
  stop(): Promise<void>;
}

const CONTENT_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

const SCRIPT = `
import { createPrivacyClient } from "@miniprivacy/web";
import { definePrivacyElements, elementPrompt } from "@miniprivacy/web/element";
import { indexedDbStorage } from "@miniprivacy/web/storage";
import { openPage } from "${fileURLToPath(new URL("../../docs/examples/guides/consent-element.ts", import.meta.url))}";
const query = new URL(location.href).searchParams;
const language = query.get("language") || "zh-CN";
document.documentElement.lang = language;
const warnings = [];
const privacy = createPrivacyClient({
  endpoint: "/privacy",
  language,
  host: window,
  storage: indexedDbStorage(window),
  prompt: elementPrompt(window),
  now: () => Date.now() - Number(query.get("ago")),
  onWarning: ({ code }) => warnings.push(code),
});
document.querySelector("privacy-center").client = privacy;
const answers = [];
document.querySelector("#ask").addEventListener("click", () => {
  privacy.consent.ask("delivery", { again: true }).then((answer) => answers.push(answer.status), (error) => answers.push(error.code));
});
Object.assign(window, { privacy, answers, warnings, definePrivacyElements, openPage });
`;

const STYLE = `:root { color-scheme: light dark; color: CanvasText; background: Canvas; }
body { font-family: serif; text-align: center; max-width: 60rem; margin: 0 auto; padding: 1rem; }`;

const HTML = `<!doctype html>
<html lang="zh-CN">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Page</title><link rel="stylesheet" href="/style.css"></head>
<body><main><h1>Shop</h1><p>Words of the page.</p><button id="ask" type="button">Order</button>
<privacy-center></privacy-center></main><script type="module" src="/main.js"></script></body>
</html>`;

const POLICY = {
  purposes: Object.fromEntries(
    [
      ["delivery", "service", "送货上门", "Home delivery"],
      ["marketing", "marketing", "优惠短信", "Offers by text message"],
      ["statistics", "service", "访问统计", "Visit statistics"],
    ].map(([id, use, zh, en]) => [id, { use, label: { "zh-CN": zh, en } }]),
  ),
};

/** @param notices The text of a notice in each language. */
export async function startElementPage(notices: {
  readonly [language: string]: string;
}): Promise<ElementPage> {
  const { code } = await bundle(SCRIPT);
  const recorded: Decision[] = [];
  const served: string[] = [];
  const devices = new Set<string>();

  function record(decision: Decision): object {
    if (!recorded.some(({ decisionId }) => decisionId === decision.decisionId))
      recorded.push(decision);
    return { status: 201, receipt: `receipt.of.${decision.decisionId}` };
  }

  function consents(): readonly object[] {
    return Object.keys(POLICY.purposes).map((purpose) => {
      const last = recorded.findLast((decision) => decision.purpose === purpose);
      return last === undefined
        ? { purpose, status: "unknown" }
        : { purpose, status: last.decision, receipt: `receipt.of.${last.decisionId}` };
    });
  }

  async function answer(request: IncomingMessage, url: URL): Promise<object> {
    if (url.pathname === "/privacy/policy") return POLICY;
    devices.add(String(request.headers["x-privacy-device"]));
    if (url.pathname === "/privacy/notice") {
      served.push(url.search);
      return { token: "token", text: notices[url.searchParams.get("language")!] };
    }
    if (request.method === "GET") return { consents: consents() };
    let body = "";
    for await (const chunk of request) body += String(chunk);
    return { results: JSON.parse(body).decisions.map(record) };
  }

  const files: { readonly [path: string]: readonly [type: string, content: string] } = {
    "/": ["text/html; charset=utf-8", HTML],
    "/main.js": ["text/javascript; charset=utf-8", code],
    "/style.css": ["text/css; charset=utf-8", STYLE],
  };
  const server = createServer((request, response) => {
    const url = new URL(request.url!, "http://page");
    const file = files[url.pathname];
    response.setHeader("content-security-policy", CONTENT_POLICY);
    if (file !== undefined) {
      response.setHeader("content-type", file[0]);
      response.end(file[1]);
      return;
    }
    response.setHeader("content-type", "application/json");
    response.statusCode = request.method === "POST" ? 201 : 200;
    void answer(request, url).then((body) => response.end(JSON.stringify(body)));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    recorded,
    notices: served,
    devices,
    reset() {
      recorded.length = 0;
      served.length = 0;
      devices.clear();
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
