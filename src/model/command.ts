import type { Author } from './author.ts'

export type CommandVerb =
  | 'start'
  | 'cancel'
  | 'pause'
  | 'resume'
  | 'parameter'
  | 'connect'
  | 'disconnect'
  | 'call'
  | 'stream/start'
  | 'stream/stop'
  | 'add'
  | 'clear-error'

/** Something a source wants before it does what was asked, by its own names (inference.sh wire contract §2). */
export interface Requirement {
  /** `secret`, `integration`, `scope`, or a newer word. */
  type: string
  /** What is missing: the name of a secret, of an integration, of a scope. May be empty. */
  key: string
  /** The source's own sentence about it. */
  message: string
  action: {
    /** `add_secret`, `connect`, `add_scopes`, or a newer word. */
    type: string
    provider: string | null
    provider_name: string | null
    scopes: string[]
    /** In words, by scope. */
    scope_descriptions: Readonly<Record<string, string>>
  } | null
}

/**
 * What became of a command that was not accepted, said in the same words from the source's adapter to the screen:
 * `refused`: the source said no; `not-answered`: no answer came, or none that tells, so nobody knows whether it
 * took effect; `not-sent`: it never left for the source, and will not.
 */
export type CommandOutcome = 'refused' | 'not-answered' | 'not-sent'

/** Why a command came to nothing, or may have: in the source's own words where they are its. */
export interface CommandError {
  outcome: CommandOutcome
  /** HTTP status; null when no answer came. */
  status: number | null
  /** The source's error type ("DeviceInUse") or Weir's own ("Unreachable"). */
  type: string
  message: string
  /** The task that holds the device, when the source named it. */
  owner: string | null
  /** What has to be there first, where the source listed it. */
  requirements?: readonly Requirement[]
}

/** One entry of the ledger: what a person asked, and what became of it. Times are ms since epoch. */
export interface Command {
  id: string
  source: string
  verb: CommandVerb
  /** Task or device the command is for. */
  target: string
  /** What was asked, in words: `set delay = 0.2`. */
  text: string
  by: Author
  sentAt: number
  acceptedAt: number | null
  effectiveAt: number | null
  /** The source does not report the effect: Weir saw it by then, and it may have been earlier. */
  inferred?: true
  /** How effect was seen, or why it cannot be: "no step since", "the server cannot confirm a pause". */
  effectNote: string | null
  /** When it was known that it was refused, not answered or not sent: `error` says which. */
  failedAt: number | null
  error: CommandError | null
}

const TASK_VERBS: ReadonlySet<CommandVerb> = new Set<CommandVerb>([
  'start',
  'cancel',
  'pause',
  'resume',
  'parameter',
])

/** True for commands whose target is a task; a device may have the same id. */
export function isForTask(verb: CommandVerb): boolean {
  return TASK_VERBS.has(verb)
}
