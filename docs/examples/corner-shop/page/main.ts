import {
  createPrivacyClient,
  type OpenedRequest,
  type OwnData,
  type PrivacyClient,
  type RequestProgress,
} from "@miniprivacy/web";
import type { Language, PurposeId } from "@miniprivacy/core/policy";
import type { policy } from "../src/policy.ts";
import { TEXTS } from "./texts.ts";

const PEOPLE = { lin: "林一 Lin", wang: "王二 Wang" } as const;
const LABELS: { readonly [L in Language]: { readonly [purpose: string]: string } } = {
  "zh-CN": {},
  en: {},
};

const languageParameter = new URL(location.href).searchParams.get("language");
let language: Language = languageParameter === "en" ? "en" : "zh-CN";
let privacy = createClient();

function createClient(): PrivacyClient<PurposeId<typeof policy>> {
  return createPrivacyClient<typeof policy>({
    endpoint: "/privacy",
    language,
    host: window,
    prompt: showNotice,
  });
}

/** Shows the notice with two equal buttons; Escape and closing are a refusal. */
function showNotice({ text }: { readonly text: string }): Promise<"given" | "refused"> {
  const dialog = element<HTMLDialogElement>("notice");
  element("notice-text").textContent = text;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener(
      "close",
      () => resolve(dialog.returnValue === "given" ? "given" : "refused"),
      { once: true },
    );
  });
}

element("agree").addEventListener("click", () =>
  element<HTMLDialogElement>("notice").close("given"),
);
element("refuse").addEventListener("click", () =>
  element<HTMLDialogElement>("notice").close("refused"),
);

element<HTMLFormElement>("order").addEventListener("submit", (event) => {
  event.preventDefault();
  void placeOrder(event.target as HTMLFormElement);
});

async function placeOrder(form: HTMLFormElement): Promise<void> {
  const fields = Object.fromEntries(new FormData(form)) as { readonly [name: string]: string };
  if (!form.checkValidity() || !/^1[3-9]\d{9}$/.test(fields["phone"] ?? ""))
    return tellOrder("failed");
  const { permitted } = await privacy.consent.ask("delivery");
  if (!permitted) {
    tellOrder("pickup");
    return refresh();
  }
  const response = await fetch("/orders", {
    method: "POST",
    body: JSON.stringify({ ...fields, allergy: null }),
  });
  tellOrder(response.status === 201 ? "ordered" : "failed");
  if (response.status === 201) form.reset();
  return refresh();
}

function tellOrder(state: "ordered" | "pickup" | "failed"): void {
  const result = element("order-result");
  result.dataset["state"] = state;
  result.textContent = TEXTS[language][state];
}

async function refresh(): Promise<void> {
  const [consents, records] = await Promise.all([privacy.consent.list(), privacy.data.view()]);
  const texts = TEXTS[language];
  element("consents").replaceChildren(
    ...consents.map(({ purpose, status, permitted, receipt }) =>
      node(
        "li",
        { "data-purpose": purpose, "data-status": status },
        node("span", {}, LABELS[language][purpose] ?? purpose),
        node("span", { class: "status" }, texts.status[status]),
        permitted
          ? button(texts.withdraw, () => privacy.consent.withdraw(purpose).then(refresh))
          : button(texts.give, () => privacy.consent.ask(purpose).then(refresh)),
        ...(receipt === undefined
          ? []
          : [button(texts.receipt, async () => download(`${purpose}-receipt.jwt`, receipt))]),
      ),
    ),
  );
  element("records").replaceChildren(...recordForms(records));
}

const EDITABLE: {
  readonly [record: string]: {
    readonly key: string;
    readonly fields: readonly ("phone" | "address" | "text")[];
  };
} = {
  order: { key: "id", fields: ["phone", "address"] },
  note: { key: "name", fields: ["text"] },
};

function recordForms(records: OwnData): readonly Node[] {
  const texts = TEXTS[language];
  const forms = Object.entries(records).flatMap(([record, rows]) =>
    rows.map((row) => {
      const { key, fields } = EDITABLE[record]!;
      const form = node(
        "form",
        { class: "record", "data-record": record },
        node("p", {}, textOf(row["item"] ?? texts.fields.text)),
        ...fields.map((name) =>
          node(
            "label",
            {},
            node("span", {}, texts.fields[name]),
            node("input", { name, value: textOf(row[name] ?? "") }),
          ),
        ),
        node("button", { type: "submit", class: "quiet" }, texts.save),
        node("span", { role: "status" }),
      ) as HTMLFormElement;
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        const patch = Object.fromEntries(new FormData(form));
        const told = form.querySelector("[role=status]")!;
        void privacy.data.rectify(record, textOf(row[key]), patch).then(
          () => (told.textContent = texts.saved),
          () => (told.textContent = texts.failed),
        );
      });
      return form;
    }),
  );
  return forms.length === 0 ? [node("p", {}, texts.noRecords)] : forms;
}

