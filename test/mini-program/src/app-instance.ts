/** The object `App` registered, with its lifetimes. */
export interface AppInstance {
  /** Tells the app; nothing happens where it has no such method. */
  tell(lifetime: "onLaunch" | "onShow" | "onHide", options?: object): void;
  /** What `getApp()` answers. */
  get(): Record<string, unknown>;
  /** The app's `App`. */
  register(definition: Record<string, unknown>): void;
}

export function createAppInstance(): AppInstance {
  const instance: Record<string, unknown> = {};
  return {
    get: () => instance,
    register: (definition) => void Object.assign(instance, definition),
    tell(lifetime, options) {
      const handler = instance[lifetime];
      if (typeof handler === "function") handler.call(instance, options);
    },
  };
}
