import type { Command, CommandOutcome } from '#model/command.ts'
import { OUTCOME_WORDS } from '#panels/command/refusal.ts'
import { verbLabel } from '#panels/command/verb-label.ts'

export type CommandStateName = 'sent' | 'accepted' | 'effective' | CommandOutcome

/** How far a command has come. */
export function commandState(command: Command): CommandStateName {
  if (command.failedAt !== null) return command.error?.outcome ?? 'refused'
  if (command.effectiveAt !== null) return 'effective'
  return command.acceptedAt !== null ? 'accepted' : 'sent'
}

export interface CommandStep {
  name: CommandStateName
  /** ms since epoch. */
  at: number
  /** Since the command was sent, ms. */
  after: number
  /** It may have been earlier: nobody reported the moment. */
  within: boolean
}

/** What happened to a command, in order: an effect that was seen before the answer came counts from it. */
export function commandSteps(command: Command): CommandStep[] {
  let latest = command.sentAt
  const step = (name: CommandStateName, at: number | null, within = false): CommandStep[] => {
    if (at === null) return []
    latest = Math.max(latest, at)
    return [{ name, at: latest, after: latest - command.sentAt, within }]
  }
  return [
    ...step('sent', command.sentAt),
    ...step('accepted', command.acceptedAt),
    ...step('effective', command.effectiveAt, command.inferred),
    ...step(command.error?.outcome ?? 'refused', command.failedAt),
  ]
}

function stateWords(command: Command): string {
  const state = commandState(command)
  return state in OUTCOME_WORDS ? OUTCOME_WORDS[state as CommandOutcome] : state
}

/** Commands that hold every word of the filter in what they say, newest first. */
export function filterCommands(commands: Iterable<Command>, filter: string): Command[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean)
  const found: Command[] = []
  for (const command of commands) {
    const text =
      `${command.source}/${command.target} ${verbLabel(command.verb)} ${command.text} ${stateWords(command)} ` +
      `${command.error?.type ?? ''} ${command.error?.message ?? ''} ${command.effectNote ?? ''}`
    if (words.every((word) => text.toLowerCase().includes(word))) found.push(command)
  }
  return found.sort((a, b) => b.sentAt - a.sentAt || (a.id < b.id ? 1 : -1))
}
