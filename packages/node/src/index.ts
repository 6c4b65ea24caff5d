export type { AccessService, PurposeReader, RecordTable } from "./access/access-service.ts";
export type { BreachCase, BreachNotification } from "./breach/breach-service.ts";
export type { Connector, ErasureTechnique, RecordRow } from "./connector/connector.ts";
export {
  fileSafe,
  filesConnector,
  type FilesConnectorOptions,
} from "./connector/files-connector.ts";
export {
  postgresConnector,
  type PostgresConnectorOptions,
  type QueryPool,
  type TableMapping,
} from "./connector/postgres-connector.ts";
export type { Database } from "./database/database.ts";
export { embeddedDatabase } from "./database/embedded-database.ts";
export { postgresDatabase, type PostgresDatabaseOptions } from "./database/postgres-database.ts";
export type { Authenticate, Authentication, StaffRole } from "./http/identity.ts";
export { nodeListener } from "./http/node-listener.ts";
export { keysFromFolder } from "./key/key-folder.ts";
export type { Keys } from "./key/keys.ts";
export type { LogFields, Logger } from "./logger.ts";
export { createPrivacy, type Privacy, type PrivacyOptions } from "./privacy.ts";
