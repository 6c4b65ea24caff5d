export type {
  AccessOptions,
  AccessService,
  PurposeColumns,
  PurposeReader,
  PurposeRow,
  PurposeRows,
  RecordTable,
  SharedFields,
  ShareOptions,
  ShareResult,
  SubjectAccessOptions,
} from "./access/access-service.ts";
export { expressPurpose, koaPurpose, runForPurpose } from "./access/route-purpose.ts";
export {
  type ColumnNames,
  type FieldParts,
  type FieldSelection,
  fieldSelection,
  type KyselyColumn,
  kyselyColumns,
  sequelizeAttributes,
  sqlColumns,
  type SqlColumnsOptions,
} from "./access/select-columns.ts";
export type { BreachCase, BreachNotification } from "./breach/breach-service.ts";
export { definePrivacyConfig, type PrivacyConfig } from "./privacy-config.ts";
export type { BulkCount, BulkErasure, BulkSelection } from "./connector/bulk-erasure.ts";
export type {
  Connector,
  ConnectorAtOnce,
  ErasureTechnique,
  RecordRow,
} from "./connector/connector.ts";
export type { BeforeErase, Postponement } from "./erasure/postponement.ts";
export type { HeaderSource } from "./consent/consent-proof.ts";
export type { ImportOptions, ImportResult, LegacyConsent } from "./consent/import-consents.ts";
export {
  declaredConnector,
  type DeclaredConnectorOptions,
} from "./connector/declared-connector.ts";
export { fileSafe } from "./connector/file-safe.ts";
export { filesConnector, type FilesConnectorOptions } from "./connector/files-connector.ts";
export { httpConnector, type HttpConnectorOptions } from "./connector/http-connector.ts";
export { manualConnector, type ManualConnectorOptions } from "./connector/manual-connector.ts";
export { mysqlConnector, type MysqlConnectorOptions } from "./connector/mysql-connector.ts";
export type { MysqlPool } from "./connector/mysql-pool.ts";
export type { ObjectStorageClient } from "./connector/object-storage-client.ts";
export {
  objectStorageConnector,
  type ObjectStorageConnectorOptions,
} from "./connector/object-storage-connector.ts";
export {
  postgresConnector,
  type PostgresConnectorOptions,
} from "./connector/postgres-connector.ts";
export { serveConnector, type ServeConnectorOptions } from "./connector/serve-connector.ts";
export { redisConnector, type RedisConnectorOptions } from "./connector/redis-connector.ts";
export type { SqlConnector } from "./connector/sql-connector.ts";
export type { TableMapping } from "./connector/table-mapping.ts";
export type { QueryPool } from "./connector/query-pool.ts";
export type { Database, Notifications } from "./database/database.ts";
export { embeddedDatabase, type EmbeddedDatabaseOptions } from "./database/embedded-database.ts";
export { postgresDatabase, type PostgresDatabaseOptions } from "./database/postgres-database.ts";
export {
  type DeploymentStore,
  type EnvironmentOptions,
  storeFromEnvironment,
} from "./environment.ts";
export { guardConsole } from "./guard/guard-console.ts";
export {
  type Canary,
  type CanaryOutcome,
  type CanaryResult,
  type GuardDrill,
  type GuardDrillOptions,
  type GuardedTransport,
  type GuardedTransports,
  runGuardDrill,
  type TransportResult,
} from "./guard/guard-drill.ts";
export { guardHandler } from "./guard/guard-handler.ts";
export { guardResponses } from "./guard/guard-responses.ts";
export {
  pinoScrubber,
  type PinoScrubber,
  type PinoScrubberOptions,
} from "./guard/pino-scrubber.ts";
export type { Authenticate, Authentication, StaffRole } from "./http/identity.ts";
export { expressMiddleware } from "./http/express-middleware.ts";
export { fastifyPlugin, type FastifyScope } from "./http/fastify-plugin.ts";
export { koaMiddleware, type KoaContext } from "./http/koa-middleware.ts";
export { type Mountable, type NodeListener, nodeListener } from "./http/node-listener.ts";
export { databaseJournal } from "./journal/database-journal.ts";
export { fileJournal } from "./journal/file-journal.ts";
export type {
  ForgottenRecord,
  Journal,
  JournalPosition,
  JournalRecord,
  LedgerRecord,
} from "./journal/journal.ts";
export {
  objectStorageJournal,
  type ObjectStorageJournalOptions,
} from "./journal/object-storage-journal.ts";
export { keysFromFolder } from "./key/key-folder.ts";
export type { Keys } from "./key/keys.ts";
export { verifyEd25519 } from "./key/verify-ed25519.ts";
export type { LogSigner } from "./log/log-signer.ts";
export type { LogFields, Logger } from "./logger.ts";
export type { OpenDataOptions, OpenDataResult } from "./platform/open-data.ts";
export type {
  InterfaceAccess,
  PhoneCodeProof,
  PhoneCodeRefusal,
  PhoneCodeResult,
  WeixinPhone,
} from "./platform/phone-code.ts";
export { createWeixin, type Weixin, type WeixinOptions } from "./platform/weixin.ts";
export type { SignInRefusal, WeixinSession, WeixinSignIn } from "./platform/weixin-session.ts";
export { createPrivacy, type Privacy, type PrivacyOptions } from "./privacy.ts";
export type { Identities, PlatformIdentity } from "./subject/platform-identity.ts";
export type {
  ConfirmRectification,
  FieldCorrection,
} from "./subject-request/rectification-service.ts";
export type { SubjectIdentity } from "./subject/subject-identity.ts";
