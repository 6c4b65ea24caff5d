import type * as glassEasel from "glass-easel";
import { type CodeSpace, MiniProgramEnv } from "glass-easel-miniprogram-adapter";
import type { AppCode } from "./app-code.ts";
import { type AppFiles, styleScopeOf } from "./app-files.ts";
import type { DomBackend } from "./dom-backend.ts";

/** The app's components, where it finds them by path, and a way to put a page on the screen. */
export interface AppSpace {
  readonly space: CodeSpace;
  readonly backend: ReturnType<MiniProgramEnv["associateBackend"]>;
}

/** Registers templates, styles and JSON; the app's own code comes later. */
export function createAppSpace(app: AppFiles, code: AppCode, dom: DomBackend): AppSpace {
  const environment = new MiniProgramEnv();
  const backend = environment.associateBackend(dom);
  const space = environment.createCodeSpace("", true);
  space.getComponentSpace().updateComponentOptions({
    writeIdToDOM: true,
    // Frameworks bind handlers by expression.
    useMethodCallerListeners: true,
  });
  announceReady(space);
  const groupList = code.templates(getRegExp, getDate);
  for (const [path, css] of Object.entries(app.styles)) {
    backend.registerStyleSheetContent(path, css);
    space.addStyleSheet(path, path, styleScopeOf(path));
  }
  for (const [path, config] of Object.entries(app.components)) {
    space.addComponentStaticConfig(path, config);
    // `bindtap` without a colon is an event also where there is no component behind the tag.
    const fallbackListenerOnNativeNode = true;
    const content = groupList[path]!;
    space.addCompiledTemplate(path, { groupList, content, fallbackListenerOnNativeNode });
  }
  return { space, backend };
}

/** The engine leaves `ready` to its host: it comes when the page's first `show` has run. */
function announceReady(space: CodeSpace): void {
  const everywhere = space.getComponentSpace().define();
  everywhere.lifetime("attached", function (this: unknown) {
    const { _$: component } = this as { readonly _$: glassEasel.GeneralComponent };
    queueMicrotask(() => component.triggerLifetime("ready", []));
  });
  space.setOverallBehavior(everywhere.registerBehavior() as never);
}

function getRegExp(pattern: string, flags?: string): RegExp {
  return new RegExp(pattern, flags);
}

function getDate(...time: unknown[]): Date {
  return new Date(...(time as []));
}
