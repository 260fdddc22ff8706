import type { Command, CommandOutcome } from '#model/command.ts'
import { OUTCOME_WORDS } from './refusal.ts'

const OUTCOMES: readonly CommandOutcome[] = ['refused', 'not-answered', 'not-sent']

/** Of commands that were sent together: how many came to nothing and how, with the words of the first; null: none. */
export function failedWords(commands: readonly Command[]): string | null {
  const first = commands.find(({ error }) => error !== null)
  if (!first?.error) return null
  const parts = OUTCOMES.flatMap((outcome) => {
    const count = commands.filter(({ error }) => error?.outcome === outcome).length
    return count > 0 ? [`${count} ${OUTCOME_WORDS[outcome]}`] : []
  })
  return `Of ${commands.length}: ${parts.join(', ')}. ${first.target}: ${first.error.message}`
}
