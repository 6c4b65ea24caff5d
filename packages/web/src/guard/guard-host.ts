import { CATEGORY_OF_INTERFACE, type Guard } from "@miniprivacy/core/sensitive-data";
import { answerAsHost, isFunction } from "../platform/answer-as-host.ts";
import { type HostObject, hostMethod, isPromise } from "../platform/call-host.ts";
import { overlaidHost } from "../platform/overlaid-host.ts";
import { cleared, requireClear, requireClearHeaders } from "./clearance.ts";

type Given = readonly unknown[];
type Act = (...given: Given) => unknown;
/** Arguments as they may leave; throws where they may not. */
type Clear = (...given: Given) => Given;
interface Functions {
  [name: string]: Act;
}
interface Members {
  [name: string]: unknown;
}
interface FileHost {
  getFileSystemManager(): { readFileSync(path: unknown): unknown };
}

/** Functions of the host that send what their options say. */
const CALLS =
  "request uploadFile downloadFile sendSocketMessage setClipboardData navigateToMiniProgram";
/** What apps call on the task that a call of theirs gives. */
const OF_TASKS =
  "abort close send onOpen onMessage onError onClose onProgressUpdate onHeadersReceived onChunkReceived";
/** Such files are read before they are uploaded. */
const TEXT_FILE = /\.(?:txt|csv|tsv|json|xml|html?|md|log|vcf)$/i;

/**
 * Puts a guard before what a mini-program sends and keeps: the same host object, with `request`, `uploadFile`,
 * `downloadFile`, sockets, storage, `setClipboardData`, `navigateToMiniProgram`, `reportEvent`, `reportAnalytics`,
 * `cloud.callFunction`, `callContainer`, `uploadFile`, and queries and writes of `cloud.database` looked through. What
 * `getLocation`, `chooseAddress`, `getWeRunData` and the like give is known again when it is about to leave.
 *
 * A stopped call fails as the host's own do: `fail` and `complete` get an error with `errMsg` and `code`
 * `ERR_SENSITIVE_DATA_FOUND`, without callbacks a promise rejects with it; `setStorageSync`, `reportEvent` and queries
 * throw it. In `redact` mode data is masked; URLs, paths and headers have to be clean. Headers and stored texts that sign
 * in (`authorization`, `…token` and the like) may hold credentials and the platform's ids of a user.
 *
 * A file is read when its name says that it is text. Not seen: what is in other files, what is written by the host's
 * file system, logs, what components send, and what an SDK calls on the host itself.
 *
 * @see TC-D6.2a, TC-D6.2b
 */
