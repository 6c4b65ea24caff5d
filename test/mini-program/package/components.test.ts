// @vitest-environment jsdom
import { afterEach, describe, expect, inject, it, vi } from "vitest";
import {
  createPrivacyClient,
  type MiniProgramClient,
} from "../../../packages/web/src/mini-program.ts";
import type { TestHostOptions } from "../../../packages/web/src/testing.ts";
import { buildApp } from "../src/build-app.ts";
import { type MiniProgram, startApp } from "../src/container.ts";
import { openPhone, type Phone } from "./phone.ts";

const { app: folder, server } = inject("packed");
const files = buildApp(folder);

let open: { readonly app: MiniProgram; readonly phone: Phone } | undefined;
afterEach(() => {
  open?.app.stop();
  (open?.app.getApp() as { privacy?: { close(): void } } | undefined)?.privacy?.close();
  open = undefined;
});

async function start(
  url = "pages/shop/index",
  options: TestHostOptions = {},
  policy: object = {},
): Promise<{ readonly app: MiniProgram; readonly phone: Phone }> {
  const phone = openPhone(server, options);
  phone.change(/^GET .*policy$/, policy);
  const app = await startApp({
    app: files,
    url,
    wx: phone.host.wx,
    hooks: {
      openType({ type, id }: { readonly type: string; readonly id: string }) {
        if (type !== "agreePrivacyAuthorization") return phone.host.tapOpenType(type);
        phone.host.tapAgree(id);
        return undefined;
      },
    },
  });
  open = { app, phone };
  return open;
}
const shown = (app: MiniProgram, selector: string): Promise<void> =>
  vi.waitFor(() => expect(app.query(selector)).not.toBeNull());
const gone = (app: MiniProgram, selector: string): Promise<void> =>
  vi.waitFor(() => expect(app.query(selector)).toBeNull());
const says = (app: MiniProgram, text: string | RegExp): Promise<void> =>
  vi.waitFor(() => expect(app.text()).toMatch(text), { timeout: 10_000 });
const answer = async (app: MiniProgram, choice: "agree" | "refuse"): Promise<void> => {
  await shown(app, `#privacy-${choice}`);
  await app.tap(`#privacy-${choice}`);
};
/** An order with a yes to its question. */
const order = async (app: MiniProgram): Promise<void> => {
  await app.tap("#deliver");
  await answer(app, "agree");
  await says(app, "已下单，送货上门。");
};
const heard = (app: MiniProgram): readonly { type: string; detail: Record<string, unknown> }[] =>
  app.page().instance.data["heard"] as never;
const status = async ({ call }: Phone, purpose: string): Promise<unknown> => {
  const { body } = await call("GET", "/privacy/consents");
  const consents = body["consents"] as { purpose: string; status: string }[];
  return consents.find((each) => each.purpose === purpose)?.status;
};

