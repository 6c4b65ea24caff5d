import type { Withdrawals } from "../erasure/withdrawals.ts";
import type { Runtime } from "../runtime.ts";
import type { SubjectIdentity } from "../subject/subject-identity.ts";
import {
  DEVICE_HEADER,
  type HeaderSource,
  headerOf,
  isDeviceSecret,
  parseConsentProof,
  PROOF_HEADER,
  statesOptOut,
} from "./consent-proof.ts";
import type { ConsentService, DecisionOutcome } from "./consent-service.ts";
import { takeOverDevice } from "./device-link.ts";

/** Takes in what a request brings along, before anything is decided about it. */
export interface DecisionIntake {
  /**
   * The first signed-in call of a device makes its decisions the person's.
   *
   * @param decides Whether the call brings decisions: then a device that decided nothing yet is hers too.
   */
  takeOver(
    person: SubjectIdentity,
    deviceSecret: string | undefined,
    decides: boolean,
  ): Promise<void>;
  /**
   * Records the decisions in a request's proof header, so that an order cannot overtake its consent. What is no proof
   * proves nothing: reads are then decided by what is on record.
   *
   * @returns What became of each decision; none without a proof.
   */
  accept(person: SubjectIdentity, headers: HeaderSource): Promise<readonly DecisionOutcome[]>;
}

export function createDecisionIntake(
  runtime: Runtime,
  consent: ConsentService,
  withdrawals: Withdrawals,
): DecisionIntake {
  async function takeOver(
    person: SubjectIdentity,
    deviceSecret: string | undefined,
    decides: boolean,
  ): Promise<void> {
    if (deviceSecret !== undefined)
      await takeOverDevice(runtime, person, deviceSecret, decides, withdrawals);
  }

  return {
    takeOver,
    async accept(person, headers) {
      const shown = headerOf(headers, DEVICE_HEADER);
      const deviceSecret = shown !== undefined && isDeviceSecret(shown) ? shown : undefined;
      const proof = headerOf(headers, PROOF_HEADER);
      const decisions = proof === undefined ? undefined : parseConsentProof(proof);
      await takeOver(person, deviceSecret, decisions !== undefined);
      const optedOut = statesOptOut(headers);
      if (optedOut) await consent.optOut(person);
      return consent.record(person, decisions ?? [], { optedOut, deviceSecret });
    },
  };
}
