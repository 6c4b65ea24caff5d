import { createServer } from "node:http";
import {
  createPrivacy,
  embeddedDatabase,
  nodeListener,
  postgresConnector,
} from "@miniprivacy/node";
import pg from "pg";
import { order, policy } from "./policy.ts";
import { printLabel, sessionOf, shop } from "./shop.ts";

const pool = new pg.Pool();
const privacy = await createPrivacy({
  policy,
  records: [order],
  database: await embeddedDatabase("./privacy-data"),
  connectors: {
    shop: postgresConnector({
      pool,
      tables: { order: { table: "orders", key: "id", subject: "member_id" } },
      wal: { keptDays: 7 },
    }),
  },
  backups: { keepDays: 30 },
  authenticate: (request) => sessionOf(request),
});

// consents, "my data", erasure and certificates are served below /privacy
const privacyListener = nodeListener(privacy);
createServer((request, response) =>
  request.url?.startsWith("/privacy/")
    ? privacyListener(request, response)
    : shop(request, response),
).listen(3000, "127.0.0.1");

export async function label(
  memberId: string,
  row: { id: string; memberId: string; phone: string; closedAt: null },
) {
  const reader = await privacy.access.for(memberId, "delivery");
  const result = reader.read("order", row);
  if (!result.permitted) return result.reason; // e.g. consent-withdrawn
  return printLabel(result.value.phone); // result.value has the fields of this purpose, no others
}
