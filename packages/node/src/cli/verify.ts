import { readFile } from "node:fs/promises";
import {
  type KeySet,
  parseStatementFile,
  parseStrictJson,
  type StatementVerification,
  VERIFY_WORDS,
  verifyStatement,
} from "@miniprivacy/core/certificate";
import { PrivacyError } from "@miniprivacy/core/errors";
import type { Language } from "@miniprivacy/core/policy";
import { type Command, Option } from "commander";
import { addExitCodes } from "./exit-codes.ts";
import { verifyEd25519 } from "../key/verify-ed25519.ts";

export interface VerifyFileOptions {
  /** Path of the issuer's JWK set. */
  readonly keys: string;
  /** RFC 7638 thumbprint of the key to trust (none: every key of the file is trusted). */
  readonly trust?: string;
  /** Path of the log proof, where it is not in the file itself. */
  readonly proof?: string;
  /** RFC 7638 thumbprint of the log key to trust (none: every log key of the file is trusted). */
  readonly trustLog?: string;
  /** Print JSON instead of sentences (false). */
  readonly json?: boolean;
  readonly language: Language;
}

/** Adds `miniprivacy verify`. */
export function addVerifyCommand(program: Command): void {
  const command = program
    .command("verify")
    .description("Checks a signed certificate or receipt, offline.")
    .argument("<file>", "the compact JWS, or JSON { certificate, proof? }")
    .requiredOption("--keys <file>", "the issuer's JWK set, fetched by you")
    .option("--trust <thumbprint>", "trust only the key with this RFC 7638 SHA-256 thumbprint")
    .option("--proof <file>", "the log proof, where the file does not hold it")
    .option("--trust-log <thumbprint>", "trust only the log key with this thumbprint")
    .option("--json", "print { verdict, checks, trust, type, logged? }")
    .addOption(
      new Option("--language <language>", "language of the output")
        .choices(["zh-CN", "en"])
        .default("en"),
    )
    .action(async (file: string, options: VerifyFileOptions) => {
      const { valid, output } = await verifyFile(file, options, Date.now());
      process.stdout.write(`${output}\n`);
      process.exitCode = valid ? 0 : 1;
    });
  addExitCodes(command, { 0: "valid", 1: "not valid", 2: "unreadable, or wrong usage" });
}

/**
 * Verifies the statement in a file with the keys in another. Reads nothing else.
 *
 * @param now Epoch milliseconds.
 * @throws PrivacyError when a file cannot be read as what it should be.
 */
export async function verifyFile(
  file: string,
  options: VerifyFileOptions,
  now: number,
): Promise<{ readonly valid: boolean; readonly output: string }> {
  const statement = parseStatementFile(await readText(file, "FILE"));
  const keys = parseStrictJson(await readText(options.keys, "--keys")) as unknown as KeySet;
  const { trust: pin, trustLog } = options;
  const text =
    options.proof === undefined ? statement.proof : await readText(options.proof, "--proof");
  const verification = await verifyStatement(statement.jws, {
    keys,
    now,
    ...(pin !== undefined && { trust: pin }),
    ...(text !== undefined && {
      proof: { text, verifyEd25519, ...(trustLog !== undefined && { trust: trustLog }) },
    }),
  });
  const { verdict, checks, trust, type } = verification;
  const logged = verification.verdict === "valid" ? verification.logged : undefined;
  const output = options.json
    ? JSON.stringify({ verdict, checks, trust, type, logged }, null, 2)
    : describe(verification, options.language);
  return { valid: verdict === "valid", output };
}

function describe(verification: StatementVerification, language: Language): string {
  const words = VERIFY_WORDS[language];
  return [
    `${words.verdict[verification.verdict]} · ${verification.type}`,
    ...verification.checks.map(
      ({ name, ok }) => `  ${ok ? "✓" : "✗"} ${name}: ${words.checks[name]}`,
    ),
    words.trust[verification.trust],
    ...content(verification, language),
  ].join("\n");
}

function content(verification: StatementVerification, language: Language): readonly string[] {
  if (verification.verdict === "invalid") return [];
  const { labels, claim, notLogged } = VERIFY_WORDS[language];
  const { claims, logged } = verification;
  const { issuer, issuedAt } = claims;
  const lines = [
    `${labels.issuer}: ${issuer.name[language] ?? Object.values(issuer.name)[0]}`,
    `${labels.issuedAt}: ${issuedAt}`,
    logged === undefined
      ? notLogged
      : `${labels.logged}: ${logged.origin}, ${logged.leafIndex + 1} / ${logged.size}`,
  ];
  if (claims.type === "consent-receipt")
    return [...lines, `${labels.receipt}: ${claims.purpose.id} · ${claims.status}`].map(printable);
  const completion =
    claims.completesAt === undefined ? [] : [`${labels.completesAt}: ${claims.completesAt}`];
  return [
    ...lines,
    `${labels.certificate}: ${claims.certificateId}`,
    `${labels.claim}: ${claim[claims.claim]}`,
    ...completion,
  ].map(printable);
}

/** Signed text may still try to steer a terminal. */
function printable(line: string): string {
  return line.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "");
}

async function readText(path: string, argument: string): Promise<string> {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(await readFile(path));
  } catch {
    throw new PrivacyError("ERR_INPUT_INVALID", { detail: `${argument} cannot be read as text` });
  }
}
