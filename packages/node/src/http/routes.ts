import type { AccessQuestions } from "../access/access-questions.ts";
import type { Filings } from "../access/filing.ts";
import type { BreachService } from "../breach/breach-service.ts";
import type { ConsentRecords } from "../consent/consent-records.ts";
import type { ConsentService } from "../consent/consent-service.ts";
import type { DecisionIntake } from "../consent/decision-intake.ts";
import type { NoticeService } from "../consent/notice-service.ts";
import type { CertificateStore } from "../erasure/certificate-store.ts";
import type { DemandService } from "../demand/demand-service.ts";
import type { ErasureTasks } from "../erasure/erasure-tasks.ts";
import type { LogProver } from "../log/log-prover.ts";
import type { Runtime } from "../runtime.ts";
import type { RectificationService } from "../subject-request/rectification-service.ts";
import type { RequestDecisions } from "../subject-request/request-decisions.ts";
import type { RequestDesk } from "../subject-request/request-desk.ts";
import type { SubjectDataService } from "../subject-request/subject-data-service.ts";
import type { SubjectRequestService } from "../subject-request/subject-request-service.ts";
import { accessRoutes } from "./access-routes.ts";
import { breachRoutes } from "./breach-routes.ts";
import { consentRoutes } from "./consent-routes.ts";
import { dataRoutes } from "./data-routes.ts";
import { demandRoutes } from "./demand-routes.ts";
import { filingRoutes } from "./filing-routes.ts";
import { logRoutes } from "./log-routes.ts";
import { openApiRoute } from "./openapi.ts";
import { publicRoutes } from "./public-routes.ts";
import { requestRoutes } from "./request-routes.ts";
import { staffRequestRoutes } from "./staff-request-routes.ts";
import { statisticsRoutes } from "./statistics-routes.ts";
import { taskRoutes } from "./task-routes.ts";
import type { Route } from "./route.ts";

/** What the routes are made of. */
export interface RouteServices {
  readonly runtime: Runtime;
  readonly notices: NoticeService;
  readonly consent: ConsentService;
  readonly intake: DecisionIntake;
  readonly records: ConsentRecords;
  readonly data: SubjectDataService;
  readonly rectifications: RectificationService;
  readonly requests: SubjectRequestService;
  readonly desk: RequestDesk;
  readonly decisions: RequestDecisions;
  readonly certificates: CertificateStore;
  readonly tasks: ErasureTasks;
  readonly breaches: BreachService;
  readonly filings: Filings;
  readonly demands: DemandService;
  readonly questions: AccessQuestions;
  readonly prover: LogProver;
}

/** Every endpoint there is, in one table. */
export function privacyRoutes(services: RouteServices): readonly Route[] {
  const { runtime, data, requests, certificates, breaches, filings, prover } = services;
  const routes = [
    ...publicRoutes(runtime),
    ...logRoutes(runtime, prover),
    ...consentRoutes(runtime, services),
    ...dataRoutes(data, services.rectifications),
    ...requestRoutes(requests, certificates),
    ...taskRoutes(services.tasks),
    ...staffRequestRoutes(runtime, services.desk, services.decisions),
    ...breachRoutes(breaches),
    ...statisticsRoutes(runtime),
    ...filingRoutes(filings, runtime),
    ...demandRoutes(services.demands, certificates),
    ...accessRoutes(runtime, services.questions),
  ];
  return [...routes, openApiRoute(routes, runtime)];
}
