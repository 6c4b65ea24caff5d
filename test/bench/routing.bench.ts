import { Agent, createServer, get, type IncomingMessage, type RequestListener } from "node:http";
import { type AddressInfo } from "node:net";
import { createPrivacy, nodeListener } from "@miniprivacy/node";
import { memoryDatabase } from "@miniprivacy/node/testing";
import { afterAll, bench, describe } from "vitest";
import { policy } from "../../docs/examples/first-steps/policy.ts";

// What our routes cost over a bare node:http handler that answers the same bytes: goal at most 1 ms a request.
// One client on one kept-alive connection a server, all in this process; no session, no body, no write. The table
// gives each alone; the lines below it give the median of the differences of interleaved pairs.

const PAIRS = 3000;
const PATHS = ["/privacy/health", "/privacy/policy"];
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const privacy = await createPrivacy({
  policy,
  records: [],
  database: await memoryDatabase(),
  connectors: {},
  backups: "none",
  authenticate: () => null,
});
const closing: (() => void)[] = [];
const ours = await listen(nodeListener(privacy));
const routes = await Promise.all(PATHS.map(async (path) => ({ path, bare: await bareOf(path) })));

afterAll(async () => {
  for (const { path, bare } of routes) process.stdout.write(`${await compare(path, bare)}\n`);
  agent.destroy();
  for (const close of closing) close();
  await privacy.close();
});

describe.each(routes)("GET $path", ({ path, bare }) => {
  bench("bare node:http handler (limit)", () => take(bare + path));
  bench("nodeListener", () => take(ours + path));
});

async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A server that knows one answer by heart. */
async function bareOf(path: string): Promise<string> {
  const answer = await fetch(ours + path);
  if (!answer.ok) throw new Error(`${path} is ${answer.status}`);
  const body = Buffer.from(await answer.arrayBuffer());
  const headers = { "content-type": answer.headers.get("content-type")! };
  return listen((_request, response) =>
    response.writeHead(200, { ...headers, "content-length": body.length }).end(body),
  );
}

async function take(url: string): Promise<void> {
  const response = await new Promise<IncomingMessage>((resolve, reject) =>
    get(url, { agent }, resolve).on("error", reject),
  );
  for await (const _part of response);
}

async function compare(path: string, bare: string): Promise<string> {
  const pairs: { readonly peer: number; readonly own: number }[] = [];
  for (let i = 0; i < PAIRS; i++) {
    const peer = await timed(bare + path);
    pairs.push({ peer, own: await timed(ours + path) });
  }
  const over = median(pairs.map(({ peer, own }) => own - peer));
  const [peer, own] = [
    median(pairs.map((pair) => pair.peer)),
    median(pairs.map((pair) => pair.own)),
  ];
  return `GET ${path}: ${over.toFixed(3)} ms over the bare handler (${own.toFixed(3)} beside ${peer.toFixed(3)}, x ${(own / peer).toFixed(2)})`;
}

async function timed(url: string): Promise<number> {
  const start = performance.now();
  await take(url);
  return performance.now() - start;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}
