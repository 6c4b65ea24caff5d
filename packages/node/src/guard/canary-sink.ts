import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { brotliDecompressSync, inflateSync, unzipSync } from "node:zlib";
import { readingsOf } from "./planted-value.ts";

/** A server of this machine's that keeps what it is sent. */
export interface CanarySink {
  /** Without a slash at the end. */
  readonly url: string;
  /** What URL, headers and body of each request can be read as, in order of arrival. */
  readonly arrivals: readonly string[];
  close(): Promise<void>;
}

/** More of a body is not kept. */
const MOST_BYTES = 100_000;

/** Opens a sink on 127.0.0.1 and a free port. It answers `{}`. */
export async function openCanarySink(): Promise<CanarySink> {
  const arrivals: string[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      arrivals.push(readingsOf(await readRequest(request)));
      response.writeHead(200, { "content-type": "application/json" }).end("{}");
    })();
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    arrivals,
    close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      return closed;
    },
  };
}

/** What came of a request, also of one that broke off. */
async function readRequest(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size <= MOST_BYTES) chunks.push(chunk);
    }
  } catch {
    // It broke off.
  }
  const body = unpacked(Buffer.concat(chunks), request.headers["content-encoding"]);
  return [request.url, ...request.rawHeaders, body.toString()].join("\n");
}

function unpacked(body: Buffer, encoding: string | undefined): Buffer {
  const limit = { maxOutputLength: MOST_BYTES };
  try {
    if (encoding === "gzip" || encoding === "x-gzip") return unzipSync(body, limit);
    if (encoding === "deflate") return inflateSync(body, limit);
    return encoding === "br" ? brotliDecompressSync(body, limit) : body;
  } catch {
    return body;
  }
}
