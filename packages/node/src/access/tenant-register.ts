import { isFresh } from "../log/change-bus.ts";
import type { Runtime } from "../runtime.ts";
import { type FiledRecords, loadFiledRecords } from "./filed-records.ts";
import { isFilingKind } from "./filing.ts";

/** What is on file for one tenant, as reads need it. */
export interface TenantRegister extends FiledRecords {
  /** False once something may have been filed or ended since it was read. */
  isCurrent(): boolean;
}

export interface TenantRegisters {
  load(tenant: string): Promise<TenantRegister>;
}

/** Remembers what is on file until the log tells of a filing, or may not have told of one for a second. */
export function createTenantRegisters({ database, changes }: Runtime): TenantRegisters {
  const registers = new Map<string, Promise<TenantRegister>>();
  const generations = new Map<string, number>();
  let everyGeneration = 0;
  const generation = (tenant: string): number => (generations.get(tenant) ?? 0) + everyGeneration;

  changes.subscribe((told) => {
    if (told === "all") everyGeneration++;
    else
      for (const { kind, tenant } of told)
        if (isFilingKind(kind)) generations.set(tenant, (generations.get(tenant) ?? 0) + 1);
  });

  async function read(tenant: string): Promise<TenantRegister> {
    // What is filed while the query runs makes the answer outdated, whether it saw it or not.
    const then = generation(tenant);
    const readAt = performance.now();
    return {
      ...(await loadFiledRecords(database.tables, tenant)),
      isCurrent: () => generation(tenant) === then && isFresh(readAt, changes.freshUntil()),
    };
  }

  return {
    async load(tenant) {
      const known = await registers.get(tenant)?.catch(() => undefined);
      if (known?.isCurrent() === true) return known;
      const reading = read(tenant);
      registers.set(tenant, reading);
      return reading;
    },
  };
}
