import { createHash } from "node:crypto";
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { s3Client, type TestBucket } from "./test-bucket.ts";

export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers?: { readonly etag: string };
}

/** What a bucket is asked, by the parameter that asks it; `object` is an object itself. */
export type Question = "versioning" | "object-lock" | "uploads" | "list-type" | "delete" | "object";

/** A bucket in memory that answers as S3 does, and otherwise what a test wants. */
export interface AnsweringBucket extends TestBucket {
  /** Texts by key. */
  readonly objects: Map<string, string>;
  /** Keys by the id of an upload that was begun. */
  readonly uploads: Map<string, string>;
  /** Answers in place of its own; undefined for its own all the same. */
  readonly answers: {
    [Asked in Question]?: (asking: Asking) => Answer | "hang up" | "keep silent" | undefined;
  };
  /** What it was asked, in turn. */
  readonly asked: Question[];
}

export function xml(root: string, content = ""): Answer {
  return {
    status: 200,
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${content}</${root}>`,
  };
}

export function failure(status: number, code: string): Answer {
  return { status, body: `<Error><Code>${code}</Code><Message>of who-4711</Message></Error>` };
}

export interface Asking {
  readonly method: string;
  readonly key: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export async function answeringBucket({
  pageSize = 1000,
  ...patience
}: { pageSize?: number; socketTimeout?: number } = {}): Promise<AnsweringBucket> {
  const objects = new Map<string, string>();
  const uploads = new Map<string, string>();
  const answers: AnsweringBucket["answers"] = {};
  const asked: Question[] = [];
  const own: { readonly [Asked in Question]: (asking: Asking) => Answer } = {
    versioning: () => xml("VersioningConfiguration"),
    "object-lock": () => failure(404, "ObjectLockConfigurationNotFoundError"),
    uploads: ({ query }) => uploadsPage(uploads, query, pageSize),
    "list-type": ({ query }) => keysPage(objects, query, pageSize),
    delete: (asking) => deleted(objects, asking),
    object: (asking) =>
      asking.query.has("uploadId") ? aborted(uploads, asking) : ofObject(objects, asking),
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path = "", parameters] = request.url!.split("?");
    const asking: Asking = {
      method: request.method!,
      key: decodeURIComponent(path.split("/").slice(2).join("/")),
      query: new URLSearchParams(parameters),
      headers: request.headers,
      body: await text(request),
    };
    const question = asking.key === "" ? questionOf(asking.query) : "object";
    asked.push(question);
    const said = answers[question]?.(asking) ?? own[question](asking);
    if (said === "hang up") request.socket.destroy();
    else if (said !== "keep silent") response.writeHead(said.status, said.headers).end(said.body);
  }

  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const client = s3Client((server.address() as AddressInfo).port, patience);
  return {
    client,
    bucket: "answers",
    // What XML has no spelling for, DeleteObjects cannot name.
    holds: (key) => !key.includes("\0") && Buffer.byteLength(key) <= 1024,
    textOf: async (key) => objects.get(key),
    objects,
    uploads,
    answers,
    asked,
    async close() {
      client.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function questionOf(query: URLSearchParams): Question {
  const known = ["versioning", "object-lock", "uploads", "list-type", "delete"] as const;
  return known.find((question) => query.has(question))!;
}

function keysPage(
  objects: ReadonlyMap<string, string>,
  query: URLSearchParams,
  pageSize: number,
): Answer {
  const after = query.get("continuation-token") ?? "";
  const keys = [...objects.keys()]
    .filter((key) => key.startsWith(query.get("prefix")!) && key > after)
    .toSorted();
  const page = keys.slice(0, pageSize);
  const next = keys.length > pageSize ? page.at(-1) : undefined;
  return xml(
    "ListBucketResult",
    `<EncodingType>url</EncodingType><IsTruncated>${next !== undefined}</IsTruncated>` +
      (next === undefined
        ? ""
        : `<NextContinuationToken>${escaped(next)}</NextContinuationToken>`) +
      page.map((key) => `<Contents><Key>${urlEncoded(key)}</Key></Contents>`).join(""),
  );
}

function uploadsPage(
  uploads: ReadonlyMap<string, string>,
  query: URLSearchParams,
  pageSize: number,
): Answer {
  const placeOf = (key: string, id: string): string => `${key}\0${id}`;
  const after = placeOf(query.get("key-marker") ?? "", query.get("upload-id-marker") ?? "");
  const all = [...uploads]
    .map(([id, key]) => ({ id, key, place: placeOf(key, id) }))
    .filter(({ key, place }) => key.startsWith(query.get("prefix")!) && place > after)
    .toSorted((one, other) => (one.place < other.place ? -1 : 1));
  const page = all.slice(0, pageSize);
  const next = all.length > pageSize ? page.at(-1) : undefined;
  return xml(
    "ListMultipartUploadsResult",
    `<EncodingType>url</EncodingType><IsTruncated>${next !== undefined}</IsTruncated>` +
      (next === undefined
        ? ""
        : `<NextKeyMarker>${urlEncoded(next.key)}</NextKeyMarker><NextUploadIdMarker>${next.id}</NextUploadIdMarker>`) +
      page
        .map(
          ({ id, key }) =>
            `<Upload><Key>${urlEncoded(key)}</Key><UploadId>${id}</UploadId></Upload>`,
        )
        .join(""),
  );
}

function deleted(objects: Map<string, string>, { body, headers }: Asking): Answer {
  const keys = [...body.matchAll(/<Key>(.*?)<\/Key>/gs)].map(([, key]) => unescaped(key!));
  if (headers["content-md5"] !== createHash("md5").update(body).digest("base64"))
    return failure(400, "MissingContentMD5");
  if (keys.length > 1000) return failure(400, "MalformedXML");
  keys.forEach((key) => objects.delete(key));
  return xml(
    "DeleteResult",
    keys.map((key) => `<Deleted><Key>${escaped(key)}</Key></Deleted>`).join(""),
  );
}

function ofObject(objects: Map<string, string>, { method, key, headers, body }: Asking): Answer {
  const before = objects.get(key);
  const expected = headers["if-match"];
  switch (method) {
    case "DELETE":
      objects.delete(key);
      return { status: 204, body: "" };
    case "PUT":
      if (expected !== undefined && (before === undefined || expected !== etagOf(before)))
        return failure(412, "PreconditionFailed");
      objects.set(key, body);
      return { status: 200, body: "" };
    default:
      if (before === undefined) return failure(404, "NoSuchKey");
      return {
        status: 200,
        body: method === "HEAD" ? "" : before,
        headers: { etag: etagOf(before) },
      };
  }
}

function etagOf(content: string): string {
  return JSON.stringify(createHash("md5").update(content).digest("hex"));
}

function aborted(uploads: Map<string, string>, { query }: Asking): Answer {
  return uploads.delete(query.get("uploadId")!)
    ? { status: 204, body: "" }
    : failure(404, "NoSuchUpload");
}

/** As AWS spells keys in its lists. */
function urlEncoded(key: string): string {
  return encodeURIComponent(key).replaceAll("%20", "+").replaceAll("%2F", "/");
}

function escaped(value: string): string {
  return value.replace(/[&<>\r\n"]/g, (char) => `&#${char.charCodeAt(0)};`);
}

function unescaped(value: string): string {
  const named: Readonly<Record<string, string>> = {
    amp: "&",
    lt: "<",
    gt: ">",
    quot: '"',
    apos: "'",
  };
  return value.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (_all, hex, decimal, name) => {
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    return decimal === undefined ? named[name]! : String.fromCodePoint(Number(decimal));
  });
}
