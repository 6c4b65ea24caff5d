import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, inject, it, vi } from "vitest";
import type * as MiniProgram from "../../../packages/web/src/mini-program.ts";
import { openPhone, type Phone } from "./phone.ts";
import { createRealm } from "./realm.ts";

const { web, server } = inject("packed");
const NO_ONE = /^$/;
const ORDER = { item: "豆浆", phone: "13800000000", address: "海珠区", allergy: null, note: "" };
const COMPONENTS = ["consent", "center", "notice", "phone-button", "avatar", "nickname"];

interface Running {
  readonly privacy: MiniProgram.MiniProgramClient;
  readonly questions: MiniProgram.ConsentQuestion[];
}

/** An app started on a phone; its page answers what it is asked. */
function start(phone: Phone, realm: Omit<Parameters<typeof createRealm>[0], "wx">): Running {
  const { host } = phone;
  const { require } = createRealm({ ...realm, wx: host.wx });
  const { createPrivacyClient } = require(
    join(web, "miniprogram_dist/index.js"),
  ) as unknown as typeof MiniProgram;
  const privacy = createPrivacyClient({
    host: host.wx,
    endpoint: "https://shop.example/privacy",
    language: "zh-CN",
  });
  return { privacy, questions: [] };
}

function answer(
  { privacy, questions }: Running,
  { host }: Phone,
  choice: "agree" | "refuse",
): void {
  privacy.consent.onAsk((question) => {
    questions.push(question);
    if (choice === "refuse") return question.refuse();
    if (question.asksPlatform) host.tapAgree("agree");
    question.agree(question.asksPlatform ? "agree" : undefined);
  });
}

const REALMS = ["2.27.0", "2.32.3", "3.8.0"].flatMap((libVersion) => [
  { libVersion, macrotasks: false },
  { libVersion, macrotasks: true },
]);

