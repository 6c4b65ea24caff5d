import { createHash } from "node:crypto";
import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { PrivacyError } from "@miniprivacy/core/errors";
import type * as S3 from "@aws-sdk/client-s3";

interface Command {
  readonly middlewareStack: object;
}

/**
 * Takes no other document than the one asked for: a server that does not know a question may answer another one, and
 * what is missing from that answer would read as a no.
 *
 * @param root Name of the document's root element.
 */
export function expectingDocument<Asked extends Command>(command: Asked, root: string): Asked {
  stackOf(command).add(
    (next) => async (args) => {
      const result = await next(args);
      const response = result.response as { statusCode: number; body: Readable };
      if (response.statusCode >= 300) return result;
      const body = await buffer(response.body);
      if (rootOf(body.toString()) !== root)
        throw new PrivacyError("ERR_STORE_UNAVAILABLE", { detail: "the answer is none of S3's" });
      Object.assign(response, { body });
      return result;
    },
    { name: "expectingDocument", step: "deserialize", priority: "low" },
  );
  return command;
}

/** With the digest that Tencent COS, Alibaba OSS and older servers ask for in place of the one of AWS. */
export function withContentMd5<Asked extends Command>(command: Asked): Asked {
  stackOf(command).add(
    (next) => (args) => {
      const { headers, body } = args.request as { headers: Record<string, string>; body: string };
      for (const name of Object.keys(headers))
        if (/^x-amz-(?:sdk-)?checksum-/i.test(name)) delete headers[name];
      headers["content-md5"] = createHash("md5").update(body).digest("base64");
      return next(args);
    },
    { name: "withContentMd5", step: "build", priority: "low" },
  );
  return command;
}

function rootOf(document: string): string | undefined {
  return /^\s*(?:<\?xml[^>]*\?>\s*)?<(\w+)/.exec(document)?.[1];
}

/** The middleware of one command, typed as that of a client. */
function stackOf({ middlewareStack }: Command): S3.S3Client["middlewareStack"] {
  return middlewareStack as S3.S3Client["middlewareStack"];
}
