import type { DataSelector, StepOutcome } from "@miniprivacy/core";
import type { ErasureTrigger } from "@miniprivacy/core/certificate";
import type { StoreFault } from "../erasure/ask-store.ts";

/** Why data of everybody has to go: a platform demands it, or a tenant has left it. */
export type DemandTrigger = Extract<
  ErasureTrigger,
  { readonly kind: "platform-demand" | "contract-exit" }
>;

/** What has to be erased for everybody, and how far it has come. */
export interface Demand {
  readonly id: string;
  readonly trigger: DemandTrigger;
  readonly selector: DataSelector;
  /** The order on file that closed the gate; it stands until an officer lifts it. */
  readonly orderId: string;
  readonly state: "open" | "finished";
  readonly openedAt: string;
  readonly dueAt: string;
  readonly steps: readonly DemandStep[];
  readonly certificateId: string | null;
}

/** Where it stands with one record of one store. */
export interface DemandStep {
  readonly store: string;
  readonly record: string;
  /** Rows that were there; null until they are counted. */
  readonly rows: number | null;
  /** Rows erased so far. */
  readonly erased: number;
  /** Null while an attempt is under way, or none has begun. */
  readonly outcome: StepOutcome | null;
  readonly fault: StoreFault | null;
  readonly attempts: number;
}

const ID_PREFIX = "demand-";

export function demandId(uuid: string): string {
  return ID_PREFIX + uuid;
}

/** Whether what is to be carried out is a demand (a person's request). */
export function isDemandId(id: string): boolean {
  return id.startsWith(ID_PREFIX);
}
