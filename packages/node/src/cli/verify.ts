import { readFile } from "node:fs/promises";
import {
  type KeySet,
  parseStrictJson,
  type StatementVerification,
  verifyStatement,
} from "@miniprivacy/core/certificate";
import { PrivacyError } from "@miniprivacy/core/errors";
import type { Language } from "@miniprivacy/core/policy";
import { type Command, Option } from "commander";
import { VERIFY_WORDS } from "./verify-words.ts";

export interface VerifyFileOptions {
  /** Path of the issuer's JWK set. */
  readonly keys: string;
  /** RFC 7638 thumbprint of the key to trust (none: every key of the file is trusted). */
  readonly trust?: string;
  /** Print JSON instead of sentences (false). */
  readonly json?: boolean;
  readonly language: Language;
}

/** A file that carries a statement: the JWS, and whether a log proof stands beside it. */
interface StatementFile {
  readonly jws: string;
  readonly hasProof: boolean;
}

/** Adds `miniprivacy verify`. Exit codes: 0 valid, 1 not valid, 2 unreadable or wrong usage. */
export function addVerifyCommand(program: Command): void {
  program
    .command("verify")
    .description(
      "Checks a signed certificate or receipt, offline. Exit code: 0 valid, 1 not valid, 2 unreadable.",
    )
    .argument("<file>", "the compact JWS, or JSON { certificate, proof? }")
    .requiredOption("--keys <file>", "the issuer's JWK set, fetched by you")
    .option("--trust <thumbprint>", "trust only the key with this RFC 7638 SHA-256 thumbprint")
    .option("--json", "print { verdict, checks, trust, type }")
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
  const statement = readStatement(await readText(file, "FILE"));
  const keys = parseStrictJson(await readText(options.keys, "--keys")) as unknown as KeySet;
  const pin = options.trust === undefined ? {} : { trust: options.trust };
  const verification = await verifyStatement(statement.jws, { keys, now, ...pin });
  const { verdict, checks, trust, type } = verification;
  const output = options.json
    ? JSON.stringify({ verdict, checks, trust, type }, null, 2)
    : describe(verification, statement, options.language);
  return { valid: verdict === "valid", output };
}

function describe(
  verification: StatementVerification,
  { hasProof }: StatementFile,
  language: Language,
): string {
  const words = VERIFY_WORDS[language];
  return [
    `${words.verdict[verification.verdict]} · ${verification.type}`,
    ...verification.checks.map(
      ({ name, ok }) => `  ${ok ? "✓" : "✗"} ${name}: ${words.checks[name]}`,
    ),
    words.trust[verification.trust],
    ...(hasProof ? [words.proofUnchecked] : []),
    ...content(verification, language),
  ].join("\n");
}

function content(verification: StatementVerification, language: Language): readonly string[] {
  if (verification.verdict === "invalid") return [];
  const { labels, claim } = VERIFY_WORDS[language];
  const { claims } = verification;
  const { issuer, issuedAt } = claims;
  const lines = [
    `${labels.issuer}: ${issuer.name[language] ?? Object.values(issuer.name)[0]}`,
    `${labels.issuedAt}: ${issuedAt}`,
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

function readStatement(text: string): StatementFile {
  if (!text.trimStart().startsWith("{"))
    return { jws: text.replace(/\r?\n$/, ""), hasProof: false };
  const { certificate, proof, ...others } = parseStrictJson(text) as {
    readonly [name: string]: unknown;
  };
  if (typeof certificate !== "string" || Object.keys(others).length > 0)
    throw new PrivacyError("ERR_CERTIFICATE_MALFORMED");
  return { jws: certificate, hasProof: proof !== undefined };
}

async function readText(path: string, argument: string): Promise<string> {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(await readFile(path));
  } catch {
    throw new PrivacyError("ERR_INPUT_INVALID", { detail: `${argument} cannot be read as text` });
  }
}
