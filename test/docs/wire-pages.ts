import { ERROR_SENTENCES, type PrivacyErrorCode } from "@miniprivacy/core/errors";
import { ERROR_STATUS } from "../../packages/node/src/http/error-response.ts";
import type { Route } from "../../packages/node/src/http/route.ts";
import { privacyRoutes, type RouteServices } from "../../packages/node/src/http/routes.ts";
import { createProgram } from "../../packages/node/src/cli/program.ts";
import type { Page } from "./entry-pages.ts";

type Command = ReturnType<typeof createProgram>;

const NOTE = "Generated from the sources by `pnpm run docs:reference`. [All pages](README.md)";

/** The endpoints, from the one table they are served from. */
export function httpPage(): Page {
  // The table is only read; no handler runs.
  const routes = privacyRoutes({ runtime: {} } as RouteServices);
  const text = [
    "# Endpoints",
    NOTE,
    "Paths stand below the base path (`/privacy`). Every deployment serves the same as `GET /openapi.json`, with all shapes. An error is `{ code, requestId }`, with a `reason` where the rule of a field refused a correction, and nothing else: [error codes](error-codes.md).",
    table(["method and path", "who", "what"], routes.map(routeRow)),
  ].join("\n\n");
  return { file: "http.md", text: `${text}\n` };
}

function routeRow(route: Route): Row {
  const { method, path, summary, body, query, headers, tokenHeader } = route;
  const token = tokenHeader && { [tokenHeader.name]: tokenHeader.meaning };
  const given = Object.entries({ ...query, ...headers, ...token }).map(
    ([name, meaning]) => `\`${name}\`: ${meaning}`,
  );
  const size = body === undefined ? [] : [`JSON of at most ${body.maxBytes} bytes.`];
  return [`\`${method} ${path}\``, who(route), [summary, ...size, ...given].join(" ")];
}

function who({ audience, tokenHeader }: Route): string {
  if (tokenHeader !== undefined) return "subject, or the token";
  return typeof audience === "object" ? audience.roles.join(", ") : audience;
}

/** Every code with its sentence, and the status it has over HTTP. */
export function errorCodesPage(): Page {
  const rows = Object.entries(ERROR_SENTENCES).map(([code, sentence]): Row => {
    const status = ERROR_STATUS[code as PrivacyErrorCode];
    return [`\`${code}\``, sentence, status === undefined ? "" : String(status)];
  });
  const text = [
    "# Error codes",
    NOTE,
    "A `PrivacyError` carries one of these as `code`. Match on the code, never on the message. A code without a status does not reach a client: there it is `ERR_INTERNAL`, 500.",
    table(["code", "means", "HTTP"], rows),
  ].join("\n\n");
  return { file: "error-codes.md", text: `${text}\n` };
}

type Row = readonly string[];

function table(head: Row, rows: readonly Row[]): string {
  const line = (cells: Row): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** What `--help` says of every command. */
export function commandsPage(): Page {
  const program = createProgram();
  const sections = program.commands.flatMap((command) =>
    command.commands.length === 0
      ? [commandSection(command, command.name())]
      : command.commands.map((each) => commandSection(each, `${command.name()} ${each.name()}`)),
  );
  const text = [
    "# Command line",
    NOTE,
    "`npx miniprivacy COMMAND` where `@miniprivacy/node` is installed. What `--help` says of each:",
    ...sections,
  ].join("\n\n");
  return { file: "cli.md", text: `${text}\n` };
}

const HELP_WIDTH = 110;

function commandSection(command: Command, name: string): string {
  let help = "";
  command.configureOutput({
    writeOut: (part) => void (help += part),
    getOutHelpWidth: () => HELP_WIDTH,
    getOutHasColors: () => false,
  });
  command.outputHelp();
  return `## ${name}\n\n\`\`\`text\n${help.trim()}\n\`\`\``;
}
