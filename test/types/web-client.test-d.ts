// the web client gets only the type of the policy
import { createPrivacyClient } from "@miniprivacy/web";
import type { policy } from "./shop.ts";

const privacy = createPrivacyClient<typeof policy>({
  endpoint: "/privacy",
  language: "en",
  host: window,
  prompt: async () => "refused",
});
void privacy.consent.ask("delivery");
// @ts-expect-error no such purpose
void privacy.consent.ask("delivry");
createPrivacyClient<typeof policy>({
  endpoint: "/privacy",
  language: "en",
  host: window,
  // @ts-expect-error a prompt answers with a decision, not with true
  prompt: async () => true,
});

// storages as hosts have them
createPrivacyClient<typeof policy>({
  endpoint: "/privacy",
  language: "en",
  host: window,
  prompt: async () => "refused",
  storage: {
    get: (key) => localStorage.getItem(key),
    set: (key, value) => localStorage.setItem(key, value),
  },
});
declare const wx: {
  getStorageSync(key: string): unknown;
  setStorageSync(key: string, data: unknown): void;
};
createPrivacyClient<typeof policy>({
  endpoint: "/privacy",
  language: "en",
  host: window,
  prompt: async () => "refused",
  storage: {
    get: (key) => wx.getStorageSync(key),
    set: (key, value) => wx.setStorageSync(key, value),
  },
});
// the shape of idb-keyval's get and set
declare function get<T = unknown>(key: IDBValidKey): Promise<T | undefined>;
declare function set(key: IDBValidKey, value: unknown): Promise<void>;
createPrivacyClient<typeof policy>({
  endpoint: "/privacy",
  language: "en",
  host: window,
  prompt: async () => "refused",
  storage: { get, set },
});
void privacy.consent.ask("delivery", { again: true });
// @ts-expect-error no such option
void privacy.consent.ask("delivery", { force: true });
