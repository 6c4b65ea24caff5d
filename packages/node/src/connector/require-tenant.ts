import { PrivacyError } from "@miniprivacy/core/errors";

/**
 * Stops a call for a tenant whose rows a store could not tell from another's.
 *
 * @throws PrivacyError `ERR_CONFIG_INVALID`
 */
export function requireTenant(separatesTenants: boolean, tenant: string): void {
  if (separatesTenants || tenant === "") return;
  throw new PrivacyError("ERR_CONFIG_INVALID", { detail: "the store does not tell tenants apart" });
}
