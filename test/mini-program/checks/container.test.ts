// @vitest-environment jsdom
import { afterEach, describe, expect, it } from "vitest";
import { buildApp } from "../src/build-app.ts";
import { type MiniProgram, type StartOptions, startApp } from "../src/container.ts";

const hello = buildApp("fixtures/hello");
let running: MiniProgram | undefined;

async function start(options: Partial<StartOptions> = {}): Promise<MiniProgram> {
  running = await startApp({ app: hello, wx: {}, ...options });
  return running;
}

/** Lines the app has written since it was last asked. */
function written({ getApp }: MiniProgram): readonly string[] {
  return (getApp()["log"] as string[]).splice(0);
}

afterEach(() => {
  running?.stop();
  running = undefined;
});

describe("what a page shows", () => {
  it("comes from its template, WXS, slots, components beside it and from a package", async () => {
    const app = await start();
    expect(app.text("#title")).toBe("HELL0!");
    expect(app.text("card")).toBe("A card in the slot Add 0");
    expect(app.text(".greeting")).toBe("greetings to world");
    expect(app.query("#details")).toBeNull();
    expect(app.query("[role=heading]")!.id).toBe("title");
    expect(app.query("image#picture")!.localName).toBe("img");
  });

  it("is styled by its own WXSS, the app's and its imports, the component's only inside it", async () => {
    const app = await start();
    const style = (selector: string) => getComputedStyle(app.query(selector)!);
    expect(style("#title").color).toBe("rgb(200, 0, 0)");
    expect(style("#title").fontWeight).toBe("bold");
    expect(style("card .title").color).toBe("rgb(0, 100, 0)");
    expect(style("card .title").fontWeight).not.toBe("bold");
    expect(style("#in-slot").fontWeight).toBe("bold");
    expect(style("card").display).toBe("block");
    expect(style("page").backgroundColor).toBe("rgb(255, 255, 255)");
  });

  it("measures in rpx, in WXSS and in style attributes", async () => {
    const app = await start();
    expect(app.query("#title")!.getAttribute("style")).toBe("width: calc(100vw * 375 / 750)");
    expect(document.head.textContent).toContain("font-size: calc(100vw * 36 / 750)");
    expect(document.head.textContent).not.toContain("rpx");
  });

  it("keeps the styles of a page to the time it is shown", async () => {
    const app = await start();
    await app.navigateTo("/pages/detail/detail");
    expect(getComputedStyle(app.query(".title")!).color).toBe("rgb(0, 0, 200)");
    expect(getComputedStyle(app.query(".title")!).fontWeight).not.toBe("bold");
    await app.navigateBack();
    expect(getComputedStyle(app.query("#title")!).color).toBe("rgb(200, 0, 0)");
  });
});

describe("tap", () => {
  it("reaches into components, whose events reach the page", async () => {
    const app = await start();
    await app.tap("#add");
    await app.tap("#add");
    expect(app.text("#count")).toBe("4");
    expect(app.text("#last")).toBe("last 4 of counter");
    expect(app.page().instance.data["last"]).toBe("4 of counter");
  });

  it("hands over the dataset, once a touch", async () => {
    const app = await start();
    await app.tap("#toggle");
    expect(app.text("#details")).toBe("details");
    await app.tap("#toggle");
    expect(app.query("#details")).toBeNull();
  });

  it("refuses what is absent, disabled or not shown", async () => {
    const app = await start();
    await expect(app.tap("#nothing")).rejects.toThrow("#nothing is not on pages/home/home");
    await expect(app.tap("#disabled")).rejects.toThrow("#disabled is disabled");
    await expect(app.tap("#never")).rejects.toThrow("#never is disabled");
    app.query("#toggle")!.parentElement!.hidden = true;
    await expect(app.tap("#toggle")).rejects.toThrow("#toggle is hidden on pages/home/home");
  });
});

