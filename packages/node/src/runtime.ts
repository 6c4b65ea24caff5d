import type { Policy } from '@miniprivacy/core/policy'
import type { Database } from './database/database.ts'
import type { Keys } from './key/keys.ts'

/** What every service of a deployment stands on. */
export interface Runtime {
  readonly policy: Policy
  readonly database: Database
  readonly keys: Keys
  /** Where the privacy endpoints are mounted, e.g. `/privacy`. */
  readonly basePath: string
  /** Epoch milliseconds. */
  now(): number
}
