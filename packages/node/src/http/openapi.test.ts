import { Validator } from "@seriousme/openapi-schema-validator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type * as z from "zod/mini";
import { openTestDatabase } from "../database/database.fixture.ts";
import { type Answer, decision, type Fixture, openFixture, row } from "../privacy.fixture.ts";
import type { StaffRole } from "./identity.ts";
import * as wire from "./wire.ts";

let shop: Fixture;
beforeAll(async () => {
  shop = await openFixture(await openTestDatabase());
});
afterAll(() => shop.privacy.close());

const STAFF = ["privacy-officer", "on-call", "auditor"] as const satisfies readonly StaffRole[];

/** Who may call what, written down a second time: the roles of each route, or who else. */
const AUDIENCES: {
  readonly [route: string]: "anyone" | "subject" | "subject-or-device" | readonly StaffRole[];
} = {
  "GET /health": "anyone",
  "GET /policy": "anyone",
  "GET /.well-known/jwks.json": "anyone",
  "GET /log/checkpoint": "anyone",
  "GET /log/proof": "anyone",
  "GET /notice": "subject-or-device",
  "POST /consents": "subject-or-device",
  "GET /consents": "subject-or-device",
  "DELETE /consents/{purpose}": "subject-or-device",
  "GET /consents/{purpose}/record": "subject",
  "GET /data": "subject",
  "GET /data/export": "subject",
  "PUT /data/{record}/{id}": "subject",
  "POST /requests": "subject",
  "GET /requests": "subject",
  // The token shown at the opening is enough; without it they ask for a session.
  "GET /requests/{id}": "subject",
  "GET /certificates/{id}": "subject",
  "GET /staff/requests": ["privacy-officer", "auditor"],
  "GET /staff/requests/{id}": ["privacy-officer", "auditor"],
  "POST /staff/requests/{id}/refuse": ["privacy-officer"],
  "POST /staff/requests/{id}/extend": ["privacy-officer"],
  "POST /staff/breaches": ["privacy-officer", "on-call"],
  "GET /staff/breaches": STAFF,
  "GET /staff/breaches/{id}": STAFF,
  "GET /staff/statistics": ["privacy-officer", "auditor"],
  "POST /staff/authorizations": ["privacy-officer"],
  "GET /staff/authorizations": ["privacy-officer", "auditor"],
  "DELETE /staff/authorizations/{id}": ["privacy-officer"],
  "POST /staff/orders": ["privacy-officer"],
  "GET /staff/orders": ["privacy-officer", "auditor"],
  "DELETE /staff/orders/{id}": ["privacy-officer"],
  "POST /staff/undertakings": ["privacy-officer"],
  "GET /staff/undertakings": ["privacy-officer", "auditor"],
  "DELETE /staff/undertakings/{id}": ["privacy-officer"],
  "POST /staff/demands": ["privacy-officer"],
  "GET /staff/demands": ["privacy-officer", "auditor"],
  "GET /staff/demands/{id}": ["privacy-officer", "auditor"],
  "GET /staff/certificates/{id}": ["privacy-officer", "auditor"],
  "GET /staff/tasks": ["privacy-officer"],
  "POST /staff/tasks": ["privacy-officer"],
  "POST /staff/access/explain": ["privacy-officer"],
  "GET /staff/access/log": ["privacy-officer", "auditor"],
  "GET /staff/access/observed": ["privacy-officer", "auditor"],
};

interface Operation {
  readonly summary: string;
  readonly security: readonly object[];
  readonly responses: {
    readonly [status: string]: { readonly content: { readonly [type: string]: object } };
  };
  readonly requestBody?: { readonly description: string };
}
type Paths = { readonly [path: string]: { readonly [method: string]: Operation } };

async function documentedPaths(): Promise<Paths> {
  return (await shop.call("GET", "/openapi.json")).body["paths"] as Paths;
}

describe("GET /openapi.json", () => {
  it("is a valid OpenAPI document", async () => {
    const { body } = await shop.call("GET", "/openapi.json");
    const { valid, errors } = await new Validator().validate({ ...body });
    expect(errors).toBeUndefined();
    expect(valid).toBe(true);
  });

  it("names every route and no other, with the size of each body", async () => {
    const paths = await documentedPaths();
    const routes = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(routes.toSorted()).toEqual(Object.keys(AUDIENCES).toSorted());
    for (const methods of Object.values(paths))
      for (const { requestBody } of Object.values(methods))
        if (requestBody !== undefined)
          expect(requestBody.description).toMatch(/^At most \d+ bytes/);
  });
});

