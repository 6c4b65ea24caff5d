import { generateKeyPairSync } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * Puts an app's installed packages into `miniprogram_npm`, if it has any, and compiles the app.
 *
 * Nothing leaves this machine: what the compiler would ask Weixin's servers is answered here.
 *
 * @param {string} appDirectory Holds `project.config.json`, or `app.json` alone.
 * @param {string} outDirectory Gets the compiled files.
 * @returns {Promise<readonly string[]>} Names of the files written.
 * @throws What the compiler found wrong; `path` names the file, the message has the position.
 */
export async function compile(appDirectory, outDirectory) {
  const ci = loadCompiler();
  const project = openProject(ci, resolve(appDirectory));
  if (existsSync(join(project.projectPath, project.miniprogramRoot, "node_modules")))
    await ci.packNpm(project, { reporter: () => undefined });
  project.updateFileAndDirs();
  const files = await ci.getCompiledResult({
    project,
    desc: "",
    version: "0.0.0",
    // It reads WXML and WXSS only to make them smaller; unread, their faults would pass.
    setting: { es6: true, es7: true, minifyWXML: true, minifyWXSS: true },
  });
  for (const [name, content] of Object.entries(files)) {
    const file = join(outDirectory, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  return Object.keys(files);
}

/** @returns {any} The compiler, its list of file endings taken from itself and not from a server. */
function loadCompiler() {
  const require = createRequire(import.meta.url);
  const endings = require("miniprogram-ci/dist/utils/white_ext_list.js");
  endings.getWhiteExtList = async () => ({
    MiniProgramWhiteList: new Set(endings.MiniProgramWhiteList),
    GameWhiteList: new Set(endings.GameWhiteList),
  });
  return require("miniprogram-ci");
}

/**
 * @param {any} ci
 * @param {string} projectPath
 */
function openProject(ci, projectPath) {
  const config = join(projectPath, "project.config.json");
  const { appid = "wx0123456789abcdef" } = existsSync(config)
    ? JSON.parse(readFileSync(config, "utf8"))
    : {};
  // Only an upload would use the key; the constructor wants one.
  const { privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
    publicKeyEncoding: { type: "pkcs1", format: "pem" },
  });
  return new ci.Project({
    appid,
    type: "miniProgram",
    projectPath,
    privateKey,
    ignores: ["node_modules/**/*"],
    attr: async () => ({ ...ci.DefaultProjectAttr, appid }),
  });
}

/** @returns {Promise<number>} The exit code. */
async function main() {
  const [appDirectory, outDirectory] = process.argv.slice(2);
  if (appDirectory === undefined || outDirectory === undefined) {
    process.stderr.write("usage: node compile.mjs APPDIR OUTDIR\n");
    return 2;
  }
  try {
    await compile(appDirectory, outDirectory);
    return 0;
  } catch (error) {
    const place = error.path === undefined ? "" : `${error.path}: `;
    process.stderr.write(`${place}${error.message}\n`);
    return 1;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  // The compiler keeps a process of its own waiting for more work.
  process.exit(await main());
}
