import type { GuessedCategory } from "./guess-category.ts";
import type { MapProposal, ProposedField, ProposedTable } from "./propose-map.ts";
import type { Dialect } from "./read-schema.ts";
import { configTail, fileHeader, POLICY_HEAD, type StarterOptions } from "./starter-files.ts";

/** A policy, a data map and a config for what lies in a database: the text of each file by its name. */
export function proposedFiles(
  proposal: MapProposal,
  dialect: Dialect,
  options: StarterOptions,
): { readonly [name: string]: string } {
  return {
    "policy.ts": policyFile(proposal, options),
    "privacy.config.ts": configFile(proposal, dialect, options),
  };
}

function policyFile({ tables, categories, subject }: MapProposal, options: StarterOptions): string {
  const used = new Set(tables.flatMap(({ fields }) => fields.map(({ kind }) => FUNCTIONS[kind])));
  const imports = ["definePolicy", "personalRecord", ...used].toSorted();
  return `${fileHeader(options)}
import { ${imports.join(", ")} } from "@miniprivacy/core/policy";
import * as z from "zod";

${POLICY_HEAD}
  // Guessed from the names of columns. 根据列名猜测
  categories: {
${categories.map(categoryText).join("")}  },
  recipients: {},
  // Say what you use it for, a purpose each; the texts are shown to people. 请逐项写明目的，文本会展示给用户
  purposes: {
${purposeTexts(categories)}  },
});

// Which column holds which kind of data; ${comment(subject)} is your id of a person. 哪一列是哪类个人信息
export const records = [
${tables.map(recordText).join("")}] as const;
`;
}

function categoryText({ id, label, source, sensitive }: GuessedCategory): string {
  return `    ${id}: {
      label: { "zh-CN": ${JSON.stringify(label["zh-CN"])}, en: ${JSON.stringify(label.en)} },
      source: "${source}",
${sensitive === undefined ? "" : `      sensitive: "${sensitive}",\n`}    },
`;
}

function purposeTexts(categories: readonly GuessedCategory[]): string {
  const ids = (sensitive: boolean): readonly string[] =>
    categories.filter((one) => (one.sensitive !== undefined) === sensitive).map(({ id }) => id);
  const [ordinary, sensitive] = [ids(false), ids(true)];
  return `${ordinary.length === 0 ? "" : serviceText(ordinary)}${sensitive.length === 0 ? "" : sensitiveText(sensitive)}`;
}

function serviceText(categories: readonly string[]): string {
  return `    service: {
      label: { "zh-CN": "提供服务", en: "Our service" },
      text: { "zh-CN": "我们用这些信息为您提供服务。", en: "We serve you with it." },
      categories: ${JSON.stringify(categories).replaceAll(",", ", ")},
      basis: "consent",
      necessity: "necessary",
      retention: { days: 180, from: "consent-given", then: "erase" },
    },
`;
}

function sensitiveText(categories: readonly string[]): string {
  return `    sensitiveService: {
      label: { "zh-CN": "需要敏感信息的服务", en: "Services that need sensitive data" },
      text: { "zh-CN": "我们用这些信息为您提供服务。", en: "We serve you with it." },
      categories: ${JSON.stringify(categories).replaceAll(",", ", ")},
      basis: "consent",
      consentKind: "separate",
      necessity: "optional",
      sensitiveNotice: {
        necessity: { "zh-CN": "没有它就无法提供这项服务。", en: "The service cannot do without." },
        impact: { "zh-CN": "泄露可能对您造成伤害。", en: "If it leaks, it may do you harm." },
      },
      retention: { days: 180, from: "consent-given", then: "erase" },
    },
`;
}

const FUNCTIONS = { key: "plain", subject: "subject", personal: "personal" } as const;

function recordText({ mapping, fields }: ProposedTable): string {
  return `  personalRecord(policy, ${JSON.stringify(mapping.table)}, {
${fields.map((field) => `    ${property(field.column.name)}: ${fieldText(field)},\n`).join("")}  }),
`;
}

function fieldText({ column, kind, category }: ProposedField): string {
  if (kind === "subject") return "subject(z.string())";
  const schema = `z.${column.holds}()`;
  const schemaOrNull = column.nullable ? `z.nullable(${schema})` : schema;
  return kind === "key" ? `plain(${schemaOrNull})` : `personal("${category!.id}", ${schemaOrNull})`;
}

function configFile(proposal: MapProposal, dialect: Dialect, options: StarterOptions): string {
  const { connector, driver, pool, kept } = DIALECTS[dialect];
  return `${fileHeader(options)}
import { definePrivacyConfig, ${connector} } from "@miniprivacy/node";
${driver}
import { policy, records } from "./policy.js";

// The address has a password in it: it stays in the environment. 地址含密码，放在环境变量里
${pool}

export default definePrivacyConfig({
  policy,
  records,
  connectors: {
    shop: ${connector}({
      pool,
      tables: {
${proposal.tables.map(mappingText).join("")}      },
      // How long logs and replicas keep old rows: say truthfully. 日志与副本保留旧数据几天，请如实填写
${kept}
    }),
  },
${configTail(options)}`;
}

function mappingText({ mapping }: ProposedTable): string {
  const { table, key, subject } = mapping;
  return `        ${property(table)}: {
          table: ${JSON.stringify(table)},
          key: ${JSON.stringify(key)},
          subject: ${typeof subject === "string" ? JSON.stringify(subject) : `[${subject.map((step) => JSON.stringify(step)).join(", ")}]`},
        },
`;
}

const DIALECTS = {
  mysql: {
    connector: "mysqlConnector",
    driver: 'import { createPool } from "mysql2/promise";',
    pool: `const uri = process.env["SHOP_DATABASE_URL"] ?? "";
const pool = createPool({ uri, charset: "utf8mb4" });`,
    kept: `      undo: { keptDays: 1 },
      binlog: { keptDays: 7 },`,
  },
  postgres: {
    connector: "postgresConnector",
    driver: 'import pg from "pg";',
    pool: `const connectionString = process.env["SHOP_DATABASE_URL"] ?? "";
const pool = new pg.Pool({ connectionString });
// A connection that the server ends while nobody uses it. 空闲时被服务器断开的连接
pool.on("error", () => {});`,
    kept: "      wal: { keptDays: 7 },",
  },
} as const;

function property(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}

/** A name that may hold anything, in one line. */
function comment(name: string): string {
  return name.replaceAll(/[\p{Cc}\u2028\u2029]/gu, "?");
}
