import { userInfo } from "node:os";
import { PrivacyError } from "@miniprivacy/core/errors";
import type { Command } from "commander";

const MOST_CHARACTERS = 200;

/** Lets a command that changes something say who gives it; what it changes keeps the name. */
export function addActorOption(command: Command): Command {
  return command.option(
    "--actor <name>",
    "who gives the command (MINIPRIVACY_ACTOR, else the user of this system)",
  );
}

/** @throws PrivacyError `ERR_INPUT_INVALID` for a name that is empty, too long or holds control characters. */
export function actorOf(options: { readonly actor?: string }): string {
  const actor = options.actor ?? (process.env["MINIPRIVACY_ACTOR"] || systemUser());
  if (actor === "" || actor.length > MOST_CHARACTERS || /\p{Cc}/u.test(actor))
    throw new PrivacyError("ERR_INPUT_INVALID", { detail: "--actor is no name" });
  return actor;
}

/** In a container a user may have a number only. */
function systemUser(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.()}`;
  }
}
