import { get, promisifyRequest, set, update, type UseStore } from "idb-keyval";
import type { ClientStorage } from "./client-storage.ts";

/** The part of a page's window that keeps things. */
export interface IndexedDbHost {
  readonly indexedDB: IDBFactory;
  setTimeout(act: () => void, ms: number): unknown;
}

/**
 * A storage in the page's IndexedDB, shared by its tabs: each change is one transaction. Where IndexedDB is denied, full
 * or silent, calls reject, and the client goes on without: what is decided then lasts no longer than the page.
 *
 * @param name Of the database; on a shared device with the account in it (`miniprivacy`).
 * @example
 * createPrivacyClient({ endpoint: '/privacy', language: 'en', host: window, storage: indexedDbStorage(window), prompt })
 */
export function indexedDbStorage(host: IndexedDbHost, name = "miniprivacy"): ClientStorage {
  let opened: Promise<IDBDatabase> | undefined;
  const use: UseStore = async (mode, act) => {
    opened ??= open(host, name, () => (opened = undefined));
    return act((await opened).transaction(STORE, mode).objectStore(STORE));
  };
  return {
    get: (key) => get(key, use),
    set: (key, value) => set(key, value, use),
    update: (key, change) => update(key, change, use),
  };
}

const STORE = "state";
/** Some browsers never answer. */
const OPEN_MS = 3_000;

/** @param closed Called when the browser closes the connection. */
async function open(host: IndexedDbHost, name: string, closed: () => void): Promise<IDBDatabase> {
  const request = host.indexedDB.open(name);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE);
  const silence = new Promise<never>((_resolve, reject) => {
    host.setTimeout(() => reject(new Error("IndexedDB does not answer")), OPEN_MS);
  });
  const database = await Promise.race([promisifyRequest(request), silence]);
  database.addEventListener("close", closed);
  return database;
}
