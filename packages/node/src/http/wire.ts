import {
  ACCESS_DENIAL_REASONS,
  type AccessExplanation,
  AGE_BANDS,
  CONSENT_STATUSES,
  EXTENSION_REASONS,
  type ExtensionReason,
  REFUSAL_REASONS,
  type RefusalReason,
  REQUEST_KINDS,
  REQUEST_STATES,
  STEP_OUTCOMES,
} from "@miniprivacy/core";
import { COLLECTED_IN } from "@miniprivacy/core/policy";
import * as z from "zod/mini";
import type { AccessLogEntry, ObservedReads } from "../access/access-report.ts";
import type {
  AuthorizationFiling,
  Filing,
  OrderFiling,
  UndertakingFiling,
} from "../access/filing.ts";
import type { ConsentDecision } from "../consent/consent-decision.ts";
import type { ConsentEntry } from "../consent/consent-service.ts";
import type { DecisionCount } from "../consent/consent-statistics.ts";
import type { Notice } from "../consent/notice-service.ts";
import { STORE_FAULTS } from "../erasure/ask-store.ts";
import type { ErasureAnswer } from "../erasure/erasure-step.ts";
import type { Demand } from "../demand/demand.ts";
import { dataSelectorShape, demandTriggerShape } from "../demand/demand-shape.ts";
import type { NewDemand, OpenResult } from "../demand/demand-service.ts";
import type { ErasureTask, TaskName } from "../erasure/erasure-tasks.ts";
import type { DeskEntry, DeskList, DeskRequest } from "../subject-request/request-desk.ts";
import type { OpenedRequest } from "../subject-request/subject-request-service.ts";
import { RECTIFY_REFUSALS, type RectifyRefusal } from "../subject-request/checked-patch.ts";
import type { Correction } from "../subject-request/rectification-service.ts";
import { RECTIFY_OUTCOMES } from "../subject-request/rectify-stores.ts";
import type { SubjectData } from "../subject-request/subject-data-service.ts";
import type { RequestView } from "../subject-request/subject-request-store.ts";
import type { HealthStatus } from "./health-route.ts";

/** A shape on the wire, bound to the type it carries. */
type Shape<Value> = z.ZodMiniType<Value>;

/** The shapes that clients in other languages rely on; fixed. */

const moment = z.iso.datetime();
/** A client's random id: a retry carries the same. */
const clientKey = z.string().check(z.regex(/^[\w-]{8,128}$/));
/** A compact JWS. */
const jws = z.string();

const MAX_DECISIONS = 50;

export const errorShape: Shape<{
  readonly code: string;
  readonly requestId: string;
  readonly reason?: RectifyRefusal;
}> = z.strictObject({
  code: z.string(),
  requestId: z.uuid(),
  reason: z.exactOptional(z.enum(RECTIFY_REFUSALS)),
});

export const noticeShape: Shape<Notice> = z.strictObject({
  token: z.string(),
  text: z.string(),
  purposes: z.array(z.string()),
  language: z.enum(["zh-CN", "en"]),
  showUntil: moment,
  submitUntil: moment,
});

export const decisionsShape: Shape<{ readonly decisions: readonly ConsentDecision[] }> =
  z.strictObject({
    decisions: z
      .array(
        z
          .strictObject({
            decisionId: clientKey,
            purpose: z.string().check(z.minLength(1), z.maxLength(128)),
            decision: z.enum(["given", "refused", "withdrawn"]),
            notice: z.exactOptional(z.string()),
            counter: z.int().check(z.minimum(0)),
            at: z.iso.datetime({ offset: true }),
            ageBand: z.exactOptional(z.enum(AGE_BANDS)),
            guardian: z.exactOptional(
              z.strictObject({
                relation: z.enum(["parent", "guardian"]),
                verification: z.enum(["identity-check", "signed-form", "payment", "message"]),
              }),
            ),
            written: z.exactOptional(
              z.strictObject({
                documentDigest: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
                method: z.enum(["handwritten", "electronic-signature"]),
              }),
            ),
            signal: z.exactOptional(z.literal("gpc")),
            platformAgreement: z.exactOptional(z.literal("same-act")),
          })
          .check(
            z.refine(({ decision, signal }) => signal === undefined || decision === "refused", {
              path: ["signal"],
            }),
            z.refine(
              ({ decision, platformAgreement }) =>
                platformAgreement === undefined || decision === "given",
              { path: ["platformAgreement"] },
            ),
          ),
      )
      .check(z.minLength(1), z.maxLength(MAX_DECISIONS)),
  });

