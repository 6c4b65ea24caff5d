import { createPrivacyClient, type Transport } from "@miniprivacy/web";
import type { policy } from "./policy.ts";

/** What of `wx` is used. */
interface Weixin {
  request(options: {
    method: "GET" | "POST" | "PUT" | "DELETE";
    url: string;
    header: { readonly [name: string]: string };
    data?: string;
    success(answer: { statusCode: number; data: unknown }): void;
    fail(error: unknown): void;
  }): unknown;
  getRandomValues(options: {
    length: number;
    success(answer: { randomValues: ArrayBuffer }): void;
    fail(error: unknown): void;
  }): unknown;
  showModal(options: {
    title: string;
    content: string;
    confirmText: string;
    cancelText: string;
    success(answer: { confirm: boolean }): void;
    fail(error: unknown): void;
  }): unknown;
}

export function openMiniProgramClient(wx: Weixin, session: () => string) {
  const transport: Transport = ({ method, url, headers, body }) =>
    new Promise((resolve, reject) =>
      wx.request({
        method,
        url,
        header: headers,
        ...(body !== undefined && { data: body }),
        success: ({ statusCode, data }) => resolve({ status: statusCode, body: data }),
        fail: reject,
      }),
    );
  return createPrivacyClient<typeof policy>({
    endpoint: "https://shop.example/privacy",
    language: "zh-CN",
    transport,
    random: (length) =>
      new Promise((resolve, reject) =>
        wx.getRandomValues({
          length,
          success: ({ randomValues }) => resolve(new Uint8Array(randomValues)),
          fail: reject,
        }),
      ),
    headers: () => ({ authorization: session() }),
    prompt: ({ text }) =>
      new Promise((resolve, reject) =>
        wx.showModal({
          title: "个人信息使用说明",
          content: text,
          confirmText: "同意",
          cancelText: "不同意",
          success: ({ confirm }) => resolve(confirm ? "given" : "refused"),
          fail: reject,
        }),
      ),
    host: { fetch: () => Promise.reject(new Error()), crypto: { getRandomValues() {} } },
  });
}
