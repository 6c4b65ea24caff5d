import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface SimulateOptions {
  /** Folder that `/` in paths of components means (that of the component). */
  readonly root?: string;
  /** What `wx` is for the component (an empty object). */
  readonly wx?: object;
  readonly properties?: Readonly<Record<string, unknown>>;
}

export interface Simulated {
  readonly component: SimulatedComponent;
  /** Where it stands in the document. */
  readonly element: HTMLElement;
  /** A finger on the first element that matches, in the component itself. */
  tap(selector: string): Promise<void>;
  stop(): void;
}

/** What tests use of the framework's own handle on a component. */
export interface SimulatedComponent {
  readonly data: Readonly<Record<string, unknown>>;
  readonly instance: Record<string, unknown>;
  setData(data: Readonly<Record<string, unknown>>): void;
  querySelector(selector: string): SimulatedComponent | undefined;
  dispatchEvent(type: string): void;
  addEventListener(type: string, listener: (event: { readonly detail: unknown }) => void): void;
  attach(parent: Node): void;
  detach(): void;
}

/**
 * Renders one component with Weixin's official template compiler and its older framework: a second
 * opinion beside the container. Needs a DOM, so the test runs in jsdom.
 *
 * @param path The component's files without ending, below `root`.
 */
export async function simulate(path: string, options: SimulateOptions = {}): Promise<Simulated> {
  const framework = await loadFramework(options.wx ?? {});
  const root = options.root ?? join(path, "..");
  const copy = copyAsCommonJs(root);
  const id = framework.load(join(copy, path.slice(root.length)), "main", { rootPath: copy });
  const rendered: unknown = framework.render(id, { ...options.properties });
  const component = rendered as SimulatedComponent;
  const element = document.body.appendChild(document.createElement("div"));
  component.attach(element);
  return {
    component,
    element,
    async tap(selector) {
      const target = component.querySelector(selector);
      if (target === undefined) throw new Error(`${selector} is not in ${path}`);
      for (const type of ["touchstart", "touchend"]) target.dispatchEvent(type);
      await framework.sleep(20);
    },
    stop() {
      component.detach();
      element.remove();
      rmSync(copy, { recursive: true });
    },
  };
}

/** Node takes a file for a module by the package around it; the copy has one that says it is none. */
function copyAsCommonJs(root: string): string {
  const copy = mkdtempSync(join(tmpdir(), "mini-program-simulate-"));
  cpSync(root, copy, { recursive: true });
  writeFileSync(join(copy, "package.json"), '{ "type": "commonjs" }');
  return copy;
}

/** It looks for a window when it is loaded, and leaves a `wx` there that answers `ok` to everything. */
async function loadFramework(wx: object) {
  const { default: framework } = await import("miniprogram-simulate");
  Object.assign(globalThis, { wx });
  return framework;
}