describe.each(REALMS)("on base library $libVersion (promises in tasks: $macrotasks)", (realm) => {
  it("WX-4.4.3, WX-4.4.2a: one tap consents, the interface is called, the order arrives", async () => {
    const phone = openPhone(server, realm);
    const app = start(phone, realm);
    answer(app, phone, "agree");
    const gated = app.privacy.use(phone.host.wx);
    const chosen = await gated.chooseAddress({ purpose: "delivery" });
    expect(chosen).toMatchObject({ telNumber: "13800000000" });
    expect(app.questions).toMatchObject([{ purpose: "delivery", language: "zh-CN" }]);
    expect(app.questions[0]!.text).toContain("快跑同城配送");
    expect(app.questions[0]!.asksPlatform).toBe(realm.libVersion !== "2.27.0");
    expect(phone.host.popups).toEqual([]);
    const { permitted, receipt, headers } = await app.privacy.consent.ask("delivery");
    expect([permitted, receipt?.split(".").length]).toEqual([true, 3]);
    expect((await phone.call("POST", "/orders", ORDER, headers)).status).toBe(201);
    app.privacy.close();
  });

  it("WX-4.4.3: after a refusal nothing is called and nothing stored", async () => {
    const phone = openPhone(server, realm);
    const app = start(phone, realm);
    answer(app, phone, "refuse");
    await expect(
      app.privacy.use(phone.host.wx).chooseAddress({ purpose: "delivery" }),
    ).rejects.toMatchObject({ code: "ERR_CONSENT_MISSING" });
    expect(phone.host.calls).toEqual([]);
    const { body } = await phone.call("GET", "/privacy/consents");
    expect(body["consents"]).toContainEqual(
      expect.objectContaining({ purpose: "delivery", status: "refused" }),
    );
    app.privacy.close();
  });

  it("WX-4.4.3: HTTP 500 is no grant; the decision arrives once the server is back", async () => {
    const phone = openPhone(server, realm);
    const app = start(phone, realm);
    answer(app, phone, "agree");
    phone.disturb(/^POST .*consents/, { statusCode: 500, data: "<html>" });
    await expect(
      app.privacy.use(phone.host.wx).chooseAddress({ purpose: "delivery" }),
    ).rejects.toMatchObject({ code: "ERR_INTERNAL" });
    expect(phone.host.calls).toEqual([]);
    phone.disturb(NO_ONE);
    phone.host.suspend();
    phone.host.resume();
    await vi.waitFor(
      async () =>
        expect(await app.privacy.consent.status("delivery")).toMatchObject({ permitted: true }),
      { timeout: 10_000 },
    );
    app.privacy.close();
  });

  it("WX-4.4.4d: a withdrawal without a network counts at once, and outlives a killed app", async () => {
    const phone = openPhone(server, realm);
    const app = start(phone, realm);
    answer(app, phone, "agree");
    await app.privacy.consent.ask("delivery");
    phone.host.setOnline(false);
    expect(await app.privacy.consent.withdraw("delivery")).toMatchObject({ permitted: false });
    app.privacy.close();
    const later = openPhone(server, {
      ...realm,
      person: phone.person,
      storage: phone.host.storage,
    });
    const next = start(later, realm);
    await vi.waitFor(async () => {
      const { body } = await phone.call("GET", "/privacy/consents");
      expect(body["consents"]).toContainEqual(
        expect.objectContaining({ purpose: "delivery", status: "withdrawn" }),
      );
    });
    next.privacy.close();
  });

  it("WX-4.4.4d, WX-4.4.7a, WX-4.4.7b: my data is seen, corrected and erased with a certificate", async () => {
    const phone = openPhone(server, realm);
    const { privacy } = start(phone, realm);
    answer({ privacy, questions: [] }, phone, "agree");
    const { headers } = await privacy.consent.ask("delivery");
    await phone.call("POST", "/orders", ORDER, headers);
    const { order: [row] = [] } = await privacy.data.view();
    expect(
      await privacy.data.rectify("order", String(row!["id"]), { phone: "13900000000" }),
    ).toMatchObject({ corrected: ["phone"] });
    const request = await privacy.requests.erase();
    await vi.waitFor(
      async () => {
        const { certificateId } = await privacy.requests.progress(request);
        expect(certificateId).toBeDefined();
        const issued = await privacy.requests.certificate(certificateId!, request.requestToken);
        expect(issued.certificate.split(".")).toHaveLength(3);
      },
      { timeout: 30_000, interval: 200 },
    );
    privacy.close();
  });
});

describe("components", () => {
  it.each(COMPONENTS)("privacy-%s is made by whatever Component is when it loads", (name) => {
    const made: object[] = [];
    // uni-app puts one of its own in the place of the host's.
    const globals = { Component: (definition: object) => void made.push(definition) };
    const { require } = createRealm({ libVersion: "2.27.0", wx: {}, globals });
    require(join(web, `miniprogram_dist/privacy-${name}/index.js`));
    expect(made).toMatchObject([{ data: expect.any(Object), methods: expect.any(Object) }]);
  });
});

describe("the realm itself", () => {
  it("has no eval, no Function, no web built-ins, and none of what the library lacks", () => {
    const { missing } = createRealm({ libVersion: "2.27.0", wx: {} });
    expect(missing).toEqual(
      expect.arrayContaining(["BigInt", "WeakRef", "Array.prototype.findLast", "WebAssembly"]),
    );
  });

  it("evaluates no text", () => {
    const file = join(mkdtempSync(join(tmpdir(), "realm-")), "evaluate.js");
    writeFileSync(file, "exports.made = new Function('return 1');");
    const { require } = createRealm({ libVersion: "3.8.0", wx: {} });
    expect(() => require(file)).toThrow("Code generation from strings disallowed");
  });

  it.each(["index.js", "guard.js"])("loads %s down to 2.27.0", (file) => {
    const { require } = createRealm({ libVersion: "2.27.0", wx: {} });
    expect(Object.keys(require(join(web, "miniprogram_dist", file))).length).toBeGreaterThan(0);
  });
});
