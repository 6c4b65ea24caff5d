import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { PrivacyError } from "@miniprivacy/core/errors";
import type { Command } from "commander";

/** Whom a command is about, in one of two ways. */
export interface SubjectOptions {
  readonly subject?: string;
  readonly subjectFile?: string;
}

/** Lets a command say whom it is about; a file or standard input keeps the id out of the list of processes. */
export function addSubjectOption(command: Command): Command {
  return command
    .option("--subject <id>", "the person, by the host's id; other users of the machine see it")
    .option("--subject-file <file>", "the same, out of a file (-: standard input)");
}

/** @throws PrivacyError `ERR_INPUT_INVALID` for none or two, or a file that cannot be read; the id is in no message. */
export async function readSubject({ subject, subjectFile }: SubjectOptions): Promise<string> {
  if ((subject === undefined) === (subjectFile === undefined))
    throw new PrivacyError("ERR_INPUT_INVALID", { detail: "either --subject or --subject-file" });
  return subject ?? (await readText(subjectFile!)).replace(/\r?\n$/, "");
}

async function readText(file: string): Promise<string> {
  try {
    return file === "-" ? await text(process.stdin) : await readFile(file, "utf8");
  } catch {
    throw new PrivacyError("ERR_INPUT_INVALID", { detail: "--subject-file cannot be read" });
  }
}
