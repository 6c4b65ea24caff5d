import type { StoreKind } from "@miniprivacy/core/certificate";
import type { PersonalRecord } from "@miniprivacy/core/policy";
import type { Connector, ErasureTechnique } from "../connector/connector.ts";

/** What is erased of one record in one store, with the connector that reaches it. */
export interface ErasureTarget {
  readonly store: string;
  readonly connector: Connector;
  readonly record: PersonalRecord;
  /** Only these fields of its rows are erased (the rows themselves). */
  readonly fields?: readonly string[];
}

/** What a certificate says of a scope beside what was seen there. */
export interface ScopeDescription extends ErasureTechnique {
  readonly kind: StoreKind;
  readonly dataCategories: readonly string[];
}

/** The name our own store has in outcomes and certificates. */
export const OWN_STORE = "miniprivacy";