describe("privacy-consent", () => {
  it("WX-4.4.3, KS-4.4.3: asks when a person acts, and nothing of the platform before", async () => {
    const { app, phone } = await start();
    expect(app.query(".sheet")).toBeNull();
    expect([phone.host.calls, phone.host.popups]).toEqual([[], []]);
    await app.tap("#deliver");
    await shown(app, "#privacy-agree");
    expect(app.text(".sheet")).toContain("快跑同城配送");
    await app.tap("#privacy-agree");
    await says(app, "已下单，送货上门。");
    expect(phone.host.calls).toEqual(["chooseAddress"]);
    // Ours was the platform's popup as well.
    expect(phone.host.popups).toEqual([]);
    expect(await status(phone, "delivery")).toBe("given");
  });

  it("PIPL-16: offers two equal choices, and a no stops nothing", async () => {
    const { app, phone } = await start();
    await app.tap("#deliver");
    await shown(app, "#privacy-agree");
    const [agree, refuse] = [app.query("#privacy-agree")!, app.query("#privacy-refuse")!];
    expect(agree.className).toBe(refuse.className);
    await app.tap("#privacy-refuse");
    await says(app, /凭取货码 \w+ 到店自取/);
    expect(phone.host.calls).toEqual([]);
    expect(await status(phone, "delivery")).toBe("refused");
  });

  it("PIPL-14: a tap beside it is a no", async () => {
    const { app, phone } = await start();
    await app.tap("#deliver");
    await shown(app, ".shade");
    await app.tap(".shade");
    await says(app, "凭取货码");
    expect(await status(phone, "delivery")).toBe("refused");
  });

  it("is plain where the platform was agreed to before", async () => {
    const { app } = await start("pages/shop/index", { declared: [] });
    await app.tap("#deliver");
    await shown(app, "#privacy-agree");
    expect(app.query(".contract")).toBeNull();
    await app.tap("#privacy-agree");
    await says(app, "没有声明");
  });

  it("shows the platform's question for what has no gate, with its guide, and answers it", async () => {
    const { app, phone } = await start();
    const answers = [phone.host.wx.chooseImage(), phone.host.wx.getClipboardData()];
    await shown(app, "#privacy-agree");
    expect(app.text(".sheet")).toContain("《测试小程序隐私保护指引》");
    await app.tap(".contract");
    await app.tap("#privacy-agree");
    for (const answer of answers) await answer;
    await gone(app, ".sheet");
    expect(phone.host.popups).toEqual([]);
  });

  it("PIPL-16: belongs to its page: left for another that asks, it is refused", async () => {
    const { app, phone } = await start();
    await app.tap("#deliver");
    await shown(app, "#privacy-agree");
    await app.switchTab("/pages/me/index");
    expect(app.query(".sheet")).toBeNull();
    await vi.waitFor(() => expect(app.queryAll(".change")).toHaveLength(4));
    await app.tap(".change");
    await shown(app, "#privacy-agree");
    await vi.waitFor(async () => expect(await status(phone, "delivery")).toBe("refused"));
    await app.tap("#privacy-refuse");
    await gone(app, ".sheet");
  });

  it("stays while the person is in another app, or has opened the guide", async () => {
    const { app, phone } = await start();
    await app.tap("#deliver");
    await shown(app, "#privacy-agree");
    app.hideApp();
    app.showApp();
    await app.tap("#privacy-agree");
    await says(app, "送货上门。");
    expect(await status(phone, "delivery")).toBe("given");
  });

  it("asks on each page that it stands on, and on the one in sight", async () => {
    const { app } = await start();
    await app.switchTab("/pages/me/index");
    await app.switchTab("/pages/shop/index");
    await app.tap("#deliver");
    await answer(app, "refuse");
    await gone(app, ".sheet");
    await says(app, "取货码");
    expect(app.query(".sheet")).toBeNull();
  });

  it("TC-D6.1: asks the age where it must, with nothing chosen, before a yes counts", async () => {
    const { app, phone } = await start("pages/shop/index", { declared: [] }, { asksAge: true });
    await app.tap("#deliver");
    await shown(app, "#privacy-agree");
    expect(app.query("#privacy-agree:disabled, #privacy-agree[disabled]")).not.toBeNull();
    expect(app.query(".chosen")).toBeNull();
    await app.tap(".age:last-child");
    expect(app.text(".chosen")).toBe("18 岁及以上");
    await app.tap("#privacy-agree");
    await vi.waitFor(async () => expect(await status(phone, "delivery")).toBe("given"));
  });

  it("without a client says so, and breaks nothing", async () => {
    const warn = vi.spyOn(console, "warn").mockReturnValue();
    const { app } = await start();
    delete (app.getApp() as { privacy?: unknown }).privacy;
    await app.switchTab("/pages/me/index");
    expect(warn).toHaveBeenCalledWith("miniprivacy: getApp().privacy is missing");
    warn.mockRestore();
  });
});

