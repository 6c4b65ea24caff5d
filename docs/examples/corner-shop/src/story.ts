import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createGuard, guardFetch } from "@miniprivacy/web/guard";
import { createPrivacyClient, type PrivacyClient, type RequestProgress } from "@miniprivacy/web";
import { isPrivacyError } from "@miniprivacy/core/errors";
import type { PurposeId } from "@miniprivacy/core/policy";
import { type KeySet, verifyCertificate, verifyStatement } from "@miniprivacy/core/certificate";
import { verifyEd25519 } from "@miniprivacy/node";
import { exposedExport } from "./breach-example.ts";
import type { policy } from "./policy.ts";

export interface StoryOptions {
  readonly url: string;
  /** The folders that data lies in, searched for what should be gone. */
  readonly folders: readonly string[];
  /** Where to keep what was made (nowhere). */
  readonly out?: string;
}

const PHONE = "13912345678";
const NEW_PHONE = "13887654321";
const ADDRESS = "花园路 8 号 2 单元 301";
const NOTE = "门口有只猫，请轻声敲门";
const ORDER = { item: "红豆面包", phone: PHONE, address: ADDRESS, allergy: null, note: NOTE };

/** Plays the shop's whole story over HTTP, one line a step. Returns how many steps failed. */
export async function tellStory({ url, folders, out }: StoryOptions): Promise<number> {
  const story = createSteps();
  const step = story.step;
  const files: { [name: string]: string } = {};
  const lin = await visitor(url, "lin");
  const wang = await visitor(url, "wang");
  const chen = await visitor(url, "chen");

  await step("an order without consent is refused and nothing is stored", async () => {
    const { status, body } = await lin.shop("POST", "/orders", ORDER);
    expect(status === 403 && body["reason"] === "consent-missing");
    return `reason ${String(body["reason"])}`;
  });

  const keys = await step("the verifier fetches the public keys", async () => {
    const jwks = (await json(
      await fetch(`${url}/privacy/.well-known/jwks.json`),
    )) as unknown as KeySet;
    files["jwks.json"] = JSON.stringify(jwks, null, 2);
    return jwks;
  });

  await step("consent is asked in Chinese, given, and answered with a signed receipt", async () => {
    const { permitted, receipt } = await lin.privacy.consent.ask("delivery");
    expect(permitted && receipt !== undefined && lin.shown[0]!.includes("手机号"));
    files["receipt.jwt"] = receipt!;
    const { verdict } = await verifyStatement(receipt!, { keys, now: Date.now() });
    expect(verdict === "valid");
    return "receipt verified";
  });

  await step("the same order now goes through", async () => {
    const { status } = await lin.shop("POST", "/orders", ORDER);
    expect(status === 201);
  });

  await step("the courier label reads phone and address for delivery", async () => {
    const { body } = await lin.shop("GET", "/orders/label");
    const value = body["value"] as { readonly [field: string]: unknown };
    expect(body["permitted"] === true && value["phone"] === PHONE && !("allergy" in value));
    return `fields ${Object.keys(value).join(", ")}`;
  });

  await step("the same phone number for marketing is denied", async () => {
    const { body } = await lin.shop("GET", "/orders/marketing");
    expect(body["permitted"] === false && body["reason"] === "consent-missing");
    return `reason ${String(body["reason"])}, clauses ${(body["obligations"] as string[]).join(", ")}`;
  });

  await step("a refusal is recorded too, and stops nothing else", async () => {
    lin.choose("refused");
    const { permitted, status } = await lin.privacy.consent.ask("statistics");
    const { body } = await lin.shop("GET", "/orders/label");
    expect(!permitted && status === "refused" && body["permitted"] === true);
  });

  await step("she sees her data and corrects the phone number", async () => {
    const { order } = await lin.privacy.data.view();
    await lin.privacy.data.rectify("order", String(order![0]!["id"]), { phone: NEW_PHONE });
    const after = await lin.privacy.data.view();
    expect(order![0]!["phone"] === PHONE && after["order"]![0]!["phone"] === NEW_PHONE);
    expect(after["note"]![0]!["text"] === NOTE);
  });

  await step("a message with a resident ID is stopped before it leaves", async () => {
    const guarded = guardFetch(createGuard({ profile: "tcmpp-strict", mode: "block" }), fetch);
    const body = JSON.stringify({ note: "我的身份证号是11010519491231002X，请核对" });
    const failure = await guarded(`${url}/orders`, { method: "POST", body }).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(isPrivacyError(failure) && failure.code === "ERR_SENSITIVE_DATA_FOUND");
    return "ERR_SENSITIVE_DATA_FOUND";
  });

  await step("withdrawing takes effect at once", async () => {
    lin.choose("given");
    const { status } = await lin.privacy.consent.withdraw("delivery");
    const { body } = await lin.shop("GET", "/orders/label");
    expect(status === "withdrawn" && body["reason"] === "consent-withdrawn");
    return `reason ${String(body["reason"])}`;
  });

  await step("what only delivery needed leaves every store, and the order stays", async () => {
    const progress = await until(async () => {
      const { body } = await lin.shop("GET", "/privacy/requests");
      return (body["requests"] as readonly RequestProgress[])[0]!;
    });
    const { order, note } = await lin.privacy.data.view();
    expect(progress.state === "fulfilled" && order![0]!["phone"] === "" && note!.length === 0);
    return outcomeLine(progress);
  });

  const request = await step("she erases everything by herself", async () => {
    const opened = await lin.privacy.requests.erase();
    const progress = await until(() => lin.privacy.requests.progress(opened));
    expect(progress.state === "fulfilled" && progress.outcomes.length >= 4);
    return { ...opened, certificateId: progress.certificateId!, detail: outcomeLine(progress) };
  });

  await step("nothing of her is left in any file of either store", async () => {
    const marks = [PHONE, NEW_PHONE, ADDRESS, NOTE];
    const left = (await Promise.all(folders.map((dir) => filesHolding(dir, marks)))).flat();
    expect(left.length === 0);
    const { order } = await lin.privacy.data.view();
    expect(order!.length === 0);
  });

  await step("the deletion certificate verifies, and a changed one does not", async () => {
    const { certificate, proof } = await lin.privacy.requests.certificate(
      request.certificateId,
      request.requestToken,
    );
    files["certificate.jwt"] = certificate;
    files["certificate.proof"] = proof!;
    const now = Date.now();
    const verified = await verifyCertificate(certificate, {
      keys,
      trust: keys.keys[0]!.kid,
      now,
      proof: { text: proof!, verifyEd25519 },
    });
    const [header, payload, signature] = certificate.split(".");
    const changed = `${header}.${payload!.slice(0, -2)}${payload!.endsWith("AA") ? "BB" : "AA"}.${signature}`;
    const forged = await verifyStatement(changed, { keys, now });
    if (verified.verdict === "invalid" || forged.verdict === "valid")
      throw new Error("the certificate verifies wrongly");
    const { claims, logged } = verified;
    return `claim ${claims.claim}, entry ${logged!.leafIndex + 1} of ${logged!.size} in the log`;
  });

  await step("the confirmation is readable for people", async () => {
    const response = await fetch(
      `${url}/privacy/certificates/${request.certificateId}?format=html&language=zh-CN`,
      {
        headers: { "x-request-token": request.requestToken },
      },
    );
    files["certificate.html"] = await response.text();
    expect(response.ok && files["certificate.html"].includes("个人信息删除确认书"));
  });

  await step("another customer cannot tell her request from one that never was", async () => {
    const [hers, none] = await Promise.all([
      wang.privacyStatus(`/requests/${request.id}`),
      wang.privacyStatus("/requests/none"),
    ]);
    expect(hers === 404 && none === 404);
  });

  await step("a breach is filed, and its notices are written with their due times", async () => {
    const filed = await chen.shop("POST", "/privacy/staff/breaches", exposedExport(new Date()));
    const { duties, notifications } = filed.body as unknown as Breach;
    expect(filed.status === 201 && duties.length > 0);
    for (const { recipient, language, text } of notifications)
      files[`breach/${recipient}.${language}.md`] = text;
    return `due ${duties.map(({ recipient, dueAt }) => `${recipient} ${dueAt}`).join(", ")}`;
  });

  if (out !== undefined) await keep(out, files);
  return story.end();
}

