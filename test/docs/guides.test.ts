import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type KeySet, parseStatementFile } from "@miniprivacy/core/certificate";
import { policyLock } from "@miniprivacy/core/policy";
import { createWeixin, runGuardDrill } from "@miniprivacy/node";
import { grant, memoryDatabase } from "@miniprivacy/node/testing";
import { createTestHost } from "@miniprivacy/web/testing";
import express from "express";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  openShopDatabase,
  type ShopDatabase,
} from "../../docs/examples/corner-shop/src/shop-database.ts";
import { acceptOrder } from "../../docs/examples/guides/accept-order.ts";
import { stopOffers, wayToDeliver } from "../../docs/examples/guides/ask-for-consent.ts";
import { exposedExport, fileBreach } from "../../docs/examples/guides/file-breach.ts";
import { sendOrder } from "../../docs/examples/guides/guard-mini-program.ts";
import { guardThirdParties } from "../../docs/examples/guides/guard-third-parties.ts";
import {
  guardAnswers,
  guarded as guardedHandler,
} from "../../docs/examples/guides/guarded-answers.ts";
import { guarded } from "../../docs/examples/guides/guarded-fetch.ts";
import { connectShop } from "../../docs/examples/guides/connect-shop.ts";
import { openLog, safeConsole } from "../../docs/examples/guides/guarded-logs.ts";
import { guardedTransports } from "../../docs/examples/guides/guarded-transports.ts";
import { handOver } from "../../docs/examples/guides/hand-over.ts";
import { chooseAgain, openKeepingClient } from "../../docs/examples/guides/keep-decisions.ts";
import { addLabelRoute } from "../../docs/examples/guides/label-route.ts";
import { choosePhone, openMiniProgramClient } from "../../docs/examples/guides/mini-program.ts";
import * as mounts from "../../docs/examples/guides/mounts.ts";
import {
  correctPhone,
  eraseEverything,
  eraseProgress,
} from "../../docs/examples/guides/my-data.ts";
import { nextPolicy } from "../../docs/examples/guides/next-policy.ts";
import { openClient, type ShopClient } from "../../docs/examples/guides/open-client.ts";
import { openPrivacy, type ShopPrivacy } from "../../docs/examples/guides/open-privacy.ts";
import { policy } from "../../docs/examples/guides/policy.ts";
import { printLabels } from "../../docs/examples/guides/print-labels.ts";
import { courierLabel } from "../../docs/examples/guides/read-by-purpose.ts";
import { releaseFindings, releaseNotes } from "../../docs/examples/guides/release-check.ts";
import { followConsent } from "../../docs/examples/guides/start-sdk.ts";
import { takeOrder } from "../../docs/examples/guides/take-order.ts";
import { takeOverMembers } from "../../docs/examples/guides/take-over-members.ts";
import { guard as ownGuard } from "../../docs/examples/guides/own-profile.ts";
import { onWecomEvent } from "../../docs/examples/guides/tenant-exit.ts";
import { openTenants } from "../../docs/examples/guides/tenants.ts";
import { openWeixin, signIn, takePhone } from "../../docs/examples/guides/weixin-phone.ts";
import { verifyWithCore } from "../../docs/examples/guides/verify-with-core.ts";
import { verifyWithJose } from "../../docs/examples/guides/verify-with-jose.ts";
import { readText, ROOT, shownExamples } from "./markdown.ts";

const PHONE = "13912345678";
let shop: ShopDatabase;
let privacy: ShopPrivacy;
let notes: string;
beforeAll(async () => {
  shop = await openShopDatabase("memory://guides");
  notes = await mkdtemp(join(tmpdir(), "guides-"));
  privacy = await openPrivacy({ database: await memoryDatabase() }, shop.pool, notes);
});
afterAll(async () => {
  await privacy.close();
  await shop.close();
  await rm(notes, { recursive: true });
});

const placeOrder = (member: string): Promise<unknown> =>
  shop.pool.query("insert into orders values ($1, $2, 'Bread', $3, 'Here')", [
    `order-${member}`,
    member,
    PHONE,
  ]);

/** Calls the endpoints as a person's page would. */
function callAs(member: string, roles = ""): typeof fetch {
  return (input, init) => {
    const request = new Request(new URL(input as string, "http://localhost"), init);
    request.headers.set("x-member", member);
    request.headers.set("x-roles", roles);
    return privacy.fetch(request);
  };
}

function clientOf(member: string, decision: "given" | "refused" = "given"): ShopClient {
  return openClient({ fetch: callAs(member), crypto }, () => Promise.resolve(decision));
}

