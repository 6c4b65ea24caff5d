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
  readonly drill: ErasureDrill["advance"];
  readonly replayStore: StoreReplay["advance"];
  readonly plan: (subject: SubjectIdentity) => Promise<readonly PlannedErasure[]>;
}
