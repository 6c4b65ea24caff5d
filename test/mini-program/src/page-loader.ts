import * as glassEasel from "glass-easel";
import type { AppSpace } from "./code-space.ts";
import type { DomBackend } from "./dom-backend.ts";
import type { LoadPage, OpenPage, PageInstance } from "./page-stack.ts";

/** Opens pages inside `screen`; their styles are in force only while they are shown. */
export function createPageLoader(
  app: AppSpace,
  dom: DomBackend,
  screen: HTMLElement,
  shown: (page: OpenPage) => void,
): LoadPage {
  return (path, query) => {
    const element = document.createElement("mini-program-page");
    const place = element.appendChild(document.createElement("page"));
    screen.append(element);
    const root = app.backend.createRoot("page", app.space, `/${path}`);
    const sheets = dom.takeStyleSheets();
    const instance = root.get() as unknown as PageInstance;
    Object.assign(instance, { route: path, options: query });
    root.attach(element as never, place as never);
    call(instance, "onLoad", query);

    const lifetime = (component: string, page: string) => {
      root.getComponent().triggerPageLifetime(component, []);
      call(instance, page);
    };
    let ready = false;
    let visible = true;
    const display = (now: boolean) => {
      visible = now;
      element.hidden = !now;
      for (const sheet of sheets)
        if (now) document.head.append(sheet);
        else sheet.remove();
    };
    const page: OpenPage = {
      path,
      query,
      instance,
      element,
      show() {
        display(true);
        shown(page);
        lifetime("show", "onShow");
        if (ready) return;
        ready = true;
        queueMicrotask(() => call(instance, "onReady"));
      },
      hide() {
        if (!visible) return;
        display(false);
        lifetime("hide", "onHide");
      },
      unload() {
        display(false);
        call(instance, "onUnload");
        root.release();
        element.remove();
      },
    };
    return page;
  };
}

function call(instance: PageInstance, method: string, ...values: readonly unknown[]): void {
  const handler = instance[method];
  if (typeof handler === "function")
    glassEasel.safeCallback(method, handler as (...values: unknown[]) => unknown, instance, [
      ...values,
    ]);
}
