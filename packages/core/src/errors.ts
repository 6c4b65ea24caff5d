export { ERROR_SENTENCES, type PrivacyErrorCode } from "./errors/error-code.ts";
export { inputIssues } from "./errors/input-issues.ts";
export {
  type InputIssue,
  isPrivacyError,
  PrivacyError,
  type PrivacyErrorOptions,
} from "./errors/privacy-error.ts";