describe("for the web developer", () => {
  it("asks, goes on without consent, withdraws", async () => {
    expect(await wayToDeliver(clientOf("ask"))).toBe("courier");
    expect(await wayToDeliver(clientOf("ask-not", "refused"))).toBe("pick-up");
    expect(await stopOffers(clientOf("ask"))).toBe("withdrawn");
  });

  it("starts an SDK by consent, and stops it with the withdrawal", async () => {
    const call = callAs("sdk");
    // The demo's policy declares no SDK.
    const declaring: typeof fetch = async (input, init) => {
      const response = await call(input, init);
      if (input !== "/privacy/policy") return response;
      const sdks = { counter: { purpose: "statistics" } };
      return Response.json({ ...(await response.json()), sdks });
    };
    const client = openClient({ fetch: declaring, crypto }, () => Promise.resolve("given"));
    const did: string[] = [];
    const end = followConsent(client, {
      start: () => did.push("started"),
      stop: () => did.push("stopped"),
    });
    await client.consent.ask("statistics");
    await expect.poll(() => did).toEqual(["started"]);
    await client.consent.withdraw("statistics");
    await expect.poll(() => did).toEqual(["started", "stopped"]);
    end();
  });

  it("corrects, erases, and comes back with the token", async () => {
    await placeOrder("own");
    const client = clientOf("own");
    await correctPhone(client, "13800001111");
    expect(await client.data.view()).toMatchObject({ order: [{ phone: "13800001111" }] });
    const request = await eraseEverything(client);
    await privacy.idle();
    const { state, certificate } = await eraseProgress(clientOf("somebody else"), request);
    expect([state, certificate?.split(".").length]).toEqual(["partly-fulfilled", 3]);
  });

  it("keeps a refusal for its person on this device, until she wants to be asked", async () => {
    const kept = new Map<string, string>();
    const localStorage = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
    } as Storage;
    const answers = ["refused", "given", "given"] as const;
    let asked = 0;
    const open = (member: string, account: string) =>
      openKeepingClient(
        { fetch: callAs(member), crypto, localStorage },
        { account, token: () => "t" },
        () => Promise.resolve(answers[asked++]!),
      );
    expect(await open("keep", "a1").consent.ask("marketing")).toMatchObject({ permitted: false });
    expect(await open("keep", "a1").consent.ask("marketing")).toMatchObject({ status: "refused" });
    expect(asked).toBe(1);
    expect(await chooseAgain(open("keep", "a1"))).toBe(true);
    expect(await open("keep-other", "b2").consent.ask("marketing")).toMatchObject({
      permitted: true,
    });
    expect([asked, kept.size]).toEqual([3, 2]);
  });

  it("runs on what a mini-program has", async () => {
    const { wx, calls, tapAgree } = createTestHost<{
      chooseAddress(options?: object): Promise<{ readonly telNumber: string }>;
    }>({
      results: { chooseAddress: { telNumber: "13800000000" } },
      async answer({ url, method, header, data }) {
        const { pathname, search } = new URL(url);
        const init = { method, headers: header, ...(data !== undefined && { body: data }) };
        const response = await callAs(header["authorization"]!)(pathname + search, init);
        return { statusCode: response.status, data: await response.json() };
      },
    });
    const client = openMiniProgramClient(wx, () => "mini");
    const stop = client.consent.onAsk(({ refuse }) => refuse());
    expect(await choosePhone(client, wx)).toEqual({ problem: expect.stringContaining("没有同意") });
    expect(calls).toEqual([]);
    stop();
    client.consent.onAsk(({ asksPlatform, agree }) => {
      if (asksPlatform) tapAgree("agree");
      agree("agree");
    });
    await client.consent.ask("delivery", { again: true });
    expect(await choosePhone(client, wx)).toEqual({ telNumber: "13800000000" });
  });

  it("stops a resident ID, and says where it stood", async () => {
    const places: string[] = [];
    const send = guarded(
      () => Promise.reject(new Error("sent")),
      (place) => void places.push(place),
    );
    const body = JSON.stringify({ note: "11010519491231002X" });
    await expect(send("http://localhost/orders", { method: "POST", body })).rejects.toMatchObject({
      code: "ERR_SENSITIVE_DATA_FOUND",
    });
    expect(places).toHaveLength(1);
    expect(places.join()).not.toContain("11010519491231002X");
  });
});

