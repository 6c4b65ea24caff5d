declare const Component: (definition: object) => void;

/** What a component consists of; `this` is the instance. */
export interface ComponentDefinition<Instance> {
  readonly properties?: { readonly [name: string]: object };
  readonly data: object;
  readonly lifetimes?: Methods<Instance>;
  readonly pageLifetimes?: Methods<Instance>;
  readonly observers?: Methods<Instance>;
  readonly methods?: Methods<Instance>;
}

type Methods<Instance> = {
  readonly [name: string]: (this: Instance, event: never) => void;
};

/** Registers a component with whatever `Component` is by then. */
export function defineComponent<Instance>(definition: ComponentDefinition<Instance>): void {
  Component(definition);
}
