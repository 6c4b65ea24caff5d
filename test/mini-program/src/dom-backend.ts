import * as glassEasel from "glass-easel";
import { createDomElement } from "./dom-elements.ts";

/** Renders into this document; taps come from touches and mouse as a hand makes them. */
export class DomBackend extends glassEasel.CurrentWindowBackendContext {
  override document = {
    createElement: (tag: string) => createDomElement(tag) as never,
    createTextNode: (text: string) => document.createTextNode(text) as never,
    createDocumentFragment: () => document.createDocumentFragment() as never,
  };
  #sheets: HTMLStyleElement[] = [];
  override appendStyleSheetPath(path: string, styleScope?: number): number {
    const before = document.head.lastElementChild;
    const index = super.appendStyleSheetPath(path, styleScope);
    const added = document.head.lastElementChild;
    if (added !== before) this.#sheets.push(added as HTMLStyleElement);
    return index;
  }

  /** Style sheets appended since it was last asked. */
  takeStyleSheets(): readonly HTMLStyleElement[] {
    return this.#sheets.splice(0);
  }
}
