export type {
  ConsentAnswer,
  ConsentClient,
  ConsentPrompt,
  ShownNotice,
} from "./consent/consent-client.ts";
export type { DataClient, OwnData } from "./subject-request/data-client.ts";
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