/** Another person signs in: the app has another client. */
function signInAnew(app: MiniProgram, phone: Phone, language: "en" | "zh-CN"): void {
  const running = app.getApp() as { privacy: MiniProgramClient };
  running.privacy.close();
  running.privacy = createPrivacyClient({
    host: phone.host.wx,
    endpoint: "https://shop.example/privacy",
    language,
  });
}

describe("for another person", () => {
  it("pages that were open before show what is hers, and ask for her", async () => {
    const { app, phone } = await start("pages/me/index");
    await vi.waitFor(() => expect(app.queryAll(".change")).toHaveLength(4));
    await app.switchTab("/pages/shop/index");
    signInAnew(app, phone, "en");
    await app.switchTab("/pages/me/index");
    await vi.waitFor(() => expect(app.text("privacy-center")).toContain("Home delivery"));
    await app.tap(".change");
    await answer(app, "agree");
    await vi.waitFor(() => expect(app.text(".status")).toBe("Agreed"));
    await app.switchTab("/pages/shop/index");
    await app.tap("#deliver");
    await says(app, "已下单，送货上门。");
  });
});

it("WX-4.4.4a: what comes late is not shown to who has signed in since", async () => {
  const { app, phone } = await start();
  await order(app);
  await app.switchTab("/pages/me/index");
  const release = phone.hold(/^GET .*data$/);
  await app.tap(".show-data");
  await app.switchTab("/pages/shop/index");
  signInAnew(app, phone, "en");
  await app.switchTab("/pages/me/index");
  release();
  await says(app, "Home delivery");
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(app.query(".value")).toBeNull();
});

describe("in English", () => {
  it("says everything in the client's language", async () => {
    const { app, phone } = await start();
    signInAnew(app, phone, "en");
    await app.switchTab("/pages/me/index");
    await vi.waitFor(() => expect(app.queryAll(".change")).toHaveLength(4));
    expect(app.text("privacy-center")).toMatch(/My consents.*Home delivery.*My data.*Erase all/);
    await app.tap(".change");
    await shown(app, "#privacy-agree");
    expect(app.text(".sheet")).toMatch(/Your consent is needed.*courier.*Agree.*Refuse/);
    await app.tap("#privacy-refuse");
    await gone(app, ".sheet");
  });
});

describe("privacy-center", () => {
  it("WX-4.4.4d, PIPL-15: withdraws by one tap, without a question", async () => {
    const { app, phone } = await start("pages/me/index");
    await vi.waitFor(() => expect(app.queryAll(".change")).toHaveLength(4));
    await app.tap(".change");
    await answer(app, "agree");
    await vi.waitFor(() => expect(app.text(".status")).toBe("已同意"));
    expect(app.text(".change")).toBe("撤回");
    await app.tap(".change");
    await vi.waitFor(() => expect(app.text(".status")).toBe("已撤回"));
    expect(app.query(".sheet")).toBeNull();
    expect(await status(phone, "delivery")).toBe("withdrawn");
  });

  it("PIPL-45, PIPL-46, WX-4.4.7a, WX-4.4.7b: shows, corrects and erases what is kept, and brings the confirmation", async () => {
    const { app, phone } = await start();
    await order(app);
    await app.switchTab("/pages/me/index");
    expect(app.query(".value")).toBeNull();
    await app.tap(".show-data");
    await says(app, "13800000000");
    await app.tap(".edit");
    await app.input(".input", "13900000001");
    await app.tap(".save");
    await says(app, "已更正。");
    await says(app, "13900000001");
    await app.tap(".erase");
    expect(app.text(".card")).toBeDefined();
    await app.tap(".confirm-erase");
    await says(app, /确认书已签发。/);
    await says(app, /确认书 \d+ 字节/);
    expect(app.text()).toContain("已删除并核验");
    expect(phone.host.wx.getStorageSync("erasure")).toMatchObject({ id: expect.any(String) });
    expect(app.text()).not.toContain("13900000001");
  });

  it("shows at once what leads back to an erasure, and looks again when a look fails", async () => {
    const { app, phone } = await start("pages/me/index");
    await vi.waitFor(() => expect(app.queryAll(".change")).toHaveLength(4));
    phone.disturb(/^GET .*requests/);
    await app.tap(".erase");
    await app.tap(".confirm-erase");
    await shown(app, ".token");
    expect(app.query(".erase")).toBeNull();
    phone.disturb(/^$/);
    await says(app, /确认书已签发。/);
  });

  it("says when the server does not answer, and loses nothing that is shown", async () => {
    const { app, phone } = await start("pages/me/index");
    await vi.waitFor(() => expect(app.queryAll(".change")).toHaveLength(4));
    phone.host.setOnline(false);
    await app.tap(".show-data");
    await says(app, "没有成功，请稍后再试。");
    expect(app.queryAll(".change")).toHaveLength(4);
  });
});

