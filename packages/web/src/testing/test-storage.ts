import { hostError } from "../platform/call-host.ts";

/** What a killed app leaves behind; hand it to the next host. */
export type TestStorage = Map<string, string>;

const KEY_LIMIT = 1_048_576;
const LIMIT = 10 * KEY_LIMIT;
/** An encrypted value takes more room. */
const ENCRYPTED_SHARE = 0.7;

export interface StorageCall {
  readonly key?: unknown;
  readonly data?: unknown;
  readonly encrypt?: unknown;
}

/** @throws as the host fails when a value or all of them are too large */
export function store(storage: TestStorage, name: string, call: StorageCall): object {
  const text = JSON.stringify(call.data);
  const share = call.encrypt === true ? ENCRYPTED_SHARE : 1;
  const key = storageKey(call);
  if (text.length > KEY_LIMIT * share) throw hostError(`${name}:fail entry size limit exceeded`);
  const others = [...storage].reduce(
    (size, [other, value]) => size + (other === key ? 0 : value.length),
    0,
  );
  if (others + text.length > LIMIT * share)
    throw hostError(`${name}:fail exceed storage max size 10Mb`);
  storage.set(key, text);
  return {};
}

/** @throws as the host fails when there is nothing of this key */
export function lookUp(storage: TestStorage, name: string, call: StorageCall): { data: unknown } {
  const text = storage.get(storageKey(call));
  if (text === undefined) throw hostError(`${name}:fail data not found`);
  return { data: JSON.parse(text) };
}

/** What was stored encrypted is found encrypted only. */
export function storageKey({ key, encrypt }: StorageCall): string {
  return `${encrypt === true ? "encrypted:" : ""}${String(key)}`;
}
