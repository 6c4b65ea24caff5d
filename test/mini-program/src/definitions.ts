import type { CodeSpace } from "glass-easel-miniprogram-adapter";

type Definition = Record<string, unknown> & { readonly behaviors?: readonly unknown[] };
type Define = (definition: Definition) => unknown;

/** `Page`, `Component` and `Behavior` as a file of the app sees them while it is loaded. */
export interface Definitions {
  readonly Page: Define;
  readonly Component: Define;
  readonly Behavior: Define;
}

/**
 * The three functions; `Page` and `Component` register what the file at `currentPath` is.
 *
 * @param currentPath Path without ending of the page or component being loaded.
 */
export function createDefinitions(space: CodeSpace, currentPath: () => string): Definitions {
  const nothing = space.behavior().definition({}).register();
  /** `wx://form-field` and its like are built into the platform; here they add nothing. */
  const known = (definition: Definition): never =>
    ({
      ...definition,
      ...(definition.behaviors && {
        behaviors: definition.behaviors.map((one) => (typeof one === "string" ? nothing : one)),
      }),
    }) as never;
  return {
    Page: (definition) => space.componentEnv(currentPath(), ({ Page }) => Page(known(definition))),
    Component: (definition) =>
      space.componentEnv(currentPath(), ({ Component }) => Component(known(definition))),
    Behavior: (definition) => space.behavior().definition(known(definition)).register(),
  };
}
