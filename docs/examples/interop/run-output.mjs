import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { compileFunction, createContext, runInContext } from "node:vm";

/**
 * A built mini-program on the least of a host: CommonJS, `wx`, `App`, and a `Component` that keeps what it is given. There
 * is no template, no event and no evaluation of text.
 */
export function runOutput(wx) {
  let app;
  let definition;
  const keep = (given) => void (definition = given);
  const globals = {
    wx,
    console,
    setTimeout,
    clearTimeout,
    Page: keep,
    Component: keep,
    Behavior: (behavior) => behavior,
    App: (given) => void (app = given),
    getApp: () => app,
    getCurrentPages: () => [],
  };
  // Frameworks put functions of their own in place of Page and Component.
  const parsingContext = createContext(globals, {
    codeGeneration: { strings: false, wasm: false },
  });
  globals.global = runInContext("globalThis", parsingContext);
  const loaded = new Map();

  function load(file) {
    const known = loaded.get(file);
    if (known !== undefined) return known.exports;
    const module = { exports: {} };
    loaded.set(file, module);
    const code = compileFunction(readFileSync(file, "utf8"), ["require", "module", "exports"], {
      filename: file,
      parsingContext,
    });
    const require = (path) =>
      load(resolve(dirname(file), path.endsWith(".js") ? path : `${path}.js`));
    code(require, module, module.exports);
    return module.exports;
  }

  return {
    load,
    app: () => app,
    /** Registers a component and attaches one. */
    attach(file, method) {
      definition = undefined;
      load(file);
      assert.ok(definition, `${file} registers a component`);
      const { created, data, lifetimes, methods } = definition;
      assert.equal(typeof methods[method], "function", `${file} has ${method}`);
      const instance = {
        ...methods,
        data: structuredClone(data),
        setData: (change) => void Object.assign(instance.data, change),
        triggerEvent() {},
      };
      created?.call(instance);
      lifetimes.attached.call(instance);
      return instance;
    },
  };
}
