import type { OwnData } from "@miniprivacy/web";
import { element, node } from "./dom.ts";
import { wrongFields } from "./fields.ts";
import { explainProblem } from "./problem.ts";
import { type Visit, withFreshSignIn } from "./visit.ts";

/** The person's records, each with what she can do about it. */
export interface Records {
  /** Reads them, and shows them anew if they are not what is shown: what she is typing stays. */
  show(visit: Visit): Promise<void>;
  /** Shows nothing of anybody. */
  hide(): void;
}

export function createRecords(): Records {
  const place = element("records");
  let shown = "";
  let turns = 0;
  return {
    async show(visit) {
      const turn = ++turns;
      const records = await visit.privacy.data.view();
      // A later look is on its way, or nobody is there any more.
      if (turn !== turns) return;
      const read = visit.language + JSON.stringify(records);
      if (read === shown) return;
      shown = read;
      const forms = Object.entries(records).flatMap(([record, rows]) =>
        rows.map((row) => recordForm(visit, record, row)),
      );
      const none = node("p", { class: "none" }, visit.texts.noRecords);
      place.replaceChildren(...(forms.length === 0 ? [none] : forms));
    },
    hide() {
      turns++;
      shown = "";
      place.replaceChildren(node("p", { class: "none" }, "—"));
    },
  };
}

const EDITABLE: {
  readonly [record: string]: {
    readonly key: string;
    readonly fields: { readonly [name: string]: { readonly [attribute: string]: string } };
  };
} = {
  order: {
    key: "id",
    fields: {
      phone: { type: "tel", required: "", pattern: "1[3-9][0-9]{9}", maxlength: "11" },
      address: { required: "", maxlength: "200" },
    },
  },
  note: { key: "name", fields: { text: { maxlength: "500" } } },
};

function recordForm({ texts, privacy }: Visit, record: string, row: OwnData[string][number]): Node {
  const { key, fields } = EDITABLE[record]!;
  const told = node("span", { role: "status" });
  const form = node(
    "form",
    { class: "record", "data-record": record, method: "post", novalidate: "" },
    node("p", { class: "record-name" }, textOf(row["item"]) || texts.noteFile),
    ...Object.entries(fields).map(([name, limits]) =>
      node(
        "label",
        {},
        node("span", {}, texts.fields[name as "phone"]),
        node("input", { name, value: textOf(row[name]), ...limits }),
      ),
    ),
    node(
      "div",
      { class: "actions" },
      node("button", { type: "submit", class: "quiet" }, texts.save),
      told,
    ),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const wrong = wrongFields(form).map((name) => texts.fields[name as "phone"]);
    if (wrong.length > 0) {
      told.textContent = texts.notSaved + wrong.join(texts.separator);
      return;
    }
    const patch = Object.fromEntries(new FormData(form));
    void withFreshSignIn(() => privacy.data.rectify(record, textOf(row[key]), patch)).then(
      ({ corrected }) =>
        (told.textContent = corrected.length > 0 ? texts.saved : texts.problems.other),
      (error) => (told.textContent = explainProblem(error, texts)),
    );
  });
  return form;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
