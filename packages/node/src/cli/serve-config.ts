import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { PrivacyError } from "@miniprivacy/core/errors";
import type { PrivacyConfig } from "../privacy-config.ts";
import { storeFromEnvironment } from "../environment.ts";
import type { HealthStatus } from "../http/health-route.ts";
import { nodeListener } from "../http/node-listener.ts";
import { type OpenDeployment, openDeployment } from "../privacy.ts";
import { loadHostModule } from "./host-module.ts";

const HOST = "127.0.0.1";
/** After a signal requests in flight may take so long, and all of it so long. */
const DRAIN_MS = 3000;
const END_MS = 4500;

export interface ServeOptions {
  readonly port: string;
  readonly json?: boolean;
}

/**
 * Serves what a config describes, and says when requests succeed, or that they do not; resolves once a signal has ended
 * it.
 *
 * @throws PrivacyError `ERR_CONFIG_INVALID` naming what is wrong with the config or the port, and as `createPrivacy` and
 *   `storeFromEnvironment`.
 */
export async function serveConfig(path: string, options: ServeOptions): Promise<void> {
  const port = parsePort(options.port);
  const { privacy, controlled } = await openConfig(path);
  const { database } = controlled;
  let server: Server;
  try {
    server = await listen(privacy, port);
  } catch (cause) {
    await privacy.close();
    throw cause;
  }
  const ended = untilSignal(server, privacy);
  if (database.kind === "embedded") process.stderr.write(`${POWER_CUT}\n`);
  const url = `http://${HOST}:${(server.address() as AddressInfo).port}`;
  const isServing = async (): Promise<boolean> => {
    const health = await fetch(`${url}${privacy.basePath}/health`);
    return ((await health.json()) as { readonly status: HealthStatus }).status === "ok";
  };
  const tellReady = (): void => {
    const ready = { ready: url, database: database.kind };
    process.stdout.write(options.json ? `${JSON.stringify(ready)}\n` : `ready ${url}\n`);
  };
  if (await isServing()) tellReady();
  else {
    process.stderr.write(`${SUSPENDED} ${url}\n`);
    tellOnce(isServing, tellReady).catch(() => {});
  }
  process.exitCode = await ended;
}

const POLL_MS = 1000;

/** Tells it when a replay has let the deployment serve. A server that has ended answers nothing any more. */
async function tellOnce(isServing: () => Promise<boolean>, tell: () => void): Promise<void> {
  do await sleep(POLL_MS, undefined, { ref: false });
  while (!(await isServing()));
  tell();
}

/**
 * Opens what a config describes.
 *
 * @param dir The embedded folder, where the config brings no database (what the environment names).
 * @throws PrivacyError as `serveConfig`, the port apart.
 */
export async function openConfig(
  path: string,
  dir?: string,
): Promise<OpenDeployment<PrivacyConfig["policy"], PrivacyConfig["records"]>> {
  const config = await readConfig(path);
  const { database, ...store } = config.database
    ? { database: config.database }
    : await storeFromEnvironment({ keys: config.keys, ...(dir !== undefined && { dir }) });
  try {
    return await openDeployment({ ...store, ...config, database });
  } catch (cause) {
    await database.close();
    throw cause;
  }
}

const SUSPENDED =
  "The database is behind its journal, so every path but /health answers 503 until miniprivacy replay is done; see it at";
const POWER_CUT =
  "The embedded database survives a crash of this process. A power cut can cost what the file system had not yet " +
  "written; where that must not be, use PostgreSQL (miniprivacy db move).";

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new PrivacyError("ERR_CONFIG_INVALID", { detail: "the port is no number up to 65535" });
}

/** @throws PrivacyError `ERR_CONFIG_INVALID` naming what the config lacks. */
async function readConfig(path: string): Promise<PrivacyConfig> {
  const { default: exported } = await loadHostModule(path);
  const config = (typeof exported === "function" ? await exported() : exported) as
    | Partial<PrivacyConfig>
    | undefined;
  if (typeof config !== "object" || config === null)
    throw new PrivacyError("ERR_CONFIG_INVALID", { detail: `${path} has no default export` });
  for (const name of ["policy", "records", "connectors", "authenticate"] as const)
    if (config[name] === undefined)
      throw new PrivacyError("ERR_CONFIG_INVALID", { detail: `${path} has no ${name}` });
  if (typeof config.authenticate !== "function")
    throw new PrivacyError("ERR_CONFIG_INVALID", { detail: `authenticate is no function` });
  return config as PrivacyConfig;
}

function listen(privacy: Parameters<typeof nodeListener>[0], port: number): Promise<Server> {
  const server = createServer(nodeListener(privacy));
  return new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) =>
      reject(
        cause.code === "EADDRINUSE" || cause.code === "EACCES"
          ? new PrivacyError("ERR_CONFIG_INVALID", { detail: "the port cannot be had", cause })
          : cause,
      ),
    );
    server.listen(port, HOST, () => resolve(server));
  });
}

/**
 * The first signal ends in order, within five seconds; the second at once.
 *
 * @returns The exit code.
 */
function untilSignal(server: Server, privacy: { close(): Promise<void> }): Promise<number> {
  return new Promise((resolve) => {
    let ending = false;
    const end = (): void => {
      if (ending) resolve(1);
      ending = true;
      setTimeout(() => resolve(1), END_MS).unref();
      closeServer(server)
        .then(() => privacy.close())
        .then(
          () => resolve(0),
          () => resolve(1),
        );
    };
    process.on("SIGTERM", end).on("SIGINT", end);
  });
}

/** What is under way may come to its end; a connection that only lies open may not. */
function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  setTimeout(() => server.closeAllConnections(), DRAIN_MS).unref();
  return closed;
}
