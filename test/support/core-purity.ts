// Core decides without a clock, randomness or locale: in its test suite these throw when core's own code reaches for them.
const CORE_SOURCE = /packages\/core\/src\/(?!.*\.(test|bench|fixture)\.ts)/;

function calledFromCore(): boolean {
  const caller = new Error("trace").stack?.split("\n")[3] ?? "";
  return CORE_SOURCE.test(caller);
}

function guarded<Value extends (...all: never[]) => unknown>(name: string, original: Value): Value {
  return function (this: unknown, ...all: never[]) {
    if (calledFromCore()) throw new Error(`core used ${name}`);
    return original.apply(this, all);
  } as Value;
}

const RealDate = Date;
globalThis.Date = new Proxy(RealDate, {
  construct(target, all) {
    if (all.length === 0 && calledFromCore()) throw new Error("core used new Date()");
    return Reflect.construct(target, all) as object;
  },
  apply(target) {
    if (calledFromCore()) throw new Error("core used Date()");
    return Reflect.apply(target, undefined, []);
  },
});
RealDate.now = guarded("Date.now", RealDate.now);
Math.random = guarded("Math.random", Math.random);
const realIntl = Intl;
Object.defineProperty(globalThis, "Intl", {
  get() {
    if (calledFromCore()) throw new Error("core used Intl");
    return realIntl;
  },
});
