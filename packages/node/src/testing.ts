export {
  connectorContract,
  type ConnectorUnderContract,
  type ContractRow,
} from "./testing/connector-contract.ts";
export type { ContractCase } from "./testing/contract-case.ts";
export { databaseContract } from "./testing/database-contract.ts";
export { grant } from "./testing/grant.ts";
export { journalContract } from "./testing/journal-contract.ts";
export { memoryDatabase } from "./testing/memory-database.ts";
export { type TestClock, testClock } from "./testing/test-clock.ts";
