import { type Connector, declaredConnector, httpConnector } from "@miniprivacy/node";

/** The courier's API; `secret` is `whsec_…`, shared with the courier. */
export function connectCourier(url: string, secret: string): Connector {
  return httpConnector({
    url,
    secret,
    records: { order: { key: "id" } },
    answersReads: true,
    keptDays: 30,
  });
}

/** Lines of the web server's log name a person; nobody can take them out, and after 14 days they are gone. */
export const accessLog: Connector = declaredConnector({
  kind: "log",
  records: ["order"],
  selector: "access log lines with {subjectId}",
  tool: "logrotate",
  toolVersion: "3.21",
  keptDays: 14,
});