describe("GET /openapi.json tells", () => {
  it("that a session or the token opens a request and its certificate, which is a page too", async () => {
    const paths = await documentedPaths();
    const either = [{ session: [] }, { "x-request-token": [] }];
    expect(paths["/requests/{id}"]!["get"]!.security).toEqual(either);
    const certificate = paths["/certificates/{id}"]!["get"]!;
    expect(certificate.security).toEqual(either);
    expect(Object.keys(certificate.responses["200"]!.content)).toEqual([
      "application/json",
      "text/html",
    ]);
  });

  it.each([
    ["a decision under no notice", 400, { notice: "no" }],
    ["a decision's id taken by another", 409, { counter: 1 }],
  ])("how %s is answered", async (_name, status, change) => {
    const first = decision({ decision: "refused" });
    await shop.call("POST", "/consents", { as: "told", body: { decisions: [first] } });
    const { decisionId } = first;
    const second = decision({ ...(status === 409 && { ...first, decisionId }), ...change });
    const answer = await shop.call("POST", "/consents", {
      as: "told",
      body: { decisions: [second] },
    });
    expect(answer.status).toBe(status);
    expect(wire.decisionResultsShape.safeParse(answer.body).success).toBe(true);
    const { responses } = (await documentedPaths())["/consents"]!["post"]!;
    const documented = JSON.stringify(responses[status]!.content["application/json"]);
    expect(documented).toContain('"results"');
    expect(documented).toContain('"requestId"');
  });
});

describe("roles and routes", () => {
  const callers: readonly (readonly StaffRole[] | undefined)[] = [
    undefined,
    [],
    ...STAFF.map((role) => [role]),
  ];
  it.each(Object.entries(AUDIENCES))("%s is open to %j", async (route, audience) => {
    const [method, path] = route.split(" ") as [string, string];
    const concrete = path.replaceAll(/\{\w+\}/g, "x");
    for (const roles of callers) {
      const caller = roles === undefined ? {} : { as: "caller", roles };
      const { status, body } = await shop.call(method, concrete, {
        ...caller,
        ...(method !== "GET" && method !== "DELETE" && { body: {} }),
      });
      const open =
        audience === "anyone" ||
        (roles !== undefined &&
          (typeof audience === "string" || audience.some((role) => roles.includes(role))));
      const refused = body["code"] === "ERR_UNAUTHENTICATED" || body["code"] === "ERR_FORBIDDEN";
      expect([roles, refused]).toEqual([roles, !open]);
      if (!open) expect(status).toBe(roles === undefined ? 401 : 403);
    }
    const device = { "x-privacy-device": "AAAAAAAAAAAAAAAAAAAAAA" };
    const { status } = await shop.call(method, concrete, { headers: device });
    expect([status === 401, audience]).toEqual([
      audience !== "anyone" && audience !== "subject-or-device",
      audience,
    ]);
  });
});

describe("every answer has the shape that is documented", () => {
  /** The status, and what is wrong with the shape. */
  function seen(shape: z.ZodMiniType, { body, status }: Answer): readonly unknown[] {
    return [status, shape.safeParse(body).error?.issues];
  }
  const good = [200, undefined];
  const made = [201, undefined];

  it("for anyone", async () => {
    expect(seen(wire.healthShape, await shop.call("GET", "/health"))).toEqual(good);
    expect(seen(wire.policyShape, await shop.call("GET", "/policy"))).toEqual(good);
    expect(seen(wire.keySetShape, await shop.call("GET", "/.well-known/jwks.json"))).toEqual(good);
    expect(seen(wire.errorShape, await shop.call("GET", "/data"))).toEqual([401, undefined]);
  });

  it("for a subject", async () => {
    const as = "shaped";
    shop.store.rows.push(row(as));
    const notice = await shop.call("GET", "/notice?language=en", { as });
    expect(seen(wire.noticeShape, notice)).toEqual(good);
    expect(seen(wire.decisionResultsShape, await shop.give(as, "delivery"))).toEqual(made);
    const two = { decisions: [decision({ decision: "refused" }), decision()] };
    expect(
      seen(wire.decisionResultsShape, await shop.call("POST", "/consents", { as, body: two })),
    ).toEqual([207, undefined]);
    expect(seen(wire.consentsShape, await shop.call("GET", "/consents", { as }))).toEqual(good);
    const record = await shop.call("GET", "/consents/delivery/record", { as });
    expect(record.status).toBe(200);
    expect(
      seen(wire.withdrawnShape, await shop.call("DELETE", "/consents/delivery", { as })),
    ).toEqual(good);
    expect(seen(wire.dataShape, await shop.call("GET", "/data", { as }))).toEqual(good);
    expect(seen(wire.exportShape, await shop.call("GET", "/data/export", { as }))).toEqual(good);
    const patch = { phone: "13811112222" };
    expect(
      seen(
        wire.correctedShape,
        await shop.call("PUT", `/data/order/order-of-${as}`, { as, body: patch }),
      ),
    ).toEqual(good);
    const opened = await shop.call("POST", "/requests", { as, body: { kind: "erase" } });
    expect(seen(wire.openedRequestShape, opened)).toEqual(made);
    expect(seen(wire.requestsShape, await shop.call("GET", "/requests", { as }))).toEqual(good);
    await shop.privacy.idle();
    const headers = { "x-request-token": opened.body["requestToken"] as string };
    const request = await shop.call("GET", `/requests/${String(opened.body["id"])}`, { headers });
    expect(seen(wire.requestShape, request)).toEqual(good);
    const path = `/certificates/${String(request.body["certificateId"])}`;
    expect(seen(wire.certificateShape, await shop.call("GET", path, { headers }))).toEqual(good);
  });
});
