import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import { PrivacyError } from "@miniprivacy/core/errors";
import { parsePolicy, type Policy } from "@miniprivacy/core/policy";
import { loadHostModule } from "./host-module.ts";

export const POLICY_FILE = "policy.ts";

/**
 * Reads a policy: what a module exports as `policy` or by default, or JSON.
 *
 * @throws PrivacyError `ERR_CONFIG_INVALID` when the file cannot be loaded or exports no policy; `ERR_POLICY_INVALID`
 *   when what it exports has not the shape of one.
 */
export async function readPolicy(path: string): Promise<Policy> {
  if (extname(path) === ".json") return parsePolicy(await readJson(path));
  const module = await loadHostModule(path);
  const policy = module["policy"] ?? module["default"];
  if (policy === undefined)
    throw new PrivacyError("ERR_CONFIG_INVALID", {
      detail: `${path} exports neither policy nor a default`,
    });
  return parsePolicy(policy);
}

/** @throws PrivacyError `ERR_CONFIG_INVALID` when there is no such file, or it is not JSON. */
export async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch {
    // The cause stays here: a parser's error quotes what it read.
    throw new PrivacyError("ERR_CONFIG_INVALID", { detail: `${path} cannot be read as JSON` });
  }
}
