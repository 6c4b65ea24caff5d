export { type IndexedDbHost, indexedDbStorage } from "./consent/indexed-db-storage.ts";
