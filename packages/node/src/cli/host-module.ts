import { stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { PrivacyError } from "@miniprivacy/core/errors";

/** A module of the host, as far as is known. */
export type HostModule = { readonly [name: string]: unknown };

/**
 * Loads a module of the host, TypeScript or JavaScript, without a build. What it imports of ours are the very modules
 * that this command runs.
 *
 * @throws PrivacyError `ERR_CONFIG_INVALID` when there is no such file, or it cannot be loaded.
 */
export async function loadHostModule(path: string): Promise<HostModule> {
  const file = resolve(path);
  if (!(await stat(file).catch(() => undefined))?.isFile())
    throw new PrivacyError("ERR_CONFIG_INVALID", { detail: `there is no file ${path}` });
  const { createJiti } = await import("jiti");
  const virtualModules = { ...(await ours()), ...(hasZod(file) ? {} : await ownZod()) };
  const jiti = createJiti(import.meta.url, {
    interopDefault: false,
    fsCache: false,
    virtualModules,
  });
  try {
    return await jiti.import<HostModule>(file);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split("\n", 1)[0]! : typeof cause;
    throw new PrivacyError("ERR_CONFIG_INVALID", {
      detail: `${path} cannot be loaded: ${reason}`,
      cause,
    });
  }
}

/** Modules by the names they are imported by. */
type Modules = { readonly [specifier: string]: unknown };

async function ours(): Promise<Modules> {
  const [core, policy, errors, sensitiveData, node] = await Promise.all([
    import("@miniprivacy/core"),
    import("@miniprivacy/core/policy"),
    import("@miniprivacy/core/errors"),
    import("@miniprivacy/core/sensitive-data"),
    import("../index.ts"),
  ]);
  return {
    "@miniprivacy/core": core,
    "@miniprivacy/core/policy": policy,
    "@miniprivacy/core/errors": errors,
    "@miniprivacy/core/sensitive-data": sensitiveData,
    "@miniprivacy/node": node,
  };
}

function hasZod(file: string): boolean {
  try {
    createRequire(file).resolve("zod");
    return true;
  } catch {
    return false;
  }
}

/** What `init` writes can be checked before anything is installed beside it. */
async function ownZod(): Promise<Modules> {
  const [zod, mini] = await Promise.all([import("zod"), import("zod/mini")]);
  return { zod, "zod/mini": mini };
}
