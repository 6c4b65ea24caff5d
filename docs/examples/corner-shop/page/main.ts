import type { Language } from "@miniprivacy/core/policy";
import type { PrivacyCenterElement } from "@miniprivacy/web/element";
import { download, element } from "./dom.ts";
import { type Erasure, followErasure, openErasure, showErasure } from "./erasure.ts";
import { askInDialog, prepareDialog } from "./modal.ts";
import { createRecords } from "./my-data.ts";
import { fillWeixinPhone, type OrderResult, placeOrder, tellOrder } from "./order-form.ts";
import { isSignedOut, tellProblem } from "./problem.ts";
import { createVisit, signedIn, signIn, type Visit } from "./visit.ts";

let visit = createVisit(
  new URL(location.href).searchParams.get("language") === "en" ? "en" : "zh-CN",
);
const orderForm = element<HTMLFormElement>("order");
const center = element<PrivacyCenterElement>("consents");
const records = createRecords();
let unwatch: () => void = () => undefined;
let ordered: OrderResult | undefined;
let erasure: Erasure | undefined;
let busy = false;

function speak(): void {
  const { language, texts } = visit;
  document.documentElement.lang = language;
  for (const place of document.querySelectorAll<HTMLElement>("[data-text]"))
    place.textContent = texts[place.dataset["text"] as "brand"];
  const other: Language = language === "en" ? "zh-CN" : "en";
  element("language").textContent = texts.otherLanguage;
  element("language").lang = other;
  element<HTMLAnchorElement>("verify-page").href = `/verify.html?language=${language}`;
}

/** Shows what is this person's, in her language. */
async function enter(next: Visit): Promise<void> {
  unwatch();
  visit = next;
  showConsents();
  unwatch = visit.privacy.consent.watch(followDecision);
  await refresh();
}

function showConsents(): void {
  center.client = visit.privacy;
  center.hidden = false;
}

async function refresh(): Promise<void> {
  try {
    await records.show(visit);
    element("data-result").textContent = "";
  } catch (error) {
    tell(error);
  }
}

/** Also for a decision in another tab. What the page itself is doing ends with a look of its own. */
function followDecision(): void {
  // Without an answer the records stay as they are; the decision counts all the same.
  if (!busy) void records.show(visit).catch(hideWhenSignedOut);
}

function tell(error: unknown): void {
  tellProblem(error, visit.texts);
  hideWhenSignedOut(error);
}

function hideWhenSignedOut(error: unknown): void {
  if (isSignedOut(error)) leave();
}

/** Who has signed out leaves nothing on the screen, and nothing is sent in her name any more. */
function leave(): void {
  unwatch();
  visit.end();
  visit = createVisit(visit.language);
  center.hidden = true;
  center.client = undefined;
  for (const status of element("purposes").querySelectorAll(".status")) status.textContent = "—";
  records.hide();
}

/** One thing at a time: a second click on the same order is no second order. */
async function alone(act: () => Promise<void>): Promise<void> {
  if (busy) return;
  busy = true;
  try {
    await act();
  } finally {
    busy = false;
  }
}

function showOrder(result: OrderResult | undefined): void {
  ordered = result;
  tellOrder(result, visit.texts);
}

let arrived: Promise<void> = Promise.resolve();

/** One after the other: an answer to an earlier choice must not bring that person back. */
function welcome(person: string): Promise<void> {
  arrived = arrived.then(() => signInAs(person));
  return arrived;
}

/** Whoever signs in gets a client of their own: what another left undelivered is not theirs. */
async function signInAs(person: string): Promise<void> {
  leave();
  erasure = undefined;
  element("erasure").replaceChildren();
  showOrder(undefined);
  try {
    await signIn(person);
    await enter(createVisit(visit.language, (await signedIn()) ?? undefined));
  } catch (error) {
    select.selectedIndex = -1;
    tell(error);
  }
}

async function order(way: "deliver" | "pickup"): Promise<void> {
  showOrder(undefined);
  await conclude(await placeOrder(visit, orderForm, way));
}

async function weixinPhone(): Promise<void> {
  showOrder(undefined);
  await conclude(await fillWeixinPhone(visit, orderForm));
}

async function conclude(result: OrderResult | undefined): Promise<void> {
  showOrder(result);
  if (result?.state === "problem") hideWhenSignedOut(result.error);
  else await refresh();
}

async function eraseAll(): Promise<void> {
  if ((await askInDialog("confirm-erase")) !== "confirm-yes") return;
  showOrder(undefined);
  try {
    await follow(await openErasure(visit));
  } catch (error) {
    element("erasure").replaceChildren();
    tell(error);
  }
}

async function follow(request: Erasure["request"]): Promise<void> {
  erasure = await followErasure(visit, request);
  showOutcome(erasure);
  showConsents();
  await refresh();
}

function showOutcome(of: Erasure): void {
  showErasure(visit, of, () => follow(of.request));
}

const select = element<HTMLSelectElement>("person");
select.addEventListener("change", () => void welcome(select.value));

prepareDialog("confirm-erase");
orderForm.addEventListener("submit", (event) => {
  event.preventDefault();
  const way = event.submitter?.id === "order-pickup" ? "pickup" : "deliver";
  void alone(() => order(way));
});
element("weixin-phone").addEventListener("click", () => void alone(weixinPhone));
element("erase").addEventListener("click", () => void alone(eraseAll));
element("export").addEventListener("click", () => {
  void visit.privacy.data
    .export()
    .then((content) => download("my-data.json", JSON.stringify(content, null, 2)), tell);
});
element("language").addEventListener("click", () => {
  const language = visit.language === "en" ? "zh-CN" : "en";
  const next = createVisit(language, visit.person, visit);
  history.replaceState(null, "", `?language=${language}`);
  if (visit.person === undefined) visit = next;
  else void enter(next);
  speak();
  tellOrder(ordered, visit.texts);
  if (erasure !== undefined) showOutcome(erasure);
});

async function start(): Promise<void> {
  const person = await signedIn();
  const known = [...select.options].some(({ value }) => value === person);
  if (person === null || !known) return welcome(select.value);
  select.value = person;
  await enter(createVisit(visit.language, person));
}

await start().catch(tell);
element("no-script").remove();
document.documentElement.dataset["ready"] = "true";
