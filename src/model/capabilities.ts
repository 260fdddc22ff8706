/** What a source cannot do, with the reason in plain words. */
interface Absent {
  absent: string
}

/** True where a source can; else why it cannot. */
type Capability = true | Absent

/** What it takes to write a call of the source's API for use elsewhere. */
export interface CodeSamples {
  /** Where the public service answers, and the path that starts a task. */
  url: string
  startPath: string
  /** The variable of the environment that holds the key. */
  keyVariable: string
  /** The package of its JavaScript client, and what makes one. */
  sdk: { package: string; name: string }
  /** Where the relay answers that client, and adds the key. */
  proxyPath: string
}

/**
 * What a source can do, as far as screens differ by it. Views ask this and never compare kinds of sources: a new kind
 * says here what it has.
 */
export interface Capabilities {
  /** A task is of any type with any parameters, or runs an app by the form of its schema; or none can be started. */
  start: 'parameters' | 'schema' | Absent
  cancel: Capability
  /** Tasks can be paused and resumed. */
  pause: Capability
  /** A parameter of a running task can be set. */
  setParameter: Capability
  devices: Capability
  /** Its tasks pass through statuses of its own, with its own times; lines of their logs belong to them. */
  phases: Capability
  /** It tells of each task by a stream of its own, beside its list. */
  streams: Capability
  /** Streams of tasks carry numbers, which are kept as samples. */
  samples: Capability
  /** For how long a task is followed can be limited. A stream that was closed by that can be opened again. */
  followLimits: Capability
  /** A task may have an output before it ends. */
  earlyOutputs: Capability
  /** Outputs may hold files, pictures and Markdown, which are shown as such. */
  media: Capability
  /** It says of a task where and as what it ran, and what it used. */
  runFacts: Capability
  /** It measures what a task uses while it runs. */
  telemetry: Capability
  /** The same call can be made from elsewhere. */
  code: CodeSamples | Absent
}

/** The capabilities that a source has or lacks. */
export type CapabilityName = Exclude<keyof Capabilities, 'code'>

/** Why a source cannot; null where it can, and while nobody knows. */
export function whyNot(capabilities: Capabilities | undefined, name: CapabilityName): string | null {
  const capability = capabilities?.[name]
  return typeof capability === 'object' ? capability.absent : null
}