describe("for who must keep data in", () => {
  const ID = "11010519491231002X";

  it("blocks what the contract forbids and lets through what it allows, until its end", () => {
    expect(ownGuard.inspect({ phone: PHONE }).action).toBe("block");
    expect(ownGuard.inspect({ password: "hunter2!" }).action).toBe("pass");
    expect(ownGuard.inspect({ note: ID }).action).toBe("block");
  });

  it("fails a mini-program's request as the host does", async () => {
    const sent: unknown[] = [];
    const wx = { request: (options: object) => void sent.push(options) };
    const code = await new Promise((failed) => sendOrder(wx, { note: ID }, failed));
    expect([sent.length, code]).toEqual([0, "ERR_SENSITIVE_DATA_FOUND"]);
    sendOrder(wx, { note: "bread" }, () => undefined);
    expect(sent).toHaveLength(1);
  });

  it("tells what other people's scripts send, until it is put back", async () => {
    const places: string[] = [];
    const fetch = (): Promise<Response> => Promise.resolve(new Response("ok"));
    const page = { fetch };
    const { putBack } = guardThirdParties(page, (place) => places.push(place));
    expect(
      await (
        await page.fetch(...(["http://localhost/", { method: "POST", body: ID }] as never as []))
      ).text(),
    ).toBe("ok");
    expect(places).toEqual(["cn-resident-id $"]);
    putBack();
    expect(page.fetch).toBe(fetch);
  });

  it("masks log lines and what is printed", () => {
    const lines: string[] = [];
    openLog({ write: (line) => void lines.push(line) }).info({ member: { id: ID } }, `of ${ID}`);
    expect(lines.join()).toContain("1****************X");
    expect(lines.join()).not.toContain(ID);
    expect(safeConsole).not.toBe(console);
  });

  it("answers 500 in place of an answer with a resident ID", async () => {
    const handler = guardedHandler(() => Promise.resolve(Response.json({ id: ID })));
    expect((await handler(new Request("http://localhost/"))).status).toBe(500);
    const app = express();
    guardAnswers(app);
    app.get("/", (_request, response) => void response.json({ id: ID }));
    const server = app.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const response = await fetch(`http://127.0.0.1:${port}/`);
    expect([response.status, (await response.text()).includes(ID)]).toEqual([500, false]);
    server.close();
  });

  it("WX-4.4.6b: plants canaries in its transports", async () => {
    const drill = await runGuardDrill(guardedTransports);
    expect(JSON.stringify(drill)).toContain("stopped");
    expect(JSON.stringify(drill)).not.toMatch(/arrived|not-reached|timed-out/);
  });
});

