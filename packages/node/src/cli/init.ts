import { mkdir, open, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { PrivacyError } from "@miniprivacy/core/errors";
import type { Command } from "commander";
import { missingIndexes } from "../connector/missing-indexes.ts";
import { actorOf, addActorOption } from "./actor.ts";
import { addExitCodes } from "./exit-codes.ts";
import { type OutputOptions, print } from "./print.ts";
import { describeProposal } from "./describe-proposal.ts";
import { findPeople } from "./find-people.ts";
import { type MapProposal, proposeMap } from "./propose-map.ts";
import { proposedFiles } from "./proposed-files.ts";
import { type Dialect, withSchema } from "./read-schema.ts";
import { starterFiles, type StarterOptions } from "./starter-files.ts";

interface InitOptions extends OutputOptions {
  readonly from?: string;
  readonly subject?: string;
  readonly running?: boolean;
  readonly actor?: string;
}

const OBSERVE_DAYS = 30;
const DAY_MS = 86_400_000;

/** Packages by which a project is known to serve already. */
const SERVERS = [
  "express",
  "fastify",
  "koa",
  "hono",
  "egg",
  "@nestjs/core",
  "@midwayjs/core",
  "@hapi/hapi",
  "next",
  "nuxt",
];
/** What a project with code of its own has in its folder; settings of tools are none. */
const SOURCES =
  /^(?:src|server|app|lib|pages|routes|(?!.*\.config\.)[^.].*(?<!\.d)\.[cm]?[jt]sx?)$/;

/** Adds `miniprivacy init`. */
export function addInitCommand(program: Command): void {
  const command = program
    .command("init")
    .description("Writes a legal policy and a config to begin with. Never overwrites.")
    .argument("[folder]", "made when missing", ".")
    .option("--running", `a running shop: reads are observed for ${OBSERVE_DAYS} days first`)
    .option("--no-running", "a new project: reads are decided at once (seen from the folder)")
    .option(
      "--from <url>",
      "propose the data map of a database, mysql://… or postgres://…; reads its schema, no row",
    )
    .option(
      "--subject <table.column>",
      "of that database, the column that holds your id of a person (guessed)",
    )
    .option("--json", "print { files, access }, with --from { proposal, missingIndexes } too")
    .action(async (folder: string, options: InitOptions) => {
      const actor = actorOf(options);
      const now = Date.now();
      const running = options.running ?? (await isRunning(folder));
      const until = new Date(now + OBSERVE_DAYS * DAY_MS).toISOString();
      const starter: StarterOptions = {
        actor,
        writtenAt: new Date(now).toISOString(),
        ...(running && { observeUntil: until }),
      };
      const found = await proposalOf(options);
      const written = await writeNew(
        folder,
        found === undefined
          ? starterFiles(starter)
          : proposedFiles(found.proposal, found.dialect, starter),
      );
      const access = running ? { observe: { until } } : "enforce";
      print(options, { files: written, access, ...found }, [
        ...written.map((file) => `wrote ${file}`),
        ...(found === undefined ? [] : describeProposal(found.proposal, found.missingIndexes)),
        running
          ? `access is observed until ${until}, then enforced; the access log keeps what would be denied`
          : "access is enforced",
        `next: npm install @miniprivacy/core @miniprivacy/node zod${found ? DRIVERS[found.dialect] : ""}, put your names in, then npx miniprivacy check ${written[0]}`,
      ]);
    });
  addActorOption(command);
  addExitCodes(command, {
    0: "written",
    2: "a file is there already or cannot be written, the database cannot be read or leads to nobody, or wrong usage; nothing is overwritten",
  });
}

const DRIVERS: { readonly [Of in Dialect]: string } = { mysql: " mysql2", postgres: " pg" };

interface FoundProposal {
  readonly dialect: Dialect;
  readonly proposal: MapProposal;
  readonly missingIndexes: readonly string[];
}

/** @throws PrivacyError `ERR_CONFIG_INVALID` where nothing leads to a person; and as `withSchema` and `findPeople`. */
async function proposalOf({ from, subject }: InitOptions): Promise<FoundProposal | undefined> {
  if (from === undefined) return undefined;
  return withSchema(from, async (schema, catalog) => {
    const people = findPeople(schema, subject);
    const proposal = people && proposeMap(schema, people);
    if (proposal === undefined || proposal.categories.length === 0)
      throw new PrivacyError("ERR_CONFIG_INVALID", {
        detail: "no table looks like people with personal data: say --subject table.column",
      });
    const { dialect } = schema;
    const tables = Object.fromEntries(
      proposal.tables.map(({ mapping }) => [mapping.table, mapping]),
    );
    return { dialect, proposal, missingIndexes: await missingIndexes(tables, catalog) };
  });
}

async function isRunning(folder: string): Promise<boolean> {
  const names = await readdir(folder).catch((): readonly string[] => []);
  if (names.some((name) => SOURCES.test(name))) return true;
  if (!names.includes("package.json")) return false;
  const text = await readFile(join(folder, "package.json"), "utf8");
  return SERVERS.some((name) => text.includes(`"${name}"`));
}

/** All of them or none. */
async function writeNew(
  folder: string,
  files: { readonly [name: string]: string },
): Promise<readonly string[]> {
  const there = await readdir(folder).catch((): readonly string[] => []);
  const taken = Object.keys(files).find((name) => there.includes(name));
  if (taken !== undefined) throw alreadyThere(join(folder, taken));
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) await writeOne(join(folder, name), text);
  return Object.keys(files).map((name) => join(folder, name));
}

async function writeOne(path: string, text: string): Promise<void> {
  const file = await open(path, "wx").catch((cause: NodeJS.ErrnoException) => {
    throw cause.code === "EEXIST"
      ? alreadyThere(path)
      : new PrivacyError("ERR_CONFIG_INVALID", { detail: `${path} cannot be written`, cause });
  });
  try {
    await file.writeFile(text);
  } finally {
    await file.close();
  }
}

function alreadyThere(path: string): PrivacyError {
  return new PrivacyError("ERR_CONFIG_INVALID", { detail: `${path} is there already` });
}
