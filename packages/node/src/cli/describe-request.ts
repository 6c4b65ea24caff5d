import type { DeskEntry, DeskRequest, DeskStep } from "../subject-request/request-desk.ts";

/** One line of a list, part by part. */
export function describeEntry(entry: DeskEntry): readonly string[] {
  const { id, kind, purpose, state, receivedAt, dueAt, failingStores } = entry;
  return [
    id,
    purpose === undefined ? kind : `${kind} ${purpose}`,
    state,
    `received ${receivedAt}`,
    `due ${dueAt}`,
    ...describeUrgency(entry),
    ...(failingStores > 0 ? [`failing stores: ${failingStores}`] : []),
  ];
}

function describeUrgency({ urgency, daysLeft = 0 }: DeskEntry): readonly string[] {
  if (urgency === undefined) return [];
  if (urgency === "overdue") return [`OVERDUE, day ${-daysLeft}`];
  return [`${urgency === "warn" ? "WARNING: " : ""}${daysLeft} days left`];
}

/** One request as sentences. */
export function describeRequest(request: DeskRequest): readonly string[] {
  const { steps, certificateId } = request;
  return [
    ...describeEntry(request),
    ...steps.map(describeStep),
    ...(certificateId === undefined ? [] : [`certificate ${certificateId}`]),
  ];
}

/** Where one store has come to. */
export function describeStep(step: DeskStep): string {
  const { store, record, outcome, countBefore, countAfter, attempts, fault, until } = step;
  return [
    `${store}.${record}`,
    outcome ?? "not tried yet",
    `rows ${countBefore ?? "?"} -> ${countAfter ?? "?"}`,
    ...(attempts > 0 ? [`failed ${attempts} x`] : []),
    ...(fault === null ? [] : [fault]),
    ...(until === null ? [] : [`until ${until}`]),
  ].join("  ");
}