describe("for the Node developer", () => {
  const label = (memberId: string) => ({
    id: "1",
    memberId,
    item: "Bread",
    phone: PHONE,
    address: "Here",
    closedAt: null,
  });

  it("prints the labels of those who agreed", async () => {
    await placeOrder("many-agreed");
    await placeOrder("many-unasked");
    await grant(privacy, "delivery", { "x-member": "many-agreed" });
    const before = (await printLabels(privacy, shop.pool)).length;
    await grant(privacy, "delivery", { "x-member": "many-unasked" });
    expect(await printLabels(privacy, shop.pool)).toHaveLength(before + 1);
  });

  it("hands the courier what it may have, and calls nobody otherwise", async () => {
    const booked: object[] = [];
    const book = (parcel: object) => (booked.push(parcel), Promise.resolve("P-1"));
    expect(await handOver(privacy, label("hand"), book)).toBe("consent-missing");
    await grant(privacy, "delivery", { "x-member": "hand" });
    expect(await handOver(privacy, label("hand"), book)).toBe("P-1");
    expect(booked).toEqual([{ id: "1", phone: PHONE, address: "Here" }]);
  });

  it("reads for the purpose of a route", async () => {
    const app = express();
    addLabelRoute(app, privacy, async () => label("routed"));
    await grant(privacy, "delivery", { "x-member": "routed" });
    const server = createServer(app);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const response = await fetch(`http://127.0.0.1:${port}/labels/1`);
    expect(await response.json()).toMatchObject({ permitted: true, value: { phone: PHONE } });
    server.closeAllConnections();
    server.close();
  });

  it("takes of a form what delivery may collect, and not whose order it is", () => {
    const form = { item: "Bread", phone: PHONE, address: "Here", allergy: "nuts", memberId: "x" };
    expect(acceptOrder("lin", form)).toEqual({ ...label("lin"), id: expect.any(String) as string });
    expect(acceptOrder("lin", { phone: "1" })).toEqual([{ code: "invalid", schemaPath: "phone" }]);
  });

  it("reads what the purpose allows, once it is allowed", async () => {
    await placeOrder("reader");
    expect(await courierLabel(privacy, shop.pool, "reader")).toBe("consent-missing");
    await grant(privacy, "delivery", { "x-member": "reader" });
    expect(await courierLabel(privacy, shop.pool, "reader")).toBe(`${PHONE} Here`);
  });

  it("takes an order whose consent comes with it", async () => {
    const order = { id: "o", memberId: "brings", phone: PHONE, address: "Here", closedAt: null };
    const notice = await callAs("brings")("/privacy/notice?language=en&purposes=delivery");
    const { token } = (await notice.json()) as { token: string };
    const decision = {
      decisionId: "guide-order",
      purpose: "delivery",
      decision: "given",
      notice: token,
      counter: 0,
      at: new Date().toISOString(),
    };
    const proof = Buffer.from(JSON.stringify({ decisions: [decision] })).toString("base64url");
    expect(await takeOrder(privacy, order, {})).toMatchObject({ permitted: false });
    const headers = { "x-privacy-proof": proof };
    expect(await takeOrder(privacy, order, headers)).toMatchObject({ permitted: true });
  });

  it("takes a number of Weixin's from who consented, and signs her in", async () => {
    const appId = "wx0000000000000000";
    const watermark = { appid: appId, timestamp: Math.floor(Date.now() / 1000) };
    const phone_info = { phoneNumber: PHONE, purePhoneNumber: PHONE, countryCode: "86", watermark };
    const answers = [
      { errcode: 0, phone_info },
      { openid: "o-1", session_key: "k" },
    ];
    const weixin = createWeixin(privacy, {
      appId,
      appSecret: "secret",
      accessToken: async () => "token",
      fetch: async () => Response.json(answers.shift()),
    });
    expect(await takePhone(weixin, "weixin", "code", {})).toBe("consent-missing");
    await grant(privacy, "delivery", { "x-member": "weixin" });
    expect(await takePhone(weixin, "weixin", "code", {})).toBe(PHONE);
    expect(await signIn(weixin, "code")).toEqual({ openid: "o-1", sessionKey: "k" });
    expect(() => openWeixin(privacy, async () => "token")).toThrow(
      expect.objectContaining({ code: "ERR_CONFIG_INVALID" }),
    );
  });

  it("takes over the members of before", async () => {
    const members = [{ id: "member-of-before", agreedAt: "2025-05-01T00:00:00Z" }];
    const imported = { imported: 1, decidedBefore: 0, unidentified: 0 };
    expect(await takeOverMembers(privacy, members)).toEqual(imported);
    const answer = await callAs("member-of-before")("/privacy/consents");
    expect(await answer.text()).toContain('"status":"legacy"');
  });

  it("connects MySQL, Redis, a bucket and a courier in ten lines", () => {
    const secret = `whsec_${Buffer.alloc(32).toString("base64")}`;
    const connectors = connectShop({
      pool: { execute: () => Promise.reject(new Error("not asked")) },
      redis: "redis://127.0.0.1",
      client: { send: () => Promise.reject(new Error("not asked")) },
      courier: { url: "https://courier.example/privacy", secret },
    });
    const kinds = Object.values(connectors).map(({ kind, records }) => [kind, ...records]);
    expect(kinds).toEqual([
      ["database", "order"],
      ["cache", "note"],
      ["object", "note"],
      ["processor", "order"],
    ]);
    const [, body] = /ShopServers\) \{\n(.*?)\n\}/s.exec(
      readText("docs/examples/guides/connect-shop.ts"),
    )!;
    expect(body!.split("\n").length).toBeLessThanOrEqual(10);
  });

  it("is served by every framework", async () => {
    const fastify = await mounts.onFastify(privacy);
    await fastify.ready();
    const koa = mounts.onKoa(privacy).callback();
    const servers: readonly Server[] = [
      mounts.onNode(privacy, (_request, response) => void response.end()),
      createServer(mounts.onExpress(privacy)),
      fastify.server,
      createServer((request, response) => void koa(request, response)),
    ];
    for (const server of servers) expect(await healthOf(server)).toEqual({ status: "ok" });
    const onHono = await mounts.onHono(privacy).request("/privacy/health");
    expect(await onHono.json()).toEqual({ status: "ok" });
  });

  it("ends at SIGTERM, once the deployment is closed", async () => {
    const script = `
      import { serve } from "./docs/examples/guides/serve.ts";
      const privacy = { basePath: "/privacy", fetch: async () => new Response(), close: async () => console.log("closed") };
      serve(privacy, 0).once("listening", () => console.log("listening"));`;
    const source = ["--import", "tsx", "--conditions", "@miniprivacy/source"];
    const child = spawn(process.execPath, [...source, "--input-type=module", "-e", script], {
      cwd: fileURLToPath(ROOT),
      stdio: ["ignore", "pipe", "inherit"],
    });
    const lines: string[] = [];
    for await (const line of createInterface(child.stdout)) {
      lines.push(line);
      if (line === "listening") child.kill("SIGTERM");
    }
    const [code] = child.exitCode === null ? await once(child, "exit") : [child.exitCode];
    expect([lines, code]).toEqual([["listening", "closed"], 0]);
  });
});