element("export").addEventListener("click", () => {
  void privacy.data
    .export()
    .then((content) => download("my-data.json", JSON.stringify(content, null, 2)));
});
element("erase").addEventListener("click", () =>
  element<HTMLDialogElement>("confirm-erase").showModal(),
);
element("confirm-no").addEventListener("click", () =>
  element<HTMLDialogElement>("confirm-erase").close(),
);
element("confirm-yes").addEventListener("click", () => {
  element<HTMLDialogElement>("confirm-erase").close();
  void erase();
});

async function erase(): Promise<void> {
  const texts = TEXTS[language];
  const panel = element("erasure");
  panel.textContent = texts.erasing;
  const request = await privacy.requests.erase();
  const progress = await settled(request);
  const issued = await privacy.requests.certificate(progress.certificateId!, request.requestToken);
  panel.replaceChildren(
    node("p", {}, texts.erased),
    node(
      "ul",
      { id: "outcomes" },
      ...progress.outcomes.map(({ store, record, outcome, countBefore, countAfter }) =>
        node(
          "li",
          { "data-outcome": outcome },
          `${store} · ${record}: ${texts.outcome[outcome]} (${countBefore} → ${countAfter ?? "?"})`,
        ),
      ),
    ),
    button(texts.certificate, async () => saveCertificate(progress.certificateId!, request)),
    button(texts.certificateFile, async () => download("certificate.jwt", issued.certificate)),
  );
  await refresh();
}

async function settled(request: OpenedRequest): Promise<RequestProgress> {
  for (;;) {
    const progress = await privacy.requests.progress(request);
    if (!["received", "accepted", "executing"].includes(progress.state)) return progress;
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
}

/** A file of its own: in this page its inline style would fall under our strict content policy. */
async function saveCertificate(id: string, { requestToken }: OpenedRequest): Promise<void> {
  const response = await fetch(`/privacy/certificates/${id}?format=html&language=${language}`, {
    headers: { "x-request-token": requestToken },
  });
  download("certificate.html", await response.text());
}

function download(name: string, content: string): void {
  const link = node("a", {
    href: URL.createObjectURL(new Blob([content])),
    download: name,
  }) as HTMLAnchorElement;
  link.click();
}

function button(text: string, act: () => Promise<unknown>): Node {
  const made = node("button", { type: "button", class: "quiet" }, text);
  made.addEventListener("click", () => void act());
  return made;
}

function node(
  tag: string,
  attributes: { readonly [name: string]: string },
  ...children: readonly (Node | string)[]
): HTMLElement {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function element<Kind extends HTMLElement = HTMLElement>(id: string): Kind {
  return document.getElementById(id) as Kind;
}

function speak(): void {
  const texts = TEXTS[language];
  document.documentElement.lang = language;
  for (const place of document.querySelectorAll<HTMLElement>("[data-text]")) {
    place.textContent = texts[place.dataset["text"] as "brand"];
  }
  element("language").textContent = texts.otherLanguage;
}

element("language").addEventListener("click", () => {
  language = language === "en" ? "zh-CN" : "en";
  privacy = createClient();
  speak();
  void refresh();
});

async function signIn(person: string): Promise<void> {
  await fetch("/sign-in", { method: "POST", body: JSON.stringify({ person }) });
  element("erasure").replaceChildren();
  element("order-result").textContent = "";
  await refresh();
}

const select = element<HTMLSelectElement>("person");
select.append(...Object.entries(PEOPLE).map(([id, name]) => node("option", { value: id }, name)));
select.addEventListener("change", () => void signIn(select.value));

speak();
const declared = (await (await fetch("/privacy/policy")).json()) as {
  readonly purposes: {
    readonly [id: string]: { readonly label: { readonly [L in Language]: string } };
  };
};
for (const [id, { label }] of Object.entries(declared.purposes)) {
  Object.assign(LABELS["zh-CN"], { [id]: label["zh-CN"] });
  Object.assign(LABELS.en, { [id]: label.en });
}
const { person } = (await (await fetch("/me")).json()) as { readonly person: string | null };
if (person !== null && person in PEOPLE) {
  select.value = person;
  await refresh();
} else await signIn(select.value);
document.documentElement.dataset["ready"] = "true";
