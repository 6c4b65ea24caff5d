import { createPrivacyClient, explainPrivacyError } from "@miniprivacy/web/mini-program";
import type { policy } from "./policy.ts";

/** What of `wx` this page uses; an app in TypeScript takes `WechatMiniprogram.Wx` of miniprogram-api-typings. */
interface Weixin {
  chooseAddress(options?: object): Promise<{ readonly telNumber: string }>;
}

/** Once, in app.ts: `App({ privacy: openMiniProgramClient(wx, session) })`, where components find it. */
export function openMiniProgramClient(wx: Weixin, session: () => string) {
  return createPrivacyClient<typeof policy>({
    host: wx,
    endpoint: "https://shop.example/privacy",
    language: "zh-CN",
    headers: () => ({ authorization: session() }),
  });
}

/** Behind the person's own tap. Without a yes nothing of the platform is called. */
export async function choosePhone(privacy: ReturnType<typeof openMiniProgramClient>, wx: Weixin) {
  try {
    const { telNumber } = await privacy.use(wx).chooseAddress({ purpose: "delivery" });
    return { telNumber };
  } catch (error) {
    return { problem: explainPrivacyError(error)["zh-CN"] };
  }
}
