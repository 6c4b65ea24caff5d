import { respond } from "../testing/respond.ts";

/** A call that reached the host: its name, and what it was given. */
export type HostCall = readonly [name: string, ...given: readonly unknown[]];

export interface RecordingHost {
  readonly wx: RecordedWx;
  readonly calls: HostCall[];
  /** Files by path. */
  readonly files: { [path: string]: string | Uint8Array };
  /** Calls the listeners of `onLocationChange`. */
  move(place: object): void;
}

type Asked = (options?: object) => Promise<object> | undefined;
interface Collection {
  readonly add: Asked;
  readonly set: Asked;
  readonly update: Asked;
  readonly get: Asked;
  doc(id: string): Collection;
  where(condition: object): Collection;
}

/** What of `wx` a guard stands before. */
export interface RecordedWx {
  readonly request: Asked;
  readonly uploadFile: Asked;
  readonly downloadFile: Asked;
  readonly sendSocketMessage: Asked;
  readonly setClipboardData: Asked;
  readonly navigateToMiniProgram: Asked;
  readonly setStorage: Asked;
  readonly batchSetStorage: Asked;
  readonly getLocation: Asked;
  readonly getClipboardData: Asked;
  readonly connectSocket: (options: object) => {
    readonly send: Asked;
    onOpen(act: () => void): void;
  };
  readonly setStorageSync: (key: string, data: unknown) => void;
  readonly batchSetStorageSync: (list: readonly object[]) => void;
  readonly reportEvent: (id: string, data: object) => void;
  readonly reportAnalytics: (id: string, data: object) => void;
  readonly onLocationChange: (listener: (place: object) => void) => void;
  readonly offLocationChange: (listener: (place: object) => void) => void;
  readonly getFileSystemManager: () => { readFileSync(path: string): ArrayBuffer };
  readonly cloud: {
    readonly callFunction: Asked;
    readonly callContainer: Asked;
    readonly uploadFile: Asked;
    database(): { collection(name: string): Collection };
  };
}

const PLACE = { latitude: 39.908823, longitude: 116.39747, accuracy: 65 };
const COPIED = "明天下午三点老地方见";

/** A host that keeps what leaves by it, and answers as hosts do. */
export function createRecordingHost(): RecordingHost {
  const calls: HostCall[] = [];
  const files: { [path: string]: string | Uint8Array } = {};
  const listeners = new Set<(place: object) => void>();
  const asked =
    (name: string, result: object = {}): Asked =>
    (given = {}) => {
      const data = Object.entries(given).filter(([, value]) => typeof value !== "function");
      calls.push([name, Object.fromEntries(data)]);
      return respond(name, given, () => result);
    };
  const told =
    (name: string) =>
    (...given: readonly unknown[]): void =>
      void calls.push([name, ...given]);
  const collection = (place: string): Collection => ({
    add: asked(`${place}.add`),
    set: asked(`${place}.set`),
    update: asked(`${place}.update`),
    get: asked(`${place}.get`),
    doc: (id) => collection(`${place}.doc(${id})`),
    where: (condition) => collection(`${place}.where(${JSON.stringify(condition)})`),
  });
  const wx: RecordedWx = {
    request: asked("request"),
    uploadFile: asked("uploadFile"),
    downloadFile: asked("downloadFile"),
    sendSocketMessage: asked("sendSocketMessage"),
    setClipboardData: asked("setClipboardData"),
    navigateToMiniProgram: asked("navigateToMiniProgram"),
    setStorage: asked("setStorage"),
    batchSetStorage: asked("batchSetStorage"),
    getLocation: asked("getLocation", PLACE),
    getClipboardData: asked("getClipboardData", { data: COPIED }),
    connectSocket(options) {
      void asked("connectSocket")(options);
      return { send: asked("task.send"), onOpen: (act) => act() };
    },
    setStorageSync: told("setStorageSync"),
    batchSetStorageSync: told("batchSetStorageSync"),
    reportEvent: told("reportEvent"),
    reportAnalytics: told("reportAnalytics"),
    onLocationChange: (listener) => void listeners.add(listener),
    offLocationChange: (listener) => void listeners.delete(listener),
    getFileSystemManager: () => ({
      readFileSync(path) {
        const file = files[path];
        if (file === undefined) throw new Error("readFileSync:fail no such file");
        return Uint8Array.from(Buffer.from(file)).buffer;
      },
    }),
    cloud: {
      callFunction: asked("cloud.callFunction"),
      callContainer: asked("cloud.callContainer"),
      uploadFile: asked("cloud.uploadFile"),
      database: () => ({ collection }),
    },
  };
  return { wx, calls, files, move: (place) => listeners.forEach((listener) => listener(place)) };
}