describe("for the ISV", () => {
  it("keeps one person of two tenants apart, and erases one that leaves", async () => {
    await shop.pool.query("alter table orders add column shop text");
    const tenants = await openTenants({ database: await memoryDatabase() }, shop.pool);
    for (const name of ["a", "b"])
      await shop.pool.query(
        "insert into orders values ($1, 'same', 'Bread', $2, 'Here', null, null, $1)",
        [`shop-${name}`, PHONE],
      );
    const own = async (of: string, at: string): Promise<readonly unknown[]> => {
      const headers = { "x-member": "same", "x-member-of": of };
      const url = `http://${at}.isv.example/privacy/data`;
      const response = await tenants.fetch(new Request(url, { headers }));
      const { records } = (await response.json()) as { records?: { order: { id: string }[] } };
      return [response.status, records?.order.map(({ id }) => id)];
    };
    expect(await own("shop-a", "shop-a")).toEqual([200, ["shop-a"]]);
    expect(await own("shop-b", "shop-b")).toEqual([200, ["shop-b"]]);
    expect(await own("shop-a", "shop-b")).toEqual([404, undefined]);
    const left = { InfoType: "cancel_auth", AuthCorpId: "corp-a" };
    expect(await (await onWecomEvent(tenants, left, () => "shop-a")).text()).toBe("success");
    await tenants.idle();
    const { rows } = await shop.pool.query("select id from orders where shop is not null");
    expect(rows).toEqual([{ id: "shop-b" }]);
    await tenants.close();
  });
});

describe("for the release engineer", () => {
  /** The text blocks of the guide, one line each. */
  const told = shownExamples("docs/guides/release.md")
    .filter(({ language }) => language === "text")
    .flatMap(({ code }) => code.split("\n"));

  it("the findings and changes shown are those of the demo's policy", () => {
    const found = [
      ...releaseFindings(policy, policyLock(policy)),
      ...releaseFindings(nextPolicy, policyLock(policy)),
      ...releaseNotes(policy, nextPolicy),
    ];
    expect(told).toEqual(found);
  });
});

describe("for the privacy officer", () => {
  it("files a breach, and has its clocks and notices", async () => {
    const filed = await fileBreach(callAs("chen", "privacy-officer"), exposedExport);
    expect(filed.duties.map(({ ruleId }) => ruleId)).toContain("weixin-platform");
    expect(filed.notifications.map(({ language }) => language)).toContain("en");
  });
});

describe("for who checks", () => {
  it("jose and core agree", async () => {
    await placeOrder("gone");
    const client = clientOf("gone");
    const request = await eraseEverything(client);
    await privacy.idle();
    const { certificateId } = await client.requests.progress(request);
    const issued = await client.requests.certificate(certificateId!, request.requestToken);
    const { jws, proof } = parseStatementFile(JSON.stringify(issued));
    const keys = (await (await callAs("x")("/privacy/.well-known/jwks.json")).json()) as KeySet;
    const thumbprint = keys.keys[0]!.kid;
    expect(await verifyWithJose(jws, keys, thumbprint)).toMatchObject({ claim: "partial" });
    expect(
      await verifyWithCore({ certificate: jws, proof: proof! }, keys, thumbprint),
    ).toMatchObject({
      claim: "partial",
    });
    const forged = jws.replace(/\..*\./, (payload) => `.${payload.slice(2)}`);
    await expect(verifyWithJose(forged, keys, thumbprint)).rejects.toThrow("signature");
  });
});

async function healthOf(server: Server): Promise<unknown> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}/privacy/health`);
  const health: unknown = await response.json();
  await close(server);
  return health;
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
