import type { CommandError, CommandOutcome } from '#model/command.ts'
import { WeirError } from '#protocols/weir/client.ts'

/** Why a command came to nothing, or may have, and which of the two. */
export type Refusal = Omit<CommandError, 'status'>

/** What an error thrown by the relay's client says of why. */
export function refusalOf(error: unknown): Refusal {
  // A fault of this page: how far it came nobody knows.
  if (!(error instanceof WeirError))
    return { outcome: 'not-answered', type: 'Error', message: String(error), owner: null }
  const { outcome, problem } = error
  const { type, title, detail, source, requirements } = problem
  const own = detail ? title : type === 'about:blank' ? 'Error' : type
  return {
    outcome,
    ...(source ?? { type: own, message: detail ?? title, owner: null }),
    ...(requirements ? { requirements } : {}),
  }
}

/** What became of a command, as screens say it. */
export const OUTCOME_WORDS: Record<CommandOutcome, string> = {
  refused: 'refused',
  'not-answered': 'not answered',
  'not-sent': 'not sent',
}

const OUTCOMES: readonly CommandOutcome[] = ['refused', 'not-answered', 'not-sent']

/** Of commands that came to nothing together: "2 refused, 1 not answered". */
export function countOutcomes(outcomes: readonly CommandOutcome[]): string {
  return OUTCOMES.flatMap((outcome) => {
    const count = outcomes.filter((each) => each === outcome).length
    return count > 0 ? [`${count} ${OUTCOME_WORDS[outcome]}`] : []
  }).join(', ')
}

/** Red is what somebody said no to; the others may still be, or were never begun. */
export const OUTCOME_TONES = {
  refused: 'bad',
  'not-answered': 'warn',
  'not-sent': 'warn',
} as const satisfies Record<CommandOutcome, string>

/** Border and ground of a note beside a control, by its tone. */
export const NOTE_LOOKS = {
  bad: 'border-bad/50 bg-[color-mix(in_srgb,var(--bad)_9%,var(--panel))]',
  warn: 'border-warn/50 bg-[color-mix(in_srgb,var(--warn)_9%,var(--panel))]',
} as const