describe("the app and its pages", () => {
  it("begin in the platform's order", async () => {
    const app = await start();
    expect(written(app)).toEqual([
      "app launch",
      "app show",
      "counter attached",
      "home load {}",
      "counter show",
      "home show",
      "counter ready",
      "home ready",
    ]);
  });

  it("begin with the page and query asked for", async () => {
    const app = await start({ url: "pages/detail/detail?from=outside" });
    expect(app.page().path).toBe("pages/detail/detail");
    expect(app.text(".title")).toBe("from outside");
  });

  it("lie over each other: navigateTo hides, navigateBack unloads and shows", async () => {
    const app = await start();
    written(app);
    await app.tap("#go");
    expect(app.text(".title")).toBe("from button");
    expect(written(app)).toEqual(["counter hide", "home hide", "detail load button over 1"]);
    await app.tap("#back");
    expect(app.page().path).toBe("pages/home/home");
    expect(written(app)).toEqual(["detail unload", "counter show", "home show"]);
  });

  it("are kept behind another tab, a page over them is not", async () => {
    const app = await start();
    await app.tap("#add");
    await app.navigateTo("/pages/detail/detail");
    written(app);
    await app.switchTab("/pages/form/form");
    expect(written(app)).toEqual(["detail unload", "form load", "form show"]);
    await app.switchTab("/pages/home/home");
    expect(written(app)).toEqual(["form hide", "counter show", "home show"]);
    expect(app.text("#count")).toBe("2");
  });

  it("are changed by the tab bar, which stands under its own pages only", async () => {
    const app = await start();
    const tab = (text: string) =>
      [...document.querySelectorAll<HTMLElement>("mini-program-tab-bar button")].find(
        (button) => button.textContent === text,
      )!;
    tab("Form").click();
    expect(app.page().path).toBe("pages/form/form");
    expect(tab("Form").getAttribute("aria-selected")).toBe("true");
    await app.navigateTo("/pages/detail/detail");
    expect(tab("Form").closest("[hidden]")).not.toBeNull();
  });

  it("are told when the user leaves the app and comes back", async () => {
    const app = await start();
    written(app);
    app.hideApp();
    expect(written(app)).toEqual(["counter hide", "home hide", "app hide"]);
    app.showApp();
    expect(written(app)).toEqual(["app show", "counter show", "home show"]);
  });

  it("move by redirectTo and by a navigator", async () => {
    const wx = {} as Record<string, (options: object) => Promise<object>>;
    const app = await start({ wx });
    await app.tap("#link");
    expect(app.text(".title")).toBe("from link");
    written(app);
    await expect(wx["redirectTo"]!({ url: "detail?from=redirect" })).resolves.toEqual({
      errMsg: "redirectTo:ok",
    });
    expect(app.text(".title")).toBe("from redirect");
    expect(written(app)).toEqual(["detail unload", "detail load redirect over 1"]);
  });

  it("refuse to move where the platform does", async () => {
    const wx = {} as Record<string, (options: object) => Promise<object>>;
    await start({ wx });
    await expect(wx["navigateTo"]!({ url: "/pages/none" })).rejects.toEqual({
      errMsg: 'navigateTo:fail page "pages/none" is not found',
    });
    await expect(wx["navigateTo"]!({ url: "/pages/form/form" })).rejects.toEqual({
      errMsg: "navigateTo:fail can not navigateTo a tabbar page",
    });
    const failed = await new Promise((fail) => {
      void wx["switchTab"]!({ url: "/pages/detail/detail", fail });
    });
    expect(failed).toEqual({ errMsg: "switchTab:fail can not switch to no-tabBar page" });
  });

  it("are gone after stop, listeners too", async () => {
    const app = await start();
    written(app);
    app.stop();
    expect(written(app)).toEqual(["home unload", "counter detached"]);
    expect(document.body.textContent).toBe("");
    const next = await start();
    await next.tap("#add");
    expect(next.text("#count")).toBe("2");
  });
});

