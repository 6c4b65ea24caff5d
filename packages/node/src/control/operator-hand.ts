import type { DataSelector } from "@miniprivacy/core";
import type { PlannedDemand } from "../demand/demand-plan.ts";
import type { DemandService } from "../demand/demand-service.ts";
import type { AttemptsNow } from "../erasure/attempts-now.ts";
import type { ErasureDrill } from "../erasure/erasure-drill.ts";
import type { PlannedErasure } from "../erasure/erasure-plan.ts";
import type { StoreReplay } from "../erasure/store-replay.ts";
import type { SubjectIdentity } from "../subject/subject-identity.ts";
import type { SubjectRequestService } from "../subject-request/subject-request-service.ts";

/** What only a process that reaches the host's stores can do for whoever operates it. */
export interface OperatorHand {
  readonly openErasure: SubjectRequestService["openFor"];
  readonly attempt: AttemptsNow["begin"];
  readonly planDemand: (
    tenant: string,
    selector: DataSelector,
  ) => Promise<readonly PlannedDemand[]>;
  readonly openDemand: DemandService["open"];
  readonly drill: ErasureDrill["advance"];
  readonly replayStore: StoreReplay["advance"];
  readonly plan: (subject: SubjectIdentity) => Promise<readonly PlannedErasure[]>;
}