/** What became of one decision. */
export type DecisionResult =
  | { readonly status: number; readonly receipt: string }
  | { readonly status: number; readonly code: string; readonly reason?: string };

export const decisionResultsShape: Shape<{
  readonly results: readonly DecisionResult[];
}> = z.strictObject({
  results: z.array(
    z.union([
      z.strictObject({ status: z.int(), receipt: jws }),
      z.strictObject({
        status: z.int(),
        code: z.string(),
        reason: z.exactOptional(z.string()),
      }),
    ]),
  ),
});

const consents = z.array(
  z.strictObject({
    purpose: z.string(),
    status: z.enum(CONSENT_STATUSES),
    receipt: z.exactOptional(jws),
  }),
);

export const consentsShape: Shape<{ readonly consents: readonly ConsentEntry[] }> = z.strictObject({
  consents,
});

export const withdrawnShape: Shape<{
  readonly purpose: string;
  readonly status: "withdrawn";
  readonly receipt: string;
}> = z.strictObject({
  purpose: z.string(),
  status: z.literal("withdrawn"),
  receipt: jws,
});

export const statisticsShape: Shape<{ readonly decisions: readonly DecisionCount[] }> =
  z.strictObject({
    decisions: z.array(
      z.strictObject({
        purpose: z.string(),
        status: z.enum(CONSENT_STATUSES),
        language: z.nullable(z.string()),
        policyVersion: z.string(),
        count: z.int(),
      }),
    ),
  });

const records = z.record(z.string(), z.array(z.record(z.string(), z.unknown())));

export const dataShape: Shape<{ readonly records: SubjectData }> = z.strictObject({ records });

export const exportShape: Shape<object> = z.strictObject({
  type: z.literal("subject-data"),
  schemaVersion: z.literal("1"),
  exportedAt: moment,
  policy: z.strictObject({ id: z.string(), version: z.string(), digest: z.string() }),
  consents,
  records,
});

export const patchShape: Shape<{ readonly [field: string]: unknown }> = z.record(
  z.string(),
  z.unknown(),
);

const valueCommitment = z.nullable(
  z.strictObject({
    digest: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
    salt: z.string().check(z.regex(/^[\w-]{22}$/)),
  }),
);

export const correctedShape: Shape<Correction & { readonly record: string; readonly id: string }> =
  z.strictObject({
    record: z.string(),
    id: z.string(),
    corrected: z.array(z.string()),
    stores: z.array(z.strictObject({ store: z.string(), outcome: z.enum(RECTIFY_OUTCOMES) })),
    digests: z.array(
      z.strictObject({ field: z.string(), before: valueCommitment, after: valueCommitment }),
    ),
  });

export const openRequestShape: Shape<{ readonly kind: "erase"; readonly requestKey?: string }> =
  z.strictObject({
    kind: z.literal("erase"),
    requestKey: z.exactOptional(clientKey),
  });

const requestState = z.enum(REQUEST_STATES);

export const openedRequestShape: Shape<OpenedRequest> = z.strictObject({
  id: z.string(),
  requestToken: z.string(),
  state: requestState,
  dueAt: moment,
});

export const requestShape: Shape<RequestView> = z.strictObject({
  id: z.string(),
  kind: z.enum(REQUEST_KINDS),
  purpose: z.exactOptional(z.string()),
  state: requestState,
  dueAt: moment,
  postponed: z.exactOptional(z.strictObject({ until: moment, reason: z.string() })),
  outcomes: z.array(
    z.strictObject({
      store: z.string(),
      record: z.string(),
      outcome: z.enum(STEP_OUTCOMES),
      countBefore: z.nullable(z.int()),
      countAfter: z.nullable(z.int()),
    }),
  ),
  certificateId: z.exactOptional(z.string()),
  commitmentSalt: z.exactOptional(z.string()),
});

