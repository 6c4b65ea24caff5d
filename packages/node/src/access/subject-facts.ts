import { type AccessFacts, accessFacts, type ConsentEvent } from "@miniprivacy/core";
import { isFresh, type LogChange, type LogChanges } from "../log/change-bus.ts";
import type { Runtime } from "../runtime.ts";
import { knownFacts } from "./known-facts.ts";
import { type KnownSubject, loadSubjects } from "./load-subjects.ts";
import type { TenantRegister, TenantRegisters } from "./tenant-register.ts";

/** What is known of one subject. */
export interface SubjectFacts {
  readonly subjectRef: string | null;
  /** What is on file for her tenant. */
  readonly register: TenantRegister;
  /**
   * The facts for reads of one purpose; undefined once they may be older than a second and must be loaded anew.
   *
   * @param observed Whether reads are only watched until the date the host has set.
   */
  current(purpose: string, observed: boolean): AccessFacts | undefined;
}

/** Remembers what was read of subjects for as long as nothing was written about them. */
export interface SubjectFactsStore {
  load(tenant: string, subjectIds: readonly string[]): Promise<ReadonlyMap<string, SubjectFacts>>;
}

/** Subjects remembered at once. */
const MOST_SUBJECTS = 10_000;

/** How often what changed while it was read is read again, before the reader denies and another one is due. */
const MOST_ATTEMPTS = 5;

interface Known {
  readonly key: string;
  readonly tenant: string;
  readonly subjectId: string;
  readonly subjectRef: string | null;
  readonly events: readonly ConsentEvent[];
  readonly restricted: boolean;
  readonly register: TenantRegister;
  /** When it was asked for, on the monotonic clock. */
  readonly readAt: number;
  /** How long the log was then: what lies before is known. */
  readonly logSize: number;
  /** Made when a purpose is first asked for. */
  readonly facts: Map<string, AccessFacts>;
  /** Whether something was written about the subject since, or may have been. */
  outdated: boolean;
}

/**
 * Opens the store. The change bus tells what was written: by this process before it answers, by others within a
 * second; past that second nothing remembered is used.
 */
export function createSubjectFacts(
  runtime: Runtime,
  registers: TenantRegisters,
): SubjectFactsStore {
  const { changes } = runtime;
  const bySubject = new Map<string, Known>();
  const byRef = new Map<string, Known>();
  const loads = new Set<LogChanges[]>();

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
    // Who was read twice at once is told of changes once: readers of the other must not miss them.
    const other = bySubject.get(known.key);
    if (other !== undefined) forget(other);
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

  async function read(tenant: string, subjectIds: readonly string[]): Promise<readonly Known[]> {
    for (let attempt = 1; ; attempt++) {
      const heard: LogChanges[] = [];
      loads.add(heard);
      try {
        const register = await registers.load(tenant);
        const readAt = performance.now();
        const subjects = await loadSubjects(runtime, tenant, subjectIds);
        const known = subjects.map((subject) => know(tenant, subject, register, readAt));
        for (const one of known) one.outdated = heard.some((told) => outdates(told, one));
        // Before anything else can be told: what comes from now on is heard only of who is remembered.
        for (const one of known) if (!one.outdated) remember(one);
        const settled = register.isCurrent() && !known.some(({ outdated }) => outdated);
        if (settled || attempt === MOST_ATTEMPTS) return known;
      } finally {
        loads.delete(heard);
      }
    }
  }

  return {
    async load(tenant, subjectIds) {
      const asked = [...new Set(subjectIds)];
      const found = asked.flatMap((subjectId) => {
        const known = bySubject.get(subjectKey(tenant, subjectId));
        return known !== undefined && isCurrent(runtime, known) ? [known] : [];
      });
      const missing = new Set(asked);
      for (const { subjectId } of found) missing.delete(subjectId);
      if (missing.size > 0) found.push(...(await read(tenant, [...missing])));
      return new Map(found.map((known) => [known.subjectId, subjectFacts(runtime, known)]));
    },
  };
}

function know(
  tenant: string,
  { subjectId, subjectRef, logSize, events, restricted }: KnownSubject,
  register: TenantRegister,
  readAt: number,
): Known {
  return {
    key: subjectKey(tenant, subjectId),
    tenant,
    subjectId,
    subjectRef,
    events,
    restricted,
    register,
    readAt,
    logSize,
    facts: new Map(),
    outdated: false,
  };
}

/** Someone of whom nothing is stored has no name that a change could tell: she is asked for again every second. */
function isCurrent(
  { changes }: Runtime,
  { outdated, readAt, subjectRef, register }: Known,
): boolean {
  const heardUntil = subjectRef === null ? 0 : changes.freshUntil();
  return !outdated && isFresh(readAt, heardUntil) && register.isCurrent();
}

function subjectFacts(runtime: Runtime, known: Known): SubjectFacts {
  return {
    subjectRef: known.subjectRef,
    register: known.register,
    current(purpose, observed) {
      if (!isCurrent(runtime, known)) return undefined;
      const key = observed ? `observed ${purpose}` : purpose;
      let facts = known.facts.get(key);
      if (facts === undefined) {
        facts = factsFor(runtime, known, purpose, observed);
        known.facts.set(key, facts);
      }
      return facts;
    },
  };
}

/** Their age is checked before each use, by the monotonic clock. */
function factsFor(
  { standing, observeUntil, now }: Runtime,
  known: Known,
  purpose: string,
  observed: boolean,
): AccessFacts {
  const { tenant, subjectId, register } = known;
  return accessFacts({
    ...knownFacts(known, register, purpose, standing, now()),
    tenant,
    subjectId,
    ...(observed && observeUntil !== undefined && { observeUntil }),
  });
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

function subjectKey(tenant: string, subjectId: string): string {
  return JSON.stringify([tenant, subjectId]);
}

function refKey({ tenant, subjectRef }: Pick<LogChange, "tenant" | "subjectRef">): string {
  return JSON.stringify([tenant, subjectRef]);
}
