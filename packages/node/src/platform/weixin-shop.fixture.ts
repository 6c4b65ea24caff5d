import type { Policy } from "@miniprivacy/core/policy";
import type { Database } from "../database/database.ts";
import { decision, type Fixture, openFixture, policy } from "../privacy.fixture.ts";
import type { InterfaceAccess } from "./phone-code.ts";
import { createWeixin, type Weixin, type WeixinOptions } from "./weixin.ts";
import { openWeixinServer, type WeixinServer } from "./weixin-server.fixture.ts";

const { delivery, marketing } = policy.purposes;
const { phone } = policy.categories;

/** The test shop on Weixin: delivery and marketing need the number, a visit only the address. */
export const weixinPolicy = {
  ...policy,
  categories: {
    ...policy.categories,
    phone: { ...phone, source: "platform", weixinPrivacyKey: "PhoneNumber" },
    // Typed at the counter: no term of Weixin's would bind it, were it not for where it comes from now.
    counterPhone: { ...phone, collectedIn: "elsewhere", weixinPrivacyKey: "PhoneNumber" },
  },
  purposes: {
    delivery,
    marketing: { ...marketing, categories: ["counterPhone"] },
    visit: { ...delivery, categories: ["address"] },
  },
} as const satisfies Policy;

export type WeixinPurpose = keyof typeof weixinPolicy.purposes;

export const APP_ID = "wx4f4bc4dec97d474b";
export const APP_SECRET = "3f1c9a7e5d2b48f6a0c4e8b2d6f0a1b3";
export const ACCESS_TOKEN = "79_TestTokenOfTheApp-x";

export interface WeixinShop {
  readonly shop: Fixture;
  readonly server: WeixinServer;
  readonly weixin: Weixin<WeixinPurpose>;
  /** Another one over the same deployment and server. */
  open(options?: Partial<WeixinOptions>): Weixin<WeixinPurpose>;
  /** The headers of a request that brings a decision along, as the web client makes them. */
  headersOf(
    as: string,
    purpose: WeixinPurpose,
    given?: "given" | "refused",
  ): Promise<{ readonly [name: string]: string }>;
  close(): Promise<void>;
}

export async function openWeixinShop(database: Database): Promise<WeixinShop> {
  const shop = await openFixture(database, { policy: weixinPolicy });
  const server = await openWeixinServer({
    appId: APP_ID,
    appSecret: APP_SECRET,
    accessToken: ACCESS_TOKEN,
    now: shop.now,
  });
  const open = (options: Partial<WeixinOptions> = {}): Weixin<WeixinPurpose> =>
    createWeixin(shop.privacy as unknown as InterfaceAccess<WeixinPurpose>, {
      appId: APP_ID,
      appSecret: APP_SECRET,
      accessToken: async () => ACCESS_TOKEN,
      endpoint: server.endpoint,
      clock: shop.now,
      ...options,
    });
  return {
    shop,
    server,
    weixin: open(),
    open,
    async headersOf(as, purpose, given = "given") {
      const path = `/notice?language=en&purposes=${purpose}`;
      const { body } = await shop.call("GET", path, { as });
      const decided = decision({ purpose, decision: given, notice: body["token"] });
      const proof = JSON.stringify({ decisions: [decided] });
      return { "x-privacy-proof": Buffer.from(proof).toString("base64url") };
    },
    async close() {
      await server.close();
      await shop.privacy.close();
    },
  };
}
