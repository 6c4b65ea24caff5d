export {
  createTestHost,
  type TestHost,
  type TestHostOptions,
  type TestWx,
} from "./testing/test-host.ts";
export type { TestRequest, TestResponse } from "./testing/test-network.ts";
export type { PrivacyListener, PrivacyResolution } from "./testing/test-privacy-flow.ts";
export type { TestStorage } from "./testing/test-storage.ts";
