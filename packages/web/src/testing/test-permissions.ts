import { hostError } from "../platform/call-host.ts";

/** The permission popups, one for each scope; a refused one never comes again. */
export interface Permissions {
  /** @throws as the host fails: 103 */
  pass(name: string, scope: string | undefined): void;
  /** What has been asked for so far. */
  readonly authSetting: { readonly [scope: string]: boolean };
}

export function createPermissions(
  decide: (scope: string) => boolean,
  popups: string[],
): Permissions {
  const authSetting: { [scope: string]: boolean } = {};
  return {
    authSetting,
    pass(name, scope) {
      if (scope === undefined) return;
      if (!(scope in authSetting)) {
        popups.push(scope);
        authSetting[scope] = decide(scope);
      }
      if (!authSetting[scope]) throw hostError(`${name}:fail auth deny`, 103);
    },
  };
}