describe("open-type", () => {
  type Tapped = { readonly type: string; readonly id: string };

  function hooked(answers: Readonly<Record<string, unknown>>) {
    const tapped: Tapped[] = [];
    const openType = async (tap: Tapped) => {
      tapped.push(tap);
      return answers[tap.type];
    };
    return { tapped, hooks: { openType } };
  }

  it("agreePrivacyAuthorization tells the hook, then the page", async () => {
    const { tapped, hooks } = hooked({});
    const app = await start({ hooks });
    written(app);
    await app.tap("#agree");
    expect(tapped).toEqual([{ type: "agreePrivacyAuthorization", id: "agree" }]);
    expect(written(app)).toEqual(["agreed agreeprivacyauthorization {}"]);
  });

  it("combined agrees first, whatever comes first in the template", async () => {
    const { tapped, hooks } = hooked({ getPhoneNumber: { code: "c0de" } });
    const app = await start({ hooks });
    written(app);
    await app.tap("#phone");
    expect(tapped.map(({ type }) => type)).toEqual(["agreePrivacyAuthorization", "getPhoneNumber"]);
    expect(written(app)).toEqual([
      "agreed agreeprivacyauthorization {}",
      'phone getphonenumber {"code":"c0de"}',
    ]);
    expect(app.text("#told")).toBe("phone");
  });

  it("chooseAvatar hands over what was chosen, nothing if nothing was", async () => {
    const chosen = hooked({ chooseAvatar: { avatarUrl: "wxfile://a.png" } });
    const app = await start({ hooks: chosen.hooks });
    written(app);
    await app.tap("#avatar");
    expect(written(app)).toEqual(['avatar chooseavatar {"avatarUrl":"wxfile://a.png"}']);
    app.stop();

    const closed = await start({ hooks: hooked({}).hooks });
    written(closed);
    await closed.tap("#avatar");
    expect(written(closed)).toEqual([]);
  });

  it("lets the tap end while the platform has not answered", async () => {
    const app = await start({ hooks: { openType: () => new Promise(() => undefined) } });
    written(app);
    await app.tap("#agree");
    expect(written(app)).toEqual([]);
  });
});

describe("form elements", () => {
  async function startForm() {
    const app = await start({ url: "pages/form/form" });
    written(app);
    return app;
  }

  it("nickname is a text field with input, change, blur and review", async () => {
    const app = await startForm();
    expect((app.query("#nick") as HTMLInputElement).type).toBe("text");
    expect((app.query("#nick") as HTMLInputElement).value).toBe("anna");
    await app.input("#nick", "bea");
    expect(written(app)).toEqual([
      'input "bea"',
      'change "bea"',
      'blur "bea"',
      "nicknamereview true",
    ]);
  });

  it("model:value follows typing", async () => {
    const app = await startForm();
    await app.input("#note", "hi");
    expect(app.text("#echo")).toBe("note hi");
  });

  it("checkbox, label and switch change", async () => {
    const app = await startForm();
    await app.tap("#box-a");
    await app.tap("#label-b");
    await app.tap("switch");
    expect(written(app)).toEqual(['change ["a","b"]', 'change ["a"]', "change true"]);
  });

  it("form submits the named values and resets them", async () => {
    const app = await startForm();
    await app.input("#note", "hi");
    await app.tap("#submit");
    expect(written(app)).toEqual([
      'submit {"nick":"anna","note":"hi","boxes":["b"],"switch":false}',
    ]);
    await app.tap("#reset");
    expect(written(app)).toEqual(["reset"]);
    expect((app.query("#note") as HTMLTextAreaElement).value).toBe("");
  });
});

describe("code of the app", () => {
  it("sees console, timers and wx, nothing of a browser or Node", async () => {
    const app = await start({ url: "pages/detail/detail" });
    expect(app.text("#sees")).toBe(
      "undefined undefined undefined undefined undefined object object function",
    );
  });

  it("has its errors reported", async () => {
    const errors: unknown[] = [];
    const app = await start({
      app: { ...hello, scripts: { ...hello.scripts, "pages/detail/detail.js": FAULTY } },
      url: "pages/detail/detail",
      onError: (error) => errors.push(error),
    });
    await app.tap("#back");
    expect(errors.map(String)).toEqual(["Error: at load", "Error: at tap"]);
    expect((errors[0] as Error).stack).toContain("hello/pages/detail/detail.js:3:");
  });

  const FAULTY = `Page({
    onLoad() {
      throw new Error("at load");
    },
    back() {
      throw new Error("at tap");
    },
  });`;
});
