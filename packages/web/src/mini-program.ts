export type { ClientStorage } from "./consent/client-storage.ts";
export type {
  AskedConsent,
  AskOptions,
  ConsentAnswer,
  ConsentHandlers,
} from "./consent/consent-client.ts";
export type { GrantStatement } from "./consent/outbox.ts";
export type { Transport, TransportRequest, TransportResponse } from "./http/transport.ts";
export type { ClientWarning } from "./page-host.ts";
export type { HostObject } from "./platform/call-host.ts";
export type {
  ConsentQuestion,
  Dialog,
  DialogHandler,
  PlatformQuestion,
} from "./platform/dialog.ts";
export {
  type ExplainedPrivacyError,
  explainPrivacyError,
} from "./platform/explain-privacy-error.ts";
export type { PrivacyErrorReason } from "./platform/privacy-error-texts.ts";
export type { GatedHost, GatedMethod, PurposeTaking } from "./platform/gated-host.ts";
export { hostRandomBytes } from "./platform/host-random.ts";
export { hostStorage, type HostStorageOptions } from "./platform/host-storage.ts";
export {
  type CloudContainerOptions,
  cloudContainerTransport,
  cloudFunctionTransport,
  requestTransport,
} from "./platform/host-transport.ts";
export {
  createPrivacyClient,
  type MiniProgramClient,
  type MiniProgramClientOptions,
  type MiniProgramConsentClient,
  type PlatformClient,
} from "./platform/mini-program-client.ts";
export {
  type PrivacyInterfaceName,
  WEIXIN_PRIVACY_INTERFACES,
} from "./platform/weixin-privacy-interfaces.ts";
export type { RandomBytes } from "./random-id.ts";
export type {
  Correction,
  DataClient,
  OwnData,
  ValueCommitment,
} from "./subject-request/data-client.ts";
export type {
  IssuedCertificate,
  OpenedRequest,
  RequestProgress,
  SubjectRequestClient,
} from "./subject-request/subject-request-client.ts";