interface Breach {
  readonly duties: readonly { readonly recipient: string; readonly dueAt: string }[];
  readonly notifications: readonly {
    readonly recipient: string;
    readonly language: string;
    readonly text: string;
  }[];
}
interface Steps {
  readonly step: <Value>(title: string, run: () => Promise<Value>) => Promise<Value>;
  readonly end: () => number;
}
interface Visitor {
  readonly privacy: PrivacyClient<PurposeId<typeof policy>>;
  /** The notices shown so far. */
  readonly shown: string[];
  choose(decision: "given" | "refused"): void;
  shop(
    method: "GET" | "POST",
    path: string,
    body?: object,
  ): Promise<{ status: number; body: { readonly [name: string]: unknown } }>;
  privacyStatus(path: string): Promise<number>;
}

async function visitor(url: string, person: string): Promise<Visitor> {
  const signIn = await fetch(`${url}/sign-in`, {
    method: "POST",
    body: JSON.stringify({ person }),
  });
  const cookie = signIn.headers.get("set-cookie")!.split(";")[0]!;
  const shown: string[] = [];
  let decision: "given" | "refused" = "given";
  const privacy = createPrivacyClient<typeof policy>({
    endpoint: `${url}/privacy`,
    language: "zh-CN",
    host: { fetch, crypto },
    headers: () => ({ cookie }),
    prompt: async ({ text }) => {
      shown.push(text);
      return decision;
    },
  });
  return {
    privacy,
    shown,
    choose: (next) => void (decision = next),
    async shop(method, path, body) {
      const content = body && {
        headers: { cookie, "content-type": "application/json" },
        body: JSON.stringify(body),
      };
      const response = await fetch(url + path, { method, headers: { cookie }, ...content });
      return { status: response.status, body: await json(response) };
    },
    privacyStatus: async (path) =>
      (await fetch(`${url}/privacy${path}`, { headers: { cookie } })).status,
  };
}

