import { bankCardConfidence } from './bank-card.ts'
import { type DigitRun, digitRuns } from './digit-run.ts'
import type { Finding } from './finding.ts'
import { residentIdConfidence } from './resident-id.ts'
import type { SensitiveCategoryId } from './sensitive-category.ts'
import { profileActions, type SensitiveProfile } from './sensitive-profile.ts'

export interface ScanOptions {
  /** (`tcmpp-strict`) */
  readonly profile?: SensitiveProfile
}

/**
 * Finds sensitive data in a text by its content: PRC resident IDs and bank cards so far.
 *
 * Linear in the length of the text, whatever it holds.
 *
 * @returns Findings in order of position, none overlapping.
 */
export function scanText(text: string, { profile = 'tcmpp-strict' }: ScanOptions = {}): readonly Finding[] {
  const actions = profileActions(profile)
  return contentFindings(text, '$').filter(({ category }) => actions.get(category) !== 'ignore')
}

/** Findings of every profile in one text. */
export function contentFindings(text: string, path: string): readonly Finding[] {
  const ids = digitRuns(text, false).flatMap((run) =>
    found(run, path, 'cn-resident-id', 'id-document.cn-id-number', residentIdConfidence(run.digits)),
  )
  const cards = digitRuns(text, true).flatMap((run) =>
    found(run, path, 'bank-card', 'financial.account', bankCardConfidence(run.digits)),
  )
  const apart = cards.filter((card) => !ids.some((id) => id.start < card.end && card.start < id.end))
  return [...ids, ...apart].sort((a, b) => a.start - b.start)
}

function found(
  { start, end }: DigitRun,
  path: string,
  type: 'cn-resident-id' | 'bank-card',
  category: SensitiveCategoryId,
  confidence: number,
): readonly Finding[] {
  return confidence === 0 ? [] : [{ type, category, path, start, end, confidence, evidence: 'content' }]
}
