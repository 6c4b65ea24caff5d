import { access } from "node:fs/promises";
import { type Browser, chromium } from "playwright-core";

const PATH = process.env["TEST_CHROMIUM"] ?? "/usr/bin/chromium";

/** Why tests in a browser cannot run here; undefined where they can. In CI there is no such excuse. */
export async function browserMissing(): Promise<string | undefined> {
  try {
    await access(PATH);
    return undefined;
  } catch (cause) {
    if (process.env["CI"] === "true") throw new Error("CI needs Chromium", { cause });
    return "no Chromium on this machine";
  }
}

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: PATH,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
