import type { Command } from '#model/command.ts'
import { countOutcomes } from './refusal.ts'

/** Of commands that were sent together: how many came to nothing and how, with the words of the first; null: none. */
export function failedWords(commands: readonly Command[]): string | null {
  const errors = commands.flatMap(({ error }) => error ?? [])
  const first = commands.find(({ error }) => error !== null)
  if (!first?.error) return null
  const counts = countOutcomes(errors.map(({ outcome }) => outcome))
  return `Of ${commands.length}: ${counts}. ${first.target}: ${first.error.message}`
}