export function guardHost<Host extends HostObject>(guard: Guard, host: Host): Host {
  const heardBy = new WeakMap<object, Act>();

  const byValues: Clear = (...given) => cleared(guard, given);

  const byOptions: Clear = (given, ...more) => {
    const sent = { ...(given as Members) };
    for (const [name, value] of Object.entries(sent))
      if (/^headers?$/.test(name)) requireClearHeaders(guard, Object.entries(value ?? {}));
      // A place is never masked: it would be another one.
      else if (/(?:url|path)$/i.test(name)) requireClear(guard, value);
      else sent[name] = cleared(guard, value);
    const { filePath } = sent;
    // Requirement TC-D6.2b: what people upload as text is looked through.
    if (TEXT_FILE.test(filePath as string))
      requireClear(guard, {
        // Fails where there is no such file or no way to read it: then it is not known to be clean.
        get content() {
          return (host as FileHost).getFileSystemManager().readFileSync(filePath);
        },
      });
    return [sent, ...more];
  };

  const byEntry: Clear = (key, data, ...more) => {
    requireClear(guard, key);
    const name = String(key);
    const entry = cleared(guard, { [name]: data }, typeof data === "string" ? name : "");
    return [key, entry[name], ...more];
  };

  const byEntries: Clear = (list, ...more) => [
    (list as readonly Members[]).map(({ key, value }) => ({ key, value: byEntry(key, value)[1] })),
    ...more,
  ];

  const byStored: Clear = (given, ...more) => {
    const { key, data, kvList } = given as Members;
    const kept = kvList ? { kvList: byEntries(kvList)[0] } : { data: byEntry(key, data)[1] };
    return [{ ...(given as Members), ...kept }, ...more];
  };

  /** Functions whose arguments are cleared first; those that never answer by callbacks throw. */
  function guarded(
    owner: HostObject,
    names: string,
    clear: Clear,
    { after = (answer) => answer, throws }: { after?: Act; throws?: boolean } = {},
  ): Functions {
    const functions: Functions = {};
    for (const name of names.split(" "))
      functions[name] = (...given) => {
        let sent: Given;
        try {
          sent = clear(...given);
        } catch (error) {
          const { code } = error as { readonly code?: string };
          if (throws || !code) throw error;
          return refusal(
            given[0],
            Object.assign(error as Error, { errMsg: `${name}:fail ${code}` }),
          );
        }
        return after(hostMethod(owner, name)!(...sent));
      };
    return functions;
  }

  const socket: Act = (task) => {
    if (isPromise(task)) return task.then(socket);
    return task && overlaidHost(task, guarded(task, "send", byOptions));
  };

  const database: Act = (own) =>
    overlaidHost(own as HostObject, {
      ...guarded(own as HostObject, "add set update", byOptions),
      ...guarded(own as HostObject, "collection doc where", byValues, {
        after: database,
        throws: true,
      }),
    });

  /** An interface of the host whose results are known again. */
  function telling(name: string): Act {
    const from = (result: unknown): unknown => {
      const { errMsg } = Object(result) as { readonly errMsg?: string };
      return /:fail/.test(errMsg!) ? result : guard.from(name, result);
    };
    const heard = (callback: Act): Act => {
      const listener: Act = (result, ...more) => callback(from(result), ...more);
      heardBy.set(callback, listener);
      return listener;
    };
    return (given, ...more) => {
      const told = isFunction(given) ? heard(given) : given && { ...(given as Members) };
      for (const [option, value] of Object.entries(told ?? {}))
        if (isFunction(value)) (told as Members)[option] = heard(value);
      const answer = hostMethod(host, name)!(told, ...more);
      return isPromise(answer) ? answer.then(from) : answer;
    };
  }

  const functions: Functions = {
    ...guarded(host, CALLS, byOptions),
    ...guarded(host, "setStorage batchSetStorage", byStored),
    ...guarded(host, "connectSocket", byOptions, { after: socket }),
    ...guarded(host, "setStorageSync", byEntry, { throws: true }),
    ...guarded(host, "batchSetStorageSync", byEntries, { throws: true }),
    ...guarded(host, "reportEvent reportAnalytics", byValues, { throws: true }),
  };
  for (const name of Object.keys(CATEGORY_OF_INTERFACE)) {
    functions[name] = telling(name);
    if (name.startsWith("on")) {
      const off = `off${name.slice(2)}`;
      functions[off] = (listener, ...more) =>
        hostMethod(host, off)!(heardBy.get(listener as object) ?? listener, ...more);
    }
  }
  const guardedCloud = (): unknown => {
    const { cloud } = host as { readonly cloud?: HostObject };
    return (
      cloud &&
      overlaidHost(cloud, {
        ...guarded(cloud, "callFunction callContainer uploadFile", byOptions),
        ...guarded(cloud, "database", byValues, { after: database, throws: true }),
      })
    );
  };
  const result = overlaidHost(host, functions);
  return Object.defineProperty(result, "cloud", { get: guardedCloud, enumerable: "cloud" in host });
}

/** Fails as the host does, and is a task on which nothing happens any more. */
function refusal(options: unknown, error: Error): unknown {
  const answer = Promise.reject(error);
  void answerAsHost(Object(options) as object, answer);
  return Object.assign(
    answer,
    Object.fromEntries(OF_TASKS.split(" ").map((name) => [name, () => undefined])),
  );
}
