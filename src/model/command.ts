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

/** A source's refusal or failure in its own words. */
export interface CommandError {
  /** HTTP status; null when no answer came. */
  status: number | null
  /** The source's error type ("DeviceInUse") or Weir's own ("Unreachable"). */
  type: string
  message: string
  /** The task that holds the device, when the source named it. */
  owner: string | null
  /** No answer came, or none that tells: it may have taken effect all the same. */
  unsure?: true
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
  /** The page that asked (its session id). */
  by: string
  sentAt: number
  acceptedAt: number | null
  effectiveAt: number | null
  /** How effect was seen, or why it cannot be: "no step since", "the server cannot confirm a pause". */
  effectNote: string | null
  refusedAt: number | null
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
