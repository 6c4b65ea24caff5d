import {
  type AccessFacts,
  type ConsentEvent,
  consentStatus,
  type PlatformAuthorization,
} from "@miniprivacy/core";
import { loadHistory } from "../consent/consent-store.ts";
import { FRESH_MS, type LogChange, type LogChanges } from "../log/change-bus.ts";
import { loadLogHead } from "../log/log-append.ts";
import type { Runtime } from "../runtime.ts";
import { hasRestrictingRequest } from "../subject-request/subject-request-store.ts";

/** What is known of one subject. */
export interface SubjectFacts {
  readonly subjectRef: string | null;
  /** The facts as they stand; undefined once they may be older than a second and must be loaded anew. */
  current(): AccessFacts | undefined;
}

/** Remembers what was read of subjects for as long as nothing was written about them. */
export interface SubjectFactsStore {
  load(tenant: string, subjectId: string): Promise<SubjectFacts>;
}

/** Subjects remembered at once. */
const MOST_SUBJECTS = 10_000;

interface Known {
  readonly key: string;
  readonly tenant: string;
  readonly subjectId: string;
  readonly subjectRef: string | null;
  readonly events: readonly ConsentEvent[];
  readonly restricted: boolean;
  /** When it was asked for, on the monotonic clock. */
  readonly readAt: number;
  /** How long the log was then: what lies before is known. */
  readonly logSize: number;
  /** Whether something was written about the subject since, or may have been. */
  outdated: boolean;
}

/**
 * Opens the store. The change bus tells what was written: by this process before it answers, by others within a
 * second; past that second nothing remembered is used.
 */
export function createSubjectFacts(
  runtime: Runtime,
  authorizations: readonly PlatformAuthorization[],
): SubjectFactsStore {
  const { changes } = runtime;
  const bySubject = new Map<string, Known>();
  const byRef = new Map<string, Known>();
  const loads = new Set<LogChanges[]>();
  const granted = new Set(authorizations);

  changes.subscribe((told) => {
    for (const heard of loads) heard.push(told);
    if (told === "all") for (const known of bySubject.values()) forget(known);
    else for (const change of told) hear(change);
  });

  function hear(change: LogChange): void {
    const known = byRef.get(refKey(change));
    if (known !== undefined && change.leafIndex >= known.logSize) forget(known);
  }

  function remember(known: Known): void {
    if (known.subjectRef === null) return;
    const oldest = bySubject.size >= MOST_SUBJECTS ? bySubject.values().next().value : undefined;
    if (oldest !== undefined) forget(oldest);
    bySubject.set(known.key, known);
    byRef.set(refKey(known), known);
  }

  function forget(known: Known): void {
    known.outdated = true;
    if (bySubject.get(known.key) === known) bySubject.delete(known.key);
    if (byRef.get(refKey(known)) === known) byRef.delete(refKey(known));
  }

  /** Someone of whom nothing is stored has no name that a change could tell: she is asked for again every second. */
  function isCurrent({ outdated, readAt, subjectRef }: Known): boolean {
    const heardUntil = subjectRef === null ? 0 : changes.freshUntil();
    return !outdated && performance.now() <= Math.max(readAt + FRESH_MS, heardUntil);
  }

  async function read(tenant: string, subjectId: string, key: string): Promise<Known> {
    for (;;) {
      const heard: LogChanges[] = [];
      loads.add(heard);
      try {
        const known = await readSubject(runtime, tenant, subjectId, key);
        if (!heard.some((told) => outdates(told, known))) return known;
      } finally {
        loads.delete(heard);
      }
    }
  }

  return {
    async load(tenant, subjectId) {
      const key = JSON.stringify([tenant, subjectId]);
      let known = bySubject.get(key);
      if (known === undefined || !isCurrent(known)) {
        if (known !== undefined) forget(known);
        known = await read(tenant, subjectId, key);
        remember(known);
      }
      return subjectFacts(runtime, known, granted, isCurrent);
    },
  };
}

async function readSubject(
  { database, keys }: Runtime,
  tenant: string,
  subjectId: string,
  key: string,
): Promise<Known> {
  const readAt = performance.now();
  const { tables } = database;
  const { size: logSize } = await loadLogHead(tables);
  const { link, events } = await loadHistory(tables, keys.index, { tenant, subjectId });
  const nothing = {
    key,
    tenant,
    subjectId,
    subjectRef: null,
    events: [],
    restricted: false,
    readAt,
    logSize,
    outdated: false,
  };
  if (link === undefined) return nothing;
  const restricted = await hasRestrictingRequest(tables, tenant, link.ref);
  return { ...nothing, subjectRef: link.ref, events: events.map(({ event }) => event), restricted };
}

/** What time alone changes, an expiry, is decided anew every second. */
function subjectFacts(
  runtime: Runtime,
  known: Known,
  authorizations: AccessFacts["authorizations"],
  isCurrent: (known: Known) => boolean,
): SubjectFacts {
  const { standing, observeUntil } = runtime;
  const { subjectId, subjectRef, events, restricted } = known;
  let facts: AccessFacts | undefined;
  let decidedAt = 0;
  return {
    subjectRef,
    current() {
      if (!isCurrent(known)) return undefined;
      const at = runtime.now();
      if (facts === undefined || Math.abs(at - decidedAt) >= FRESH_MS) {
        decidedAt = at;
        facts = {
          subjectId,
          consents: new Map(
            [...standing].map(([purpose, digests]) => [
              purpose,
              consentStatus(events, purpose, digests, at),
            ]),
          ),
          authorizations,
          restricted,
          freshUntil: at + FRESH_MS,
          ...(observeUntil !== undefined && { observeUntil }),
        };
      }
      return facts;
    },
  };
}

function outdates(told: LogChanges, { tenant, subjectRef, logSize }: Known): boolean {
  return (
    told === "all" ||
    told.some(
      (change) =>
        change.leafIndex >= logSize && change.tenant === tenant && change.subjectRef === subjectRef,
    )
  );
}

function refKey({ tenant, subjectRef }: Pick<LogChange, "tenant" | "subjectRef">): string {
  return JSON.stringify([tenant, subjectRef]);
}
