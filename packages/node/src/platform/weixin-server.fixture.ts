import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";

/** The app the server knows, and the clock by which its codes die. */
export interface WeixinServerOptions {
  readonly appId: string;
  readonly appSecret: string;
  readonly accessToken: string;
  readonly now: () => number;
}

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly query: { readonly [name: string]: string };
  readonly contentType: string | undefined;
  readonly body: string;
}

/** What becomes of one answer; the code is spent all the same. */
export type Mishap =
  /** Never comes. */
  | "hang"
  /** The connection breaks. */
  | "cut"
  | { readonly afterMs: number }
  | { readonly status?: number; readonly location?: string; readonly text: string };

/** What the button or `wx.login` hands a client, for whom. */
export interface IssuedCode {
  readonly phone?: string;
  readonly openid?: string;
  readonly unionid?: string;
  /** Of the watermark (the server's app). */
  readonly appId?: string;
  /** How far the watermark is from the moment of issue, milliseconds (0). */
  readonly watermarkAfterMs?: number;
}

/** Speaks the wire format of api.weixin.qq.com on this machine, as its documentation has it. */
export interface WeixinServer {
  readonly endpoint: string;
  readonly requests: readonly SeenRequest[];
  phoneCode(issued?: IssuedCode): string;
  loginCode(issued?: IssuedCode): string;
  /** Befalls the next answer. */
  next(mishap: Mishap): void;
  close(): Promise<void>;
}

export const SESSION_KEY = "tiihtNczf5v6AKRyjwEUhQ==";
export const PHONE = "13912345678";
export const OPENID = "oGZUI0egBJY1zhBYw2KhdUfwVJJE";
const CODE_LIFE_MS = 300_000;

interface HeldCode extends IssuedCode {
  readonly kind: "phone" | "login";
  readonly at: number;
  used: boolean;
}

export async function openWeixinServer(options: WeixinServerOptions): Promise<WeixinServer> {
  const codes = new Map<string, HeldCode>();
  const requests: SeenRequest[] = [];
  const mishaps: Mishap[] = [];

  function issue(kind: HeldCode["kind"], issued: IssuedCode = {}): string {
    const code = randomBytes(32).toString("hex");
    codes.set(code, { ...issued, kind, at: options.now(), used: false });
    return code;
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const seen = await readRequest(request);
    requests.push(seen);
    const mishap = mishaps.shift();
    const answer = JSON.stringify(answerTo(options, codes, seen));
    if (mishap === "hang") return;
    if (mishap === "cut") return void response.destroy();
    if (mishap !== undefined && "afterMs" in mishap) await wait(mishap.afterMs);
    const {
      status = 200,
      location,
      text = answer,
    } = (mishap !== undefined && "text" in mishap ? mishap : {}) as {
      readonly status?: number;
      readonly location?: string;
      readonly text?: string;
    };
    response.writeHead(status, {
      "content-type": "application/json; encoding=utf-8",
      ...(location !== undefined && { location }),
    });
    response.end(text);
  }

  const server = createServer((request, response) => void serve(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    phoneCode: (issued) => issue("phone", issued),
    loginCode: (issued) => issue("login", issued),
    next: (mishap) => void mishaps.push(mishap),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function readRequest(request: IncomingMessage): Promise<SeenRequest> {
  const { pathname, searchParams } = new URL(request.url!, "http://localhost");
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return {
    method: request.method!,
    path: pathname,
    query: Object.fromEntries(searchParams),
    contentType: request.headers["content-type"],
    body: Buffer.concat(chunks).toString(),
  };
}

function answerTo(
  options: WeixinServerOptions,
  codes: ReadonlyMap<string, HeldCode>,
  { method, path, query, body }: SeenRequest,
): object {
  if (method === "POST" && path === "/wxa/business/getuserphonenumber") {
    if (query["access_token"] !== options.accessToken)
      return { errcode: 40001, errmsg: `invalid credential, access_token is invalid` };
    const { code } = JSON.parse(body) as { readonly code: string };
    return takeCode(options, codes.get(code), "phone") ?? phoneAnswer(options, codes.get(code)!);
  }
  if (method === "GET" && path === "/sns/jscode2session") {
    if (query["appid"] !== options.appId) return { errcode: 40013, errmsg: "invalid appid" };
    if (query["secret"] !== options.appSecret)
      return { errcode: 40125, errmsg: `invalid appsecret ${query["secret"]}` };
    if (query["grant_type"] !== "authorization_code")
      return { errcode: 40002, errmsg: "invalid grant_type" };
    const held = codes.get(query["js_code"]!);
    return takeCode(options, held, "login") ?? sessionAnswer(held!);
  }
  return { errcode: 43002, errmsg: "require POST method" };
}

/** The refusal of a code; undefined for one that is taken, once. */
function takeCode(
  { now }: WeixinServerOptions,
  code: HeldCode | undefined,
  kind: HeldCode["kind"],
): object | undefined {
  if (code?.kind !== kind || now() - code.at >= CODE_LIFE_MS)
    return { errcode: 40029, errmsg: "invalid code hint: [mGhbWV0sf-LxnVma] rid: 65f3e9f7" };
  if (code.used) return { errcode: 40163, errmsg: "code been used, rid: 680a9de1" };
  code.used = true;
  return undefined;
}

function phoneAnswer(
  { appId: ownAppId }: WeixinServerOptions,
  { phone = PHONE, appId = ownAppId, at, watermarkAfterMs = 0 }: HeldCode,
): object {
  const watermark = { timestamp: Math.floor((at + watermarkAfterMs) / 1000), appid: appId };
  const phone_info = { phoneNumber: phone, purePhoneNumber: phone, countryCode: 86, watermark };
  return { errcode: 0, errmsg: "ok", phone_info };
}

/** Without an errcode: the interface answers one only for a refusal. */
function sessionAnswer({ openid = OPENID, unionid }: HeldCode): object {
  return { openid, session_key: SESSION_KEY, ...(unionid !== undefined && { unionid }) };
}
