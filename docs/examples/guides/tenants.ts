import {
  createPrivacy,
  type DeploymentStore,
  postgresConnector,
  type QueryPool,
} from "@miniprivacy/node";
import { order, policy } from "./policy.ts";
import { sessionOf } from "./session.ts";

/** The one policy of all tenants: the ISV is named as who processes on their behalf. */
const entrusted: typeof policy = {
  ...policy,
  processor: {
    name: { "zh-CN": "小程序服务商", en: "Mini-Program Services" },
    country: "CN",
    contact: { email: "privacy@isv.example" },
  },
};

/** `shop-a.isv.example` is tenant `shop-a`. */
function tenantOf(request: Request): string {
  return new URL(request.url).hostname.split(".", 1)[0]!;
}

export function openTenants(store: DeploymentStore, pool: QueryPool) {
  return createPrivacy({
    policy: entrusted,
    records: [order],
    ...store,
    tenantOf,
    authenticate(request) {
      const session = sessionOf(request);
      const tenant = request.headers.get("x-member-of"); // where the session was opened
      return session && tenant !== null ? { ...session, tenant } : null;
    },
    connectors: {
      shops: postgresConnector({
        pool,
        tables: {
          order: {
            table: "orders",
            key: "id",
            subject: "member_id",
            tenant: "shop",
            columns: { closedAt: "closed_at" },
          },
        },
        wal: { keptDays: 7 },
      }),
    },
  });
}
