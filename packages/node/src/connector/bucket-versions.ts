import { PrivacyError } from "@miniprivacy/core/errors";
import { type Bucket, failureOf } from "./s3-bucket.ts";
import { expectingDocument } from "./s3-command.ts";

/** Whether a bucket keeps what is deleted: old versions, objects under lock. `untold`: its server does not say. */
type BucketVersions = "none" | "versioned" | "locked" | "untold";

/**
 * Makes sure that what is deleted from a bucket is gone.
 *
 * @param isDeclared Whether the operator vouches for it: good where the server does not say, not against what it says.
 * @throws PrivacyError `ERR_CONFIG_INVALID`; what the client throws when there is no answer for now.
 */
export async function requireNoVersions(bucket: Bucket, isDeclared: boolean): Promise<void> {
  const versions = await bucketVersions(bucket);
  switch (versions) {
    case "none":
      return;
    case "versioned":
    case "locked":
      throw new PrivacyError("ERR_CONFIG_INVALID", { detail: `the bucket is ${versions}` });
    case "untold":
      if (isDeclared) return;
      throw new PrivacyError("ERR_CONFIG_INVALID", {
        detail: "it cannot be told whether the bucket is versioned or locked",
      });
    default:
      versions satisfies never;
  }
}

async function bucketVersions(bucket: Bucket): Promise<BucketVersions> {
  const versions = await told(versioning(bucket));
  return versions === "none" ? told(locking(bucket)) : versions;
}

/** A bucket whose versioning was suspended keeps the versions from before, and makes markers of deletions. */
async function versioning({ s3, client, name }: Bucket): Promise<BucketVersions> {
  const question = new s3.GetBucketVersioningCommand({ Bucket: name });
  const { Status } = await client.send(expectingDocument(question, "VersioningConfiguration"));
  if (Status === undefined) return "none";
  return Status === "Enabled" || Status === "Suspended" ? "versioned" : "untold";
}

async function locking({ s3, client, name }: Bucket): Promise<BucketVersions> {
  try {
    const question = new s3.GetObjectLockConfigurationCommand({ Bucket: name });
    const { ObjectLockConfiguration } = await client.send(question);
    return ObjectLockConfiguration?.ObjectLockEnabled === "Enabled" ? "locked" : "untold";
  } catch (cause) {
    if (failureOf(cause).name === "ObjectLockConfigurationNotFoundError") return "none";
    throw cause;
  }
}

/** A server that refuses the question, or answers another one, has told nothing; one that fails may tell later. */
async function told(answer: Promise<BucketVersions>): Promise<BucketVersions> {
  try {
    return await answer;
  } catch (cause) {
    if (cause instanceof PrivacyError || isRefusal(failureOf(cause).status)) return "untold";
    throw cause;
  }
}

const TOO_MANY_REQUESTS = 429;
const NOT_IMPLEMENTED = 501;

function isRefusal(status = 0): boolean {
  const isOfClient = status >= 400 && status < 500;
  return status === NOT_IMPLEMENTED || (isOfClient && status !== TOO_MANY_REQUESTS);
}
