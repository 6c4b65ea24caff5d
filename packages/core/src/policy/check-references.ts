import type { Policy } from "./policy.ts";
import { type PolicyFinding, policyError } from "./policy-finding.ts";
import { WEIXIN_PRIVACY_KEYS } from "../platform/weixin-privacy-key.ts";

/** Ids that are malformed or point at nothing: possible in a policy that was read from JSON. */
export function checkReferences(policy: Policy): readonly PolicyFinding[] {
  const tables = ["categories", "recipients", "purposes", "sdks", "holds"] as const;
  const ids = tables.flatMap((table) =>
    Object.keys(policy[table] ?? {}).map((id) => ({ id, path: `${table}.${id}` })),
  );
  const badIds = [{ id: policy.id, path: "id" }, ...ids].filter(
    ({ id }) => !/^[A-Za-z][A-Za-z0-9-]{0,63}$/.test(id),
  );
  const users = [
    ...Object.entries(policy.purposes).map(([id, { categories }]) => ({
      path: `purposes.${id}`,
      categories,
    })),
    ...Object.entries(policy.sdks ?? {}).map(([id, { categories }]) => ({
      path: `sdks.${id}`,
      categories,
    })),
    ...Object.entries(policy.holds ?? {}).map(([id, { categories }]) => ({
      path: `holds.${id}`,
      categories,
    })),
  ];
  return [
    ...badIds.map(({ path }) => finding("bad-id", path)),
    ...users.flatMap(({ path, categories }) =>
      missing(policy.categories, categories, `${path}.categories`),
    ),
    ...users
      .filter(({ categories }) => categories.length === 0)
      .map(({ path }) => finding("purpose-without-category", path)),
    ...Object.entries(policy.purposes).flatMap(([id, { recipients = [] }]) =>
      missing(policy.recipients, recipients, `purposes.${id}.recipients`),
    ),
    ...Object.entries(policy.sdks ?? {})
      .filter(([, { purpose }]) => !Object.hasOwn(policy.purposes, purpose))
      .map(([id]) => finding("unknown-reference", `sdks.${id}.purpose`)),
    ...Object.entries(policy.sdks ?? {})
      .filter(([, { recipient }]) => isMissing(policy.recipients, recipient))
      .map(([id]) => finding("unknown-reference", `sdks.${id}.recipient`)),
    ...(isMissing(policy.sdks ?? {}, policy.platforms?.tcmpp?.sdk)
      ? [finding("unknown-reference", "platforms.tcmpp.sdk")]
      : []),
    ...Object.entries(policy.categories)
      .filter(
        ([, { weixinPrivacyKey }]) =>
          weixinPrivacyKey !== undefined && !isWeixinPrivacyKey(weixinPrivacyKey),
      )
      .map(([id]) => finding("unknown-reference", `categories.${id}.weixinPrivacyKey`)),
  ];
}

function missing(table: object, ids: readonly string[], path: string): readonly PolicyFinding[] {
  return ids.flatMap((id, i) =>
    isMissing(table, id) ? [finding("unknown-reference", `${path}.${i}`)] : [],
  );
}

function isMissing(table: object, id: string | undefined): boolean {
  return id !== undefined && !Object.hasOwn(table, id);
}

function isWeixinPrivacyKey(key: string): boolean {
  return /^custom:./.test(key) || WEIXIN_PRIVACY_KEYS.some((known) => known === key);
}

function finding(
  code: "bad-id" | "unknown-reference" | "purpose-without-category",
  path: string,
): PolicyFinding {
  return policyError(code, path, ["PIPL-17"]);
}