function createSteps(): Steps {
  let count = 0;
  let failed = 0;
  return {
    async step<Value>(title: string, run: () => Promise<Value>): Promise<Value> {
      count++;
      try {
        const value = await run();
        process.stdout.write(`ok ${count} ${title}${detailOf(value)}\n`);
        return value;
      } catch (error) {
        failed++;
        process.stdout.write(`FAILED ${count} ${title}\n`);
        process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
        return undefined as Value;
      }
    },
    end(): number {
      process.stdout.write(`demo: ${count} steps, ${failed} failed\n`);
      return failed;
    },
  };
}

/** What a step has to add to its line. */
function detailOf(value: unknown): string {
  if (typeof value === "string") return ` — ${value}`;
  const { detail } = (value ?? {}) as { readonly detail?: string };
  return detail === undefined ? "" : ` — ${detail}`;
}

function expect(holds: boolean): void {
  if (!holds) throw new Error("not as it should be");
}

async function until(read: () => Promise<RequestProgress>): Promise<RequestProgress> {
  for (let tries = 0; tries < 200; tries++) {
    const progress = await read();
    if (!["received", "accepted", "executing"].includes(progress.state)) return progress;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("the request did not end in time");
}

function outcomeLine({ outcomes }: RequestProgress): string {
  return outcomes
    .map(
      ({ store, record, outcome, countBefore, countAfter }) =>
        `${store}/${record} ${outcome} ${countBefore}→${countAfter}`,
    )
    .join(", ");
}

async function json(response: Response): Promise<{ readonly [name: string]: unknown }> {
  return (await response.json()) as { readonly [name: string]: unknown };
}

/** Looks at the raw bytes on disk, under all layers of software. */
async function filesHolding(dir: string, marks: readonly string[]): Promise<readonly string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const holding: string[] = [];
  for (const entry of entries.filter((candidate) => candidate.isFile())) {
    const content = await readFile(join(entry.parentPath, entry.name));
    if (marks.some((mark) => content.includes(mark))) holding.push(entry.name);
  }
  return holding;
}

async function keep(out: string, files: { readonly [name: string]: string }): Promise<void> {
  await mkdir(join(out, "breach"), { recursive: true });
  for (const [name, content] of Object.entries(files)) await writeFile(join(out, name), content);
}
