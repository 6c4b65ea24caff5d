export type { ClientStorage } from "./consent/client-storage.ts";
export type {
  AskedConsent,
  AskOptions,
  ConsentAnswer,
  ConsentClient,
  ConsentHandlers,
  ConsentPrompt,
  OpenStatement,
  PromptChoice,
  ShownNotice,
} from "./consent/consent-client.ts";
export type { GrantStatement } from "./consent/outbox.ts";
export type { ClientWarning, PageHost } from "./page-host.ts";
export type {
  Correction,
  DataClient,
  OwnData,
  ValueCommitment,
} from "./subject-request/data-client.ts";
export {
  createPrivacyClient,
  type PrivacyClient,
  type PrivacyClientOptions,
} from "./privacy-client.ts";
export type { CryptoHost, RandomBytes } from "./random-id.ts";
export type {
  IssuedCertificate,
  OpenedRequest,
  RequestProgress,
  SubjectRequestClient,
} from "./subject-request/subject-request-client.ts";
export {
  type FetchHost,
  fetchTransport,
  type Transport,
  type TransportRequest,
  type TransportResponse,
} from "./http/transport.ts";