export const requestsShape: Shape<{ readonly requests: readonly RequestView[] }> = z.strictObject({
  requests: z.array(requestShape),
});

const taskName = { requestId: z.string(), store: z.string(), record: z.string() };

export const tasksShape: Shape<{ readonly tasks: readonly ErasureTask[] }> = z.strictObject({
  tasks: z.array(
    z.strictObject({
      ...taskName,
      kind: z.enum([...REQUEST_KINDS, "demand"]),
      subjectId: z.nullable(z.string()),
      dataCategories: z.array(z.string()),
      selector: z.string(),
      technique: z.string(),
      dueAt: moment,
    }),
  ),
});

export const taskAnswerShape: Shape<TaskName & { readonly answer: ErasureAnswer }> = z.strictObject(
  {
    ...taskName,
    answer: z.enum(["erased", "nothing-held"]),
  },
);
const count = z.nullable(z.int());
const deskEntry = {
  id: z.string(),
  kind: z.enum(REQUEST_KINDS),
  purpose: z.exactOptional(z.string()),
  state: requestState,
  receivedAt: moment,
  warnAt: z.exactOptional(moment),
  dueAt: moment,
  urgency: z.exactOptional(z.enum(["in-time", "warn", "overdue"])),
  daysLeft: z.exactOptional(z.int()),
  failingStores: z.int(),
};
const deskEntryShape: Shape<DeskEntry> = z.strictObject(deskEntry);

export const deskListShape: Shape<DeskList> = z.strictObject({
  requests: z.array(deskEntryShape),
  more: z.boolean(),
});

export const deskRequestShape: Shape<DeskRequest> = z.strictObject({
  ...deskEntry,
  steps: z.array(
    z.strictObject({
      store: z.string(),
      record: z.string(),
      outcome: z.nullable(z.enum(STEP_OUTCOMES)),
      countBefore: count,
      countAfter: count,
      attempts: z.int(),
      fault: z.nullable(z.enum(STORE_FAULTS)),
      until: z.nullable(moment),
    }),
  ),
  certificateId: z.exactOptional(z.string()),
});

export const refusalShape: Shape<{ readonly reason: RefusalReason }> = z.strictObject({
  reason: z.enum(REFUSAL_REASONS),
});

export const extensionShape: Shape<{ readonly reason: ExtensionReason }> = z.strictObject({
  reason: z.enum(EXTENSION_REASONS),
});

export const demandShape: Shape<Demand> = z.strictObject({
  id: z.string(),
  trigger: demandTriggerShape,
  selector: dataSelectorShape,
  orderId: z.string(),
  state: z.enum(["open", "finished"]),
  openedAt: moment,
  dueAt: moment,
  steps: z.array(
    z.strictObject({
      store: z.string(),
      record: z.string(),
      rows: count,
      erased: z.int(),
      outcome: z.nullable(z.enum(STEP_OUTCOMES)),
      fault: z.nullable(z.enum(STORE_FAULTS)),
      attempts: z.int(),
    }),
  ),
  certificateId: z.nullable(z.string()),
});

export const demandsShape: Shape<{ readonly demands: readonly Demand[] }> = z.strictObject({
  demands: z.array(demandShape),
});

export const demandRefusedShape: Shape<Extract<OpenResult, { readonly opened: false }>> = z.union([
  z.strictObject({ opened: z.literal(false), reason: z.literal("nothing-selected") }),
  z.strictObject({
    opened: z.literal(false),
    reason: z.literal("undated-records"),
    records: z.array(z.string()),
  }),
]);

export const certificateShape: Shape<{ readonly certificate: string; readonly proof?: string }> =
  z.strictObject({ certificate: jws, proof: z.exactOptional(z.string()) });

