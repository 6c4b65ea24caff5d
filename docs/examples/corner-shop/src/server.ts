import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import * as z from "zod/mini";
import { nodeListener } from "@miniprivacy/node";
import { buildPage, type Page } from "./page.ts";
import { PEOPLE, SESSION_COOKIE, type Sessions } from "./people.ts";
import type { Shop } from "./shop.ts";

/** Starts the shop's web server on loopback: its own pages and orders, and the privacy endpoints beside them. */
export async function startServer(
  shop: Shop,
  sessions: Sessions,
  port: number,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const page = await buildPage();
  const privacy = nodeListener(shop.privacy);
  const server = createServer((request, response) => {
    const path = pathOf(request);
    if (path === shop.privacy.basePath || path.startsWith(`${shop.privacy.basePath}/`))
      return privacy(request, response);
    shopRoute({ shop, sessions, page }, request, response).catch(() =>
      send(response, 500, { code: "ERR_INTERNAL" }),
    );
  });
  await new Promise<void>((resolve, reject) =>
    server.once("error", reject).listen(port, "127.0.0.1", resolve),
  );
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => closeServer(server),
  };
}

interface Surroundings {
  readonly shop: Shop;
  readonly sessions: Sessions;
  readonly page: Page;
}

async function shopRoute(
  { shop, sessions, page }: Surroundings,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = pathOf(request);
  const file = request.method === "GET" ? page(urlOf(request)) : undefined;
  if (file !== undefined) {
    response.writeHead(200, {
      ...file.headers,
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    });
    response.end(file.content);
    return;
  }
  const who = sessions.authenticate(webRequest(request));
  switch (`${request.method} ${path}`) {
    case "POST /sign-in":
      return signIn(sessions, await readBody(request), response);
    case "GET /me":
      return send(response, 200, {
        person: who?.subjectId ?? null,
        name: PEOPLE[who?.subjectId ?? ""]?.name ?? null,
      });
    case "POST /orders": {
      if (who === null) return send(response, 401, { code: "ERR_UNAUTHENTICATED" });
      const parsed = newOrder.safeParse(await readBody(request));
      if (!parsed.success) return send(response, 400, { code: "ERR_INPUT_INVALID" });
      const placed = await shop.placeOrder(who.subjectId, parsed.data, request.headers);
      return send(response, "id" in placed ? 201 : 403, placed);
    }
    case "POST /orders/pickup": {
      const parsed = newPickup.safeParse(await readBody(request));
      if (!parsed.success) return send(response, 400, { code: "ERR_INPUT_INVALID" });
      return send(response, 201, await shop.placePickup(parsed.data.item));
    }
    case "GET /orders/label":
      return who === null
        ? send(response, 401, {})
        : send(response, 200, await shop.courierLabel(who.subjectId));
    case "GET /orders/marketing":
      return who === null
        ? send(response, 401, {})
        : send(response, 200, await shop.marketingContact(who.subjectId));
    default:
      return send(response, 404, { code: "ERR_NOT_FOUND" });
  }
}

const newOrder = z.strictObject({
  item: z.string().check(z.minLength(1), z.maxLength(80)),
  phone: z.string().check(z.regex(/^1[3-9]\d{9}$/)),
  address: z.string().check(z.minLength(1), z.maxLength(200)),
  allergy: z.nullable(z.string().check(z.maxLength(200))),
  note: z.string().check(z.maxLength(500)),
});

const newPickup = z.strictObject({ item: z.string().check(z.minLength(1), z.maxLength(80)) });

function signIn(sessions: Sessions, body: unknown, response: ServerResponse): void {
  const { person, as } = (body ?? {}) as { readonly person?: unknown; readonly as?: unknown };
  const session = typeof person === "string" ? sessions.signIn(person) : undefined;
  if (session === undefined) return send(response, 400, { code: "ERR_INPUT_INVALID" });
  if (as === "token") return send(response, 200, { person, token: session });
  response.setHeader(
    "set-cookie",
    `${SESSION_COOKIE}=${session}; Path=/; HttpOnly; SameSite=Strict`,
  );
  send(response, 200, { person });
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
  response.end(JSON.stringify(body));
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
    if (chunks.reduce((size, { length }) => size + length, 0) > 16_384) return undefined;
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    return undefined;
  }
}

function urlOf(request: IncomingMessage): URL {
  return new URL(request.url ?? "/", "http://127.0.0.1");
}

function pathOf(request: IncomingMessage): string {
  return urlOf(request).pathname;
}

function webRequest(request: IncomingMessage): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers))
    if (typeof value === "string") headers.set(name, value);
  return new Request("http://127.0.0.1/", { headers });
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
