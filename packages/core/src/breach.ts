export {
  BREACH_RULES,
  BREACH_RULES_VERSION,
  type BreachDuty,
  breachDuties,
  type BreachRule,
  type SourceMark,
} from "./breach/breach-clock.ts";
export {
  type BreachNotificationOptions,
  renderBreachNotification,
} from "./breach/breach-notification.ts";
export type {
  BreachDelivery,
  BreachImpact,
  BreachPlatform,
  BreachRecipient,
  BreachRecord,
  BreachStatus,
} from "./breach/breach-record.ts";
export { parseBreachRecord } from "./breach/parse-breach-record.ts";
