import type { ClientPolicy } from "@miniprivacy/core/policy";
import { PrivacyServer } from "../consent/privacy-server.fixture.ts";
import { createTestHost, type TestHost, type TestHostOptions } from "../testing/test-host.ts";
import type { ConsentQuestion, PlatformQuestion } from "./dialog.ts";
import {
  createPrivacyClient,
  type MiniProgramClient,
  type MiniProgramClientOptions,
} from "./mini-program-client.ts";

const LABEL = { "zh-CN": "", en: "" };
const purpose = (...categories: readonly string[]): ClientPolicy["purposes"][string] => ({
  label: LABEL,
  categories,
  consentKind: "explicit",
  necessity: "optional",
  use: "service",
  digest: "d",
});

export const POLICY: ClientPolicy = {
  id: "shop",
  version: "1",
  digest: "d",
  languages: ["zh-CN", "en"],
  purposes: { delivery: purpose("position", "address"), marketing: purpose("phone") },
  categories: {
    position: { source: "platform", weixinPrivacyKey: "Location" },
    address: { source: "platform", weixinPrivacyKey: "Address" },
    phone: { source: "platform", weixinPrivacyKey: "PhoneNumber" },
  },
  sdks: {},
};

export interface MiniProgram {
  readonly host: TestHost;
  readonly server: PrivacyServer;
  readonly privacy: MiniProgramClient;
  readonly warnings: string[];
}

/** An app with a client; its calls go to a small privacy server. */
export function openMiniProgram(
  given: TestHostOptions &
    Omit<Partial<MiniProgramClientOptions>, "storage"> & { readonly server?: PrivacyServer } = {},
): MiniProgram {
  const { server = new PrivacyServer(), storage, ...rest } = given;
  const host = createTestHost({
    answer: async ({ url, method, header, data }) => {
      const path = url.replace("https://shop.example", "");
      const request = { url: path, method: method as "GET", headers: header, body: data };
      const { status, body } = await server.transport(request);
      return { statusCode: status, data: body };
    },
    ...rest,
    ...(storage && { storage }),
  });
  const warnings: string[] = [];
  const privacy = createPrivacyClient({
    host: host.wx,
    endpoint: "https://shop.example/privacy",
    language: "en",
    policy: POLICY,
    onWarning: ({ code }) => void warnings.push(code),
    ...rest,
  });
  return { host, server, privacy, warnings };
}

/** A page that answers: taps its agree button where the platform asks too. */
export function answering(
  { host, privacy }: MiniProgram,
  answer: "agree" | "refuse",
): { readonly questions: ConsentQuestion[]; readonly dialogs: PlatformQuestion[] } {
  const questions: ConsentQuestion[] = [];
  const dialogs: PlatformQuestion[] = [];
  const decide = (question: ConsentQuestion | PlatformQuestion, asksPlatform: boolean): void => {
    if (answer === "refuse") return question.refuse();
    if (asksPlatform) host.tapAgree("agree");
    question.agree(asksPlatform ? "agree" : undefined);
  };
  privacy.consent.onAsk((question) => {
    questions.push(question);
    decide(question, question.asksPlatform);
  });
  privacy.platform.onDialog((question) => {
    dialogs.push(question);
    decide(question, true);
  });
  return { questions, dialogs };
}
