import {
  createPrivacy,
  type DeploymentStore,
  filesConnector,
  postgresConnector,
  type QueryPool,
} from "@miniprivacy/node";
import { note, order, policy } from "./policy.ts";
import { sessionOf } from "./session.ts";

/** In production, `store` is `await storeFromEnvironment()`; in a test, `{ database: await memoryDatabase() }`. */
export function openPrivacy(store: DeploymentStore, pool: QueryPool, notes: string) {
  return createPrivacy({
    policy,
    records: [order, note],
    ...store,
    connectors: {
      shop: postgresConnector({
        pool,
        tables: {
          order: {
            table: "orders",
            key: "id",
            subject: "member_id",
            columns: { closedAt: "closed_at" },
          },
        },
        wal: { keptDays: 7 },
      }),
      notes: filesConnector({
        root: notes,
        record: "note",
        path: "{subjectId}/*",
        fields: { name: "name", content: "text" },
      }),
    },
    backups: { keepDays: 30 },
    authenticate: (request) => sessionOf(request),
  });
}

export type ShopPrivacy = Awaited<ReturnType<typeof openPrivacy>>;
