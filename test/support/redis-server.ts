import { connect } from "node:net";

const inCi = process.env["CI"] === "true";
const offered = process.env["TEST_REDIS_URL"];

/** The server the tests have keys of their own on. */
export const REDIS_URL = offered ?? "redis://127.0.0.1:6379/9";

/** Why tests on a real Redis do not run here; undefined where they do. In CI there is no excuse. */
export async function redisMissing(): Promise<string | undefined> {
  if (!inCi && offered === undefined) return "TEST_REDIS_URL names no Redis server";
  const { hostname, port } = new URL(REDIS_URL);
  const answers = await new Promise<boolean>((resolve) => {
    const socket = connect(Number(port || 6379), hostname, () => resolve(true));
    socket.on("error", () => resolve(false)).unref();
    socket.on("close", () => resolve(false));
    setTimeout(() => socket.destroy(), 2000).unref();
  });
  if (answers) return undefined;
  if (inCi) throw new Error("CI needs a Redis server");
  return "no Redis server at TEST_REDIS_URL";
}
