import { PrivacyError } from "@miniprivacy/core/errors";
import type * as S3 from "@aws-sdk/client-s3";
import type { ObjectStorageClient } from "./object-storage-client.ts";

/** A bucket, the client that reaches it, and the commands to ask it with. */
export interface Bucket {
  readonly s3: typeof S3;
  readonly client: S3.S3Client;
  readonly name: string;
}

/**
 * Does one piece of work on a bucket. What the server says of a failure may quote keys: it stays with the process as the
 * cause.
 *
 * @throws PrivacyError `ERR_STORE_UNAVAILABLE`; `ERR_CONFIG_INVALID` when `@aws-sdk/client-s3` is not installed.
 */
export async function withBucket<Value>(
  client: ObjectStorageClient,
  name: string,
  work: (bucket: Bucket) => Promise<Value>,
): Promise<Value> {
  const s3 = await commands();
  try {
    return await work({ s3, client: client as unknown as S3.S3Client, name });
  } catch (cause) {
    if (cause instanceof PrivacyError) throw cause;
    throw new PrivacyError("ERR_STORE_UNAVAILABLE", { cause });
  }
}

async function commands(): Promise<typeof S3> {
  try {
    return await import("@aws-sdk/client-s3");
  } catch (cause) {
    throw new PrivacyError("ERR_CONFIG_INVALID", {
      detail: "@aws-sdk/client-s3 is not installed",
      cause,
    });
  }
}

/** The name of an error of S3, such as `NoSuchKey`, and the status it came with, if there was an answer. */
export function failureOf(cause: unknown): { readonly name: string; readonly status?: number } {
  const { name, $metadata } = cause as Partial<S3.S3ServiceException>;
  const status = $metadata?.httpStatusCode;
  return { name: name ?? "", ...(status !== undefined && { status }) };
}
