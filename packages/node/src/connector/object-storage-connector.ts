import { PrivacyError } from "@miniprivacy/core/errors";
import { type PersonalRecord, subjectFieldName } from "@miniprivacy/core/policy";
import type { SubjectIdentity } from "../subject/subject-identity.ts";
import { deleteObjects, listKeys, overwriteObject, readObject } from "./bucket-objects.ts";
import { abortUploads } from "./bucket-uploads.ts";
import { requireNoVersions } from "./bucket-versions.ts";
import type { Connector } from "./connector.ts";
import { keyPatterns, separatesTenants, type SubjectKeys, subjectKeys } from "./key-pattern.ts";
import type { ObjectStorageClient } from "./object-storage-client.ts";
import { type Bucket, withBucket } from "./s3-bucket.ts";
import { wholeRows } from "./whole-rows.ts";

export interface ObjectStorageConnectorOptions {
  readonly client: ObjectStorageClient;
  /** Name of the bucket. Never versioned and without object lock, which is made sure of before every erasure. */
  readonly bucket: string;
  /** Name of the record whose rows are the objects. */
  readonly record: string;
  /**
   * The keys of a subject: `avatars/{subjectId}/*`, `invoices/{tenant}/{subjectId}.pdf`. `*` stands at the end for any text,
   * `{tenant}` for the tenant; without it the objects are those of tenant `''`. An id that holds a character beside its
   * place, as `/` here, is refused.
   */
  readonly key: string;
  /**
   * The field that names the row, by what `*` stands for or by `key` itself where there is no `*`, and the one that is the
   * object as UTF-8.
   */
  readonly fields: { readonly name: string; readonly content: string };
  /**
   * Your word that the bucket was never versioned and has no object lock, for a server that does not say. The technique
   * repeats it. What the server says stands above it.
   */
  readonly versions?: "none-declared";
}

/** Objects that are read at once. */
const READ_AT_ONCE = 20;

/**
 * Connects objects of a bucket that speaks S3: AWS, Tencent COS, MinIO. Needs the package `@aws-sdk/client-s3`.
 *
 * @throws TypeError for a key that does not tell one subject's objects from another's.
 */
export function objectStorageConnector(options: ObjectStorageConnectorOptions): Connector {
  const { client, bucket: bucketName, record, key, fields, versions } = options;
  const patterns = keyPatterns([key]);
  const isDeclared = versions === "none-declared";
  const onBucket = <Value>(
    subject: SubjectIdentity,
    work: (bucket: Bucket, own: SubjectKeys) => Promise<Value>,
  ): Promise<Value> => {
    const [own] = subjectKeys(patterns, subject);
    return withBucket(client, bucketName, (bucket) => work(bucket, own!));
  };

  async function erase(_record: PersonalRecord, subject: SubjectIdentity): Promise<void> {
    await onBucket(subject, async (bucket, own) => {
      await requireNoVersions(bucket, isDeclared);
      // First: an upload that is finished meanwhile becomes an object.
      await abortUploads(bucket, own.prefix, (key) => isOwn(own, key));
      const keys = (await findRows(bucket, own)).map(({ key }) => key);
      await deleteObjects(bucket, keys);
    });
  }

  return {
    kind: "object",
    records: [record],
    separatesTenants: separatesTenants(patterns),
    keyField: () => fields.name,
    async describe(name) {
      if (name !== record)
        throw new PrivacyError("ERR_CONFIG_INVALID", { detail: "another record lies here" });
      const declared = "; bucket declared unversioned and unlocked by the operator";
      return {
        selector: key,
        technique: `DeleteObjects${isDeclared ? declared : ""}`,
        tool: "S3 API",
        toolVersion: "2006-03-01",
      };
    },
    async find(personalRecord, subject) {
      const subjectField = subjectFieldName(personalRecord);
      return onBucket(subject, async (bucket, own) => {
        const rows = await readRows(bucket, await findRows(bucket, own));
        return rows.map(({ name, content }) => ({
          [fields.name]: name,
          [subjectField]: subject.subjectId,
          [fields.content]: content,
        }));
      });
    },
    async count(_record, subject) {
      return onBucket(subject, async (bucket, own) => (await findRows(bucket, own)).length);
    },
    erase,
    ...wholeRows(fields.content, erase),
    async remnants() {
      return [];
    },
    async rectify(_record, subject, name, patch) {
      const content = patch[fields.content];
      return onBucket(subject, async (bucket, own) => {
        const row = (await findRows(bucket, own)).find((one) => one.name === name);
        if (row === undefined) return false;
        if (typeof content !== "string" || Object.keys(patch).length !== 1)
          throw new PrivacyError("ERR_INPUT_INVALID");
        return overwriteObject(bucket, row.key, content);
      });
    },
  };
}

interface Row {
  readonly key: string;
  readonly name: string;
}

interface ReadRow extends Row {
  readonly content: string;
}

async function findRows(bucket: Bucket, own: SubjectKeys): Promise<readonly Row[]> {
  const keys = (await listKeys(bucket, own.prefix)).filter((key) => isOwn(own, key));
  if (keys.some(isAmbiguous))
    throw new PrivacyError("ERR_CONFIG_INVALID", { detail: "a key has . or .. as a segment" });
  const { isOpen, template } = own.pattern;
  return keys.map((key) => ({ key, name: isOpen ? key.slice(own.prefix.length) : template }));
}

/** The rows with what they hold, without those that are gone meanwhile. */
async function readRows(bucket: Bucket, rows: readonly Row[]): Promise<readonly ReadRow[]> {
  const read: ReadRow[] = [];
  for (let at = 0; at < rows.length; at += READ_AT_ONCE) {
    const some = rows.slice(at, at + READ_AT_ONCE);
    const contents = await Promise.all(some.map(({ key }) => readObject(bucket, key)));
    some.forEach((row, i) => {
      const content = contents[i];
      if (content !== undefined) read.push({ ...row, content });
    });
  }
  return read;
}

function isOwn({ pattern, prefix }: SubjectKeys, key: string): boolean {
  return pattern.isOpen ? key.startsWith(prefix) : key === prefix;
}

/** On the way to the server a path may be made shorter, and then be another object's. */
function isAmbiguous(key: string): boolean {
  return key.split("/").some((part) => part === "." || part === "..");
}
