import { MAX_STATEMENT_LENGTH } from "@miniprivacy/core/certificate";
import type { Language } from "@miniprivacy/core/policy";
import { checkStatement, type InputName, type Outcome } from "./check-statement.ts";
import { element } from "./dom.ts";
import { showOutcome } from "./show-outcome.ts";
import { isKeySetText } from "./key-set-text.ts";
import { TEXTS } from "./texts.ts";

const INPUTS = ["statement", "keys"] as const;

let language = firstLanguage();
let outcome: Outcome = { state: "waiting", for: INPUTS };
let round = 0;
/** A log proof that came as a file of its own; it belongs to the statement that is there. */
let proof = "";

function firstLanguage(): Language {
  const asked = new URL(location.href).searchParams.get("language") ?? navigator.language;
  return asked.startsWith("zh") ? "zh-CN" : "en";
}

function speak(): void {
  const texts = TEXTS[language];
  document.documentElement.lang = language;
  document.title = texts.title;
  for (const place of document.querySelectorAll<HTMLElement>("[data-text]"))
    place.textContent = texts[place.dataset["text"] as "title"];
  element("language").textContent = texts.otherLanguage;
  element("language").lang = language === "en" ? "zh-CN" : "en";
  showOutcome(outcome, language);
}

/** Checks what is there now; an earlier check that ends later is dropped. */
async function check(): Promise<void> {
  const mine = ++round;
  const [statement, keys] = INPUTS.map((name) => field(name).value) as [string, string];
  const trust = element<HTMLInputElement>("trust").value;
  const found = await checkStatement({ statement, proof, keys, trust }, Date.now());
  if (mine !== round) return;
  outcome = found;
  showOutcome(outcome, language);
}

function field(name: InputName): HTMLTextAreaElement {
  return element<HTMLTextAreaElement>(name);
}

/** Takes files in; without a place each goes where its content belongs. */
async function take(files: readonly File[], place?: InputName): Promise<void> {
  const read = await Promise.all(files.map(readFile));
  const fault = read.find(({ text }) => text === undefined);
  if (fault?.why !== undefined) return refuse(place ?? "statement", fault.why);
  const texts = read.flatMap(({ text }) => text ?? []);
  const of = (kind: InputName | "proof"): readonly string[] =>
    texts.filter((text) => kindOf(text, place) === kind);
  const [statements, keys, proofs] = [of("statement"), of("keys"), of("proof")];
  if (statements.length > 1 || proofs.length > 1) return refuse("statement", "several");
  if (keys.length > 1) return refuse("keys", "several");
  if (statements[0] !== undefined) field("statement").value = statements[0];
  if (keys[0] !== undefined) field("keys").value = keys[0];
  proof = proofs[0] ?? (statements[0] === undefined ? proof : "");
  return check();
}

function kindOf(text: string, place: InputName | undefined): InputName | "proof" {
  if (text.startsWith("c2sp.org/tlog-proof@")) return "proof";
  return place ?? (isKeySetText(text) ? "keys" : "statement");
}

/** Says why a file is not taken, and leaves nothing in its place that could be mistaken for it. */
function refuse(input: InputName, why: "size" | "bytes" | "several"): void {
  round++;
  field(input).value = "";
  if (input === "statement") proof = "";
  outcome = { state: "unreadable", input, why };
  showOutcome(outcome, language);
}

/** What a file holds; a file larger than anything we could mean is not read. */
async function readFile(
  file: File,
): Promise<{ readonly text?: string; readonly why?: "size" | "bytes" }> {
  if (file.size > 4 * MAX_STATEMENT_LENGTH) return { why: "size" };
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer()) };
  } catch {
    return { why: "bytes" };
  }
}

for (const name of INPUTS) {
  const chooser = element<HTMLInputElement>(`${name}-file`);
  element(`${name}-choose`).addEventListener("click", () => chooser.click());
  chooser.addEventListener("change", () => {
    void take([...(chooser.files ?? [])], name).then(() => (chooser.value = ""));
  });
}
field("statement").addEventListener("input", () => (proof = ""));
element("inputs").addEventListener("input", () => void check());
element("language").addEventListener("click", () => {
  language = language === "en" ? "zh-CN" : "en";
  speak();
});
document.addEventListener("dragover", (event) => {
  if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
});
document.addEventListener("drop", (event) => {
  const files = [...(event.dataTransfer?.files ?? [])];
  if (files.length === 0) return;
  event.preventDefault();
  void take(files);
});

element("save").hidden = location.protocol === "file:";
for (const part of document.querySelectorAll<HTMLElement>(".needs-script")) part.hidden = false;
speak();
document.documentElement.dataset["ready"] = "true";
