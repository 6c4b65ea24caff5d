import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import type * as core from "@miniprivacy/core";
import { bench, describe } from "vitest";
import { NOW } from "../../packages/core/src/access/access-facts.fixture.ts";
import {
  gridFacts,
  gridPolicy,
  gridQueries,
  type GridSize,
} from "../../packages/core/src/access/access-grid.fixture.ts";
import { bundle } from "../support/bundle.ts";

// A permitted decision beside access-control libraries from npm, which know neither consent nor its end. Goals for 20
// purposes of 30 categories: 30 x as fast as accesscontrol and 100 x as casbin; without consent, faster than CASL.
// `npm run bench` installs them.

interface Casl {
  createMongoAbility(rules: readonly { readonly action: string; readonly subject: string }[]): {
    can(action: string, subject: string): boolean;
  };
}
interface AccessControl {
  readonly AccessControl: new () => {
    grant(role: string): { readAny(resource: string): unknown };
    can(role: string): { readAny(resource: string): { readonly granted: boolean } };
  };
}
interface Casbin {
  newModelFromString(text: string): unknown;
  readonly StringAdapter: new (policy: string) => unknown;
  newEnforcer(
    model: unknown,
    adapter: unknown,
  ): Promise<{ enforceSync(subject: string, object: string): boolean }>;
}
const CASBIN_MODEL = `
[request_definition]
r = purpose, category
[policy_definition]
p = purpose, category
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = r.purpose == p.purpose && r.category == p.category`;

const installed = createRequire(new URL("access-peers/package.json", import.meta.url));
const peer = (name: string): Promise<unknown> =>
  import(pathToFileURL(installed.resolve(name)).href);
const { createMongoAbility } = (await peer("@casl/ability")) as Casl;
const { AccessControl } = (await peer("accesscontrol")) as AccessControl;
const casbin = (await peer("casbin")) as Casbin;

const { code } = await bundle(`export { decideAccess } from "@miniprivacy/core"`, "es2022");
const { decideAccess } = (await import(
  `data:text/javascript,${encodeURIComponent(code)}`
)) as typeof core;

type Permits = (query: core.AccessQuery) => boolean;

for (const size of [
  { purposes: 2, categories: 10, categoriesEach: 5 },
  { purposes: 20, categories: 30, categoriesEach: 25 },
  { purposes: 100, categories: 200, categoriesEach: 100 },
]) {
  const contenders = await contendersOf(size);
  requireSameAnswers(size, contenders);
  const queries = gridQueries(size, 1);
  describe(`1000 decisions, ${size.purposes * size.categoriesEach} rules`, () => {
    for (const [name, permits] of contenders)
      bench(
        name,
        () => {
          for (const query of queries)
            if (!permits(query)) throw new Error("a permitted query was denied");
        },
        { iterations: 5, warmupIterations: 2 },
      );
  });
}

async function contendersOf(size: GridSize): Promise<readonly (readonly [string, Permits])[]> {
  const rules = rulesOf(size);
  const ability = createMongoAbility(rules.map(([action, subject]) => ({ action, subject })));
  const control = new AccessControl();
  for (const [purpose, category] of rules) control.grant(purpose).readAny(category);
  return [
    ["decideAccess, consent and its end included", decided(size, "consent")],
    ["decideAccess, without consent", decided(size, "contract")],
    ["CASL", ({ purpose, categories }) => ability.can(purpose, categories[0]!)],
    [
      "accesscontrol",
      ({ purpose, categories }) => control.can(purpose).readAny(categories[0]!).granted,
    ],
    // It goes through the rules one by one: of 10,000, for milliseconds.
    ...(rules.length < 10_000 ? [["casbin", await enforced(rules)] as const] : []),
  ];
}

async function enforced(rules: readonly (readonly string[])[]): Promise<Permits> {
  const enforcer = await casbin.newEnforcer(
    casbin.newModelFromString(CASBIN_MODEL),
    new casbin.StringAdapter(rules.map((rule) => `p, ${rule.join(", ")}`).join("\n")),
  );
  return ({ purpose, categories }) => enforcer.enforceSync(purpose, categories[0]!);
}

function decided(size: GridSize, basis: "consent" | "contract"): Permits {
  const policy = gridPolicy(size, basis);
  const facts = gridFacts(policy)[0]!;
  // Reading what another file exports is a call here.
  const now = NOW;
  return (query) => decideAccess(policy, query, facts, now).permitted;
}

function rulesOf(size: GridSize): readonly (readonly [purpose: string, category: string])[] {
  return Object.entries(gridPolicy(size, "contract").purposes).flatMap(
    ([purpose, { categories }]) => categories.map((category) => [purpose, category] as const),
  );
}

function requireSameAnswers(
  size: GridSize,
  contenders: readonly (readonly [string, Permits])[],
): void {
  const permitted = new Set(rulesOf(size).map((rule) => rule.join()));
  const { purposes, categories } = gridPolicy(size, "contract");
  for (const purpose of Object.keys(purposes))
    for (const category of Object.keys(categories))
      for (const [name, permits] of contenders)
        if (
          permits({ purpose, categories: [category] }) !== permitted.has(`${purpose},${category}`)
        )
          throw new Error(`${name} answers otherwise for ${purpose} and ${category}`);
}
