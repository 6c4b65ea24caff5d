import { PrivacyError } from "@miniprivacy/core/errors";
import { databaseJournal } from "./database-journal.ts";
import { fileJournal } from "./file-journal.ts";
import type { Journal } from "./journal.ts";
import { objectStorageJournal } from "./object-storage-journal.ts";

/**
 * Opens the journal that a place names: a folder, `postgres://user@host/database`, or `s3://bucket/prefix`, with region,
 * endpoint and credentials as the AWS SDK finds them in the environment.
 *
 * @throws PrivacyError `ERR_CONFIG_INVALID` when `@aws-sdk/client-s3` is needed and not installed.
 */
export async function openJournal(place: string): Promise<Journal> {
  if (/^postgres(?:ql)?:\/\//.test(place)) return databaseJournal(place);
  if (!place.startsWith("s3://")) return fileJournal(place);
  const { host, pathname } = new URL(place);
  const prefix = pathname.slice(1);
  return objectStorageJournal({
    client: await clientOfEnvironment(),
    bucket: host,
    prefix: prefix === "" || prefix.endsWith("/") ? prefix : `${prefix}/`,
  });
}

async function clientOfEnvironment() {
  try {
    const { S3Client } = await import("@aws-sdk/client-s3");
    return new S3Client();
  } catch (cause) {
    throw new PrivacyError("ERR_CONFIG_INVALID", {
      detail: "@aws-sdk/client-s3 is not installed, or finds no region",
      cause,
    });
  }
}
