// A native mini-program in TypeScript: the package by the old resolution, `wx` by its official types.
import { definePolicy } from "@miniprivacy/core/policy";
import { createPrivacyClient, explainPrivacyError } from "@miniprivacy/web";
import type { MiniProgramClient } from "@miniprivacy/web/mini-program";
import { createTestHost, type TestWx } from "@miniprivacy/web/testing";

const text = { "zh-CN": "" };
export const policy = definePolicy({
  id: "shop",
  version: "1",
  languages: ["zh-CN"],
  controller: { name: text, country: "CN", contact: { email: "privacy@shop.example" } },
  categories: {
    position: { label: text, source: "platform", weixinPrivacyKey: "Location" },
    phone: { label: text, source: "platform", weixinPrivacyKey: "PhoneNumber" },
    openid: { label: text, source: "platform" },
  },
  recipients: {},
  purposes: {
    nearby: {
      label: text,
      text,
      categories: ["position"],
      basis: "consent",
      necessity: "optional",
    },
    marketing: {
      label: text,
      text,
      categories: ["phone", "openid"],
      basis: "consent",
      necessity: "optional",
    },
  },
});

const privacy: MiniProgramClient<typeof policy> = createPrivacyClient<typeof policy>({
  host: wx,
  endpoint: "https://shop.example/privacy",
  language: "zh-CN",
});
const gated = privacy.use(wx);

export async function located(): Promise<number> {
  const { latitude } = await gated.getLocation({ purpose: "nearby", type: "gcj02" });
  return latitude;
}

gated.getLocation({
  purpose: "nearby",
  success: ({ longitude }) => longitude.toFixed(2),
  fail: (error) => console.warn(explainPrivacyError(error)["zh-CN"]),
});
const nothing: void = gated.getLocation({ purpose: "nearby", complete() {} });
export { nothing };

declare const older: { getLocation?(options: { type?: "wgs84" | "gcj02" }): void };
// @ts-expect-error an interface that may be missing may be missing behind the gate
void privacy.use(older).getLocation({ purpose: "nearby" });
// @ts-expect-error not a kind of coordinate
void privacy.use(older).getLocation?.({ purpose: "nearby", type: "nope" });
void privacy.use(older).getLocation?.({ purpose: "nearby", type: "gcj02" });

// @ts-expect-error marketing takes no position
void gated.getLocation({ purpose: "marketing" });
// @ts-expect-error no purpose takes photos
void gated.chooseImage({ purpose: "nearby" });
// @ts-expect-error without a purpose nothing is called
void gated.getLocation({ type: "gcj02" });
// @ts-expect-error the policy has no such purpose
void privacy.consent.ask("delivery");
// @ts-expect-error not a kind of coordinate
void gated.getLocation({ purpose: "nearby", type: 1 });

gated.createMapContext("map").moveToLocation({ purpose: "nearby", latitude: 1 });
gated.createMapContext("map").getCenterLocation({ success: () => undefined });
gated.request({ url: "https://shop.example" });
gated.getStorageSync("key").toString();

privacy.consent.onAsk(({ purpose, agree, refuse }) => {
  const known: "nearby" | "marketing" = purpose;
  if (known === "nearby") agree("button");
  else refuse();
});

// What the host for tests has, `wx` has, and gives as much.
const inTests = createTestHost<WechatMiniprogram.Wx>({ declared: ["Location"] });
void privacy.use(inTests.wx).getLocation({ purpose: "nearby" });
type Names = Exclude<keyof TestWx, keyof WechatMiniprogram.Wx>;
export const noOthers: [Names] extends [never] ? true : Names = true;
