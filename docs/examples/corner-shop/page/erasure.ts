import type { OpenedRequest, RequestProgress } from "@miniprivacy/web";
import { button, download, element, node } from "./dom.ts";
import { explainProblem, tellProblem } from "./problem.ts";
import { type Visit, withFreshSignIn } from "./visit.ts";

/** An erasure as far as it has come. */
export interface Erasure {
  readonly request: OpenedRequest;
  /** Undefined while nothing could be read of it. */
  readonly progress: RequestProgress | undefined;
  readonly error?: unknown;
}

/** Begins to erase everything about the person. */
export function openErasure({ privacy, texts }: Visit): Promise<OpenedRequest> {
  element("erasure").replaceChildren(node("p", {}, texts.erasing));
  return withFreshSignIn(() => privacy.requests.erase());
}

/** Waits for the end of an erasure. */
export async function followErasure(
  { privacy: { requests } }: Visit,
  request: OpenedRequest,
): Promise<Erasure> {
  try {
    for (;;) {
      const progress = await requests.progress(request);
      if (!UNDER_WAY.includes(progress.state)) return { request, progress };
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
  } catch (error) {
    return { request, progress: undefined, error };
  }
}

const UNDER_WAY: readonly string[] = ["received", "accepted", "executing"];

/** Shows what happened in each store and hands out the confirmation; what could not be read can be looked at again. */
export function showErasure(
  visit: Visit,
  { request, progress, error }: Erasure,
  lookAgain: () => Promise<void>,
): void {
  const { texts } = visit;
  element("erasure").replaceChildren(
    ...(progress === undefined
      ? [
          node("p", { class: "failure" }, texts.eraseUnknown, explainProblem(error, texts)),
          node("div", { class: "actions" }, button(texts.lookAgain, {}, lookAgain)),
        ]
      : outcomeParts(visit, request, progress)),
  );
}

function outcomeParts(
  { texts, language, privacy }: Visit,
  request: OpenedRequest,
  { certificateId, outcomes, state }: RequestProgress,
): readonly Node[] {
  const counts = (before: number | null, after: number | null): string =>
    `${before ?? "?"} → ${after ?? "?"}`;
  const save = (text: string, act: (id: string) => Promise<void>): readonly Node[] =>
    certificateId === undefined
      ? []
      : [button(text, {}, () => act(certificateId).catch((error) => tellProblem(error, texts)))];
  return [
    node("h3", {}, state === "fulfilled" ? texts.erased : texts.partlyErased),
    node(
      "ul",
      { id: "outcomes" },
      ...outcomes.map(({ store, record, outcome, countBefore, countAfter }) =>
        node(
          "li",
          { "data-outcome": outcome },
          node("span", {}, texts.stores[`${store}.${record}`] ?? `${store} · ${record}`),
          node("span", { class: "status" }, texts.outcome[outcome]),
          node("span", { class: "counts" }, counts(countBefore, countAfter)),
        ),
      ),
    ),
    node(
      "div",
      { class: "actions" },
      ...save(texts.certificate, (id) => saveDocument(language, id, request)),
      ...save(texts.certificateFile, async (id) => {
        const issued = await privacy.requests.certificate(id, request.requestToken);
        download("certificate.json", JSON.stringify(issued, null, 2));
      }),
    ),
  ];
}

/** A file of its own: in this page its inline style would fall under our strict content policy. */
async function saveDocument(
  language: string,
  id: string,
  { requestToken }: OpenedRequest,
): Promise<void> {
  const response = await fetch(`/privacy/certificates/${id}?format=html&language=${language}`, {
    headers: { "x-request-token": requestToken },
  });
  if (!response.ok) throw new Error("no certificate");
  download("certificate.html", await response.text());
}