describe("privacy-notice", () => {
  it("WX-4.4.2a: shows what is taken and by whom, without a question", async () => {
    const { app } = await start("pages/me/index");
    await says(app, "快跑同城配送");
    expect(app.query(".sheet")).toBeNull();
  });
});

describe("privacy-avatar, privacy-nickname, privacy-phone-button", () => {
  const results = {
    getPhoneNumber: { code: "code-1" },
    chooseAvatar: { avatarUrl: "http://tmp/avatar.png" },
  };

  it("WX-4.4.3: ask before the platform's own component is there", async () => {
    const { app, phone } = await start("pages/profile/index", { results });
    expect(app.text()).toMatch(/使用头像.*填写昵称.*使用手机号/);
    expect(app.query("input")).toBeNull();
    await app.tap("privacy-avatar .button");
    await answer(app, "refuse");
    await vi.waitFor(() => expect(heard(app)).toMatchObject([{ type: "refused" }]));
    expect(app.text()).toContain("使用头像");
    expect(await status(phone, "statistics")).toBe("refused");
  });

  it("WX-4.4.4a: hand over what the person gives, with the proof of her consent", async () => {
    const { app } = await start("pages/profile/index", { results });
    await app.tap("privacy-avatar .button");
    await answer(app, "agree");
    await says(app, "选择头像");
    await app.tap("privacy-avatar .button");
    await vi.waitFor(() =>
      expect(heard(app)).toMatchObject([
        {
          type: "avatar",
          detail: {
            avatarUrl: "http://tmp/avatar.png",
            headers: {
              "x-privacy-device": expect.any(String),
              "x-privacy-proof": expect.any(String),
            },
          },
        },
      ]),
    );
    await shown(app, "privacy-nickname input");
    await app.input("privacy-nickname input", "小林");
    await vi.waitFor(() =>
      expect(heard(app)[1]).toMatchObject({ type: "nickname", detail: { nickname: "小林" } }),
    );
  });

  it("WX-4.4.4a: hand over nothing once the consent is withdrawn elsewhere", async () => {
    const { app, phone } = await start("pages/profile/index", { results });
    await app.tap("privacy-phone-button .button");
    await answer(app, "agree");
    await says(app, "获取手机号");
    await phone.call("DELETE", "/privacy/consents/marketing");
    await app.tap("privacy-phone-button .button");
    await answer(app, "refuse");
    await vi.waitFor(() => expect(heard(app)).toMatchObject([{ type: "refused", detail: {} }]));
  });

  it("explain what the platform fails with", async () => {
    const { app } = await start("pages/profile/index", { declared: ["Address"] });
    await app.tap("privacy-phone-button .button");
    await answer(app, "agree");
    await says(app, "获取手机号");
    await app.tap("privacy-phone-button .button");
    await vi.waitFor(() =>
      expect(heard(app)).toMatchObject([{ type: "failed", detail: { code: "not-declared" } }]),
    );
  });
});