export const policyShape: Shape<object> = z.strictObject({
  id: z.string(),
  version: z.string(),
  digest: z.string(),
  languages: z.array(z.string()),
  purposes: z.record(z.string(), z.looseObject({ digest: z.string() })),
  categories: z.record(z.string(), z.looseObject({ source: z.string() })),
  sdks: z.record(z.string(), z.strictObject({ purpose: z.string() })),
});

export const keySetShape: Shape<object> = z.strictObject({
  keys: z.array(z.looseObject({ kty: z.string(), kid: z.string(), alg: z.string() })),
});

export const healthShape: Shape<{ readonly status: HealthStatus }> = z.strictObject({
  status: z.enum(["ok", "behind-journal"]),
});

/** Checked by core when it is filed. */
export const breachRecordShape: Shape<{ readonly schemaVersion: "1" }> = z.looseObject({
  schemaVersion: z.literal("1"),
});

const duty = z.looseObject({ recipient: z.string(), dueAt: z.string() });

export const breachCaseShape: Shape<object> = z.strictObject({
  id: z.string(),
  record: breachRecordShape,
  duties: z.array(duty),
  notifications: z.array(
    z.strictObject({ recipient: z.string(), language: z.string(), text: z.string() }),
  ),
});

export const breachesShape: Shape<object> = z.strictObject({
  breaches: z.array(
    z.strictObject({ id: z.string(), record: breachRecordShape, duties: z.array(duty) }),
  ),
});

const digest = z.string().check(z.regex(/^[0-9a-f]{64}$/));
const offsetMoment = z.iso.datetime({ offset: true });
const ids = z.exactOptional(z.array(z.string().check(z.maxLength(128))).check(z.minLength(1)));
const authorizationTerms = {
  platform: z.literal("weixin"),
  categories: ids,
  purposes: ids,
  recipients: ids,
  validFrom: z.exactOptional(offsetMoment),
  validUntil: z.exactOptional(offsetMoment),
  source: z.strictObject({
    title: z.string().check(z.minLength(1), z.maxLength(500)),
    url: z.exactOptional(z.url()),
    date: z.iso.date(),
    confidence: z.enum(["official", "secondary", "reading"]),
    documentDigest: z.exactOptional(digest),
  }),
};

export const authorizationShape: Shape<AuthorizationFiling> = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("instruction"), ...authorizationTerms }),
  z.strictObject({
    kind: z.literal("written-consent"),
    use: z.enum(["marketing", "sharing", "transfer"]),
    ...authorizationTerms,
  }),
]);

export const newDemandShape: Shape<NewDemand> = z.strictObject({
  trigger: demandTriggerShape,
  selector: dataSelectorShape,
  dueAt: z.exactOptional(offsetMoment),
  undated: z.exactOptional(z.literal("erase")),
});

export const orderShape: Shape<OrderFiling> = z.strictObject({
  closes: z.union([
    z.literal("tenant"),
    z
      .strictObject({
        category: z.exactOptional(z.string()),
        purpose: z.exactOptional(z.string()),
        source: z.exactOptional(z.enum(["subject", "platform"])),
        collectedIn: z.exactOptional(z.enum(COLLECTED_IN)),
      })
      .check(z.refine((closes) => Object.keys(closes).length > 0)),
  ]),
  demandNumber: z.exactOptional(z.string().check(z.minLength(1), z.maxLength(200))),
});

const undertakingTerms = {
  documentDigest: digest,
  signedAt: offsetMoment,
  validUntil: z.exactOptional(offsetMoment),
};

export const undertakingShape: Shape<
  Omit<UndertakingFiling, "staffRef"> & { readonly staff: string }
> = z.strictObject({
  staff: z.string().check(z.minLength(1), z.maxLength(256)),
  ...undertakingTerms,
});

function filedShape<Record>(record: Shape<Record>) {
  return z.strictObject({
    id: z.string(),
    record,
    filedAt: moment,
    endedAt: z.exactOptional(moment),
  });
}

export const filedAuthorizationShape: Shape<Filing<"platform-authorization">> =
  filedShape(authorizationShape);
export const filedOrderShape: Shape<Filing<"platform-order">> = filedShape(orderShape);
export const filedUndertakingShape: Shape<Filing<"undertaking">> = filedShape(
  z.strictObject({ staffRef: z.string(), ...undertakingTerms }),
);

export const authorizationsShape: Shape<object> = z.strictObject({
  published: z.array(
    z.strictObject({
      id: z.string(),
      privacyKeys: z.array(z.string()),
      source: authorizationTerms.source,
    }),
  ),
  filings: z.array(filedAuthorizationShape),
});
export const ordersShape: Shape<object> = z.strictObject({ filings: z.array(filedOrderShape) });
export const undertakingsShape: Shape<object> = z.strictObject({
  filings: z.array(filedUndertakingShape),
});

const reason = z.enum(ACCESS_DENIAL_REASONS);

export const explainedReadShape: Shape<{
  readonly subject: string;
  readonly purpose: string;
  readonly categories: readonly string[];
  readonly recipient?: string;
  readonly abroad?: boolean;
}> = z.strictObject({
  subject: z.string().check(z.minLength(1), z.maxLength(256)),
  purpose: z.string().check(z.minLength(1), z.maxLength(128)),
  categories: z.array(z.string().check(z.maxLength(128))).check(z.maxLength(100)),
  recipient: z.exactOptional(z.string()),
  abroad: z.exactOptional(z.boolean()),
});

const denial = z.strictObject({
  permitted: z.literal(false),
  reason,
  obligations: z.array(z.string()),
});

export const explanationShape: Shape<AccessExplanation> = z.strictObject({
  decision: z.union([
    z.strictObject({
      permitted: z.literal(true),
      ground: z.literal("consent"),
      consentId: z.string(),
    }),
    z.strictObject({
      permitted: z.literal(true),
      ground: z.enum(["contract", "legal-duty", "entrusted"]),
      reference: z.string(),
    }),
    z.strictObject({ permitted: z.literal(true), ground: z.literal("observed"), reason }),
    denial,
  ]),
  facts: z.strictObject({
    purpose: z.exactOptional(
      z.strictObject({
        basis: z.enum(["consent", "contract", "legal-duty", "entrusted"]),
        use: z.enum(["service", "marketing", "sharing", "transfer", "outside-program"]),
        categories: z.array(z.string()),
        recipients: z.array(z.string()),
      }),
    ),
    consent: z.exactOptional(
      z.strictObject({
        status: z.enum(CONSENT_STATUSES),
        recordId: z.string(),
        from: moment,
        until: z.exactOptional(moment),
      }),
    ),
    restricted: z.boolean(),
    erased: z.boolean(),
    authorizations: z.array(z.string()),
    orders: z.array(z.string()),
  }),
  wouldChange: z.array(
    z.strictObject({
      change: z.enum([
        "consent",
        "platform-authorization",
        "order-lifted",
        "restriction-ended",
        "retention-renewed",
        "policy",
        "nothing",
      ]),
      reason,
      obligations: z.array(z.string()),
    }),
  ),
});

export const accessLogShape: Shape<{ readonly entries: readonly AccessLogEntry[] }> =
  z.strictObject({
    entries: z.array(
      z.strictObject({
        at: moment,
        subjectRef: z.nullable(z.string()),
        purpose: z.string(),
        categories: z.array(z.string()),
        decision: z.enum(["permitted", "denied"]),
        reason: z.exactOptional(reason),
        caller: z.string(),
        recipient: z.exactOptional(z.string()),
        count: z.int(),
      }),
    ),
  });

export const observedReadsShape: Shape<{ readonly reads: readonly ObservedReads[] }> =
  z.strictObject({
    reads: z.array(
      z.strictObject({
        purpose: z.string(),
        categories: z.array(z.string()),
        reason,
        caller: z.string(),
        recipient: z.exactOptional(z.string()),
        count: z.int(),
        lastAt: moment,
      }),
    ),
  });
