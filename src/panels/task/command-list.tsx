import { formatDuration } from '#lib/format.ts'
import { isForTask, type Command } from '#model/command.ts'
import { authorWords } from '#panels/command/author-words.ts'
import { DeviceLink } from '#panels/command/device-link.tsx'
import { ownAuthor } from '#panels/command/own-author.ts'
import { useLiveness } from '#streams/react.tsx'
import { classes } from '#ui/classes.ts'
import { Icon, type IconName } from '#ui/icon.tsx'
import { Time } from '#ui/time.tsx'
import { TONE_TEXT, type Tone } from '#ui/tone.ts'
import { commandState, commandSteps, type CommandStateName, type CommandStep } from './command-state.ts'
import { verbLabel } from '#panels/command/verb-label.ts'
import { TaskLink } from './task-link.tsx'

const LOOKS: Record<CommandStateName, { icon: IconName; tone: Tone; word: string }> = {
  sent: { icon: 'spinner', tone: 'wait', word: 'Sent' },
  accepted: { icon: 'clock', tone: 'run', word: 'Accepted' },
  effective: { icon: 'check', tone: 'ok', word: 'Effective' },
  refused: { icon: 'cross', tone: 'bad', word: 'Refused' },
  'not-answered': { icon: 'question', tone: 'wait', word: 'Not answered' },
  'not-sent': { icon: 'cross', tone: 'wait', word: 'Not sent' },
}

/** What people asked, and what became of it; the order is the caller's. */
export function CommandList(props: {
  commands: readonly Command[]
  now: number
  /** Names the task or device of each command: for lists across tasks. */
  withTarget?: boolean
  /** A height makes it scroll by itself, for the keyboard too. */
  className?: string
}) {
  const { className } = props
  const own = ownAuthor()
  return (
    <ul
      role="list"
      aria-label="Commands"
      tabIndex={className === undefined ? undefined : 0}
      className={classes('divide-y divide-line focus-visible:-outline-offset-2', className)}
    >
      {props.commands.map((command) => (
        <CommandItem
          key={command.id}
          command={command}
          by={`by ${authorWords(command.by, own)}`}
          now={props.now}
          withTarget={props.withTarget ?? false}
        />
      ))}
    </ul>
  )
}

function CommandItem(props: { command: Command; by: string; now: number; withTarget: boolean }) {
  const { command, by, now, withTarget } = props
  const look = LOOKS[commandState(command)]
  const live = useLiveness() === 'live'
  const pending = command.effectiveAt === null && command.failedAt === null
  return (
    <li className="grid gap-0.5 px-3 py-2">
      <div className="flex min-w-0 items-baseline gap-x-2">
        <span className="said line-clamp-2 min-w-0 font-medium" title={command.text.slice(0, 2_000)}>
          {wordsOf(command) || verbLabel(command.verb)}
        </span>
        <span className={`ml-auto inline-flex shrink-0 items-center gap-1 text-sm ${TONE_TEXT[look.tone]}`}>
          <Icon
            name={look.icon}
            size={12}
            turning={live && look.icon === 'spinner'}
            className="self-center"
          />
          {look.word}
        </span>
      </div>
      {withTarget && <Target command={command} />}
      <p className="text-sm text-faint">
        {commandSteps(command).map((step, i) => (
          <StepWords key={step.name} step={step} first={i === 0} now={now} />
        ))}{' '}
        · {by}
      </p>
      {command.error && <Refusal command={command} />}
      {command.effectNote !== null && (
        <p className="said text-sm text-mute">
          {command.inferred && 'inferred: '}
          {clip(command.effectNote)}
        </p>
      )}
      {pending && command.effectNote === null && (
        <p className="text-sm text-mute">
          {command.acceptedAt === null ? 'waiting for the source to answer' : 'effect not seen yet'},{' '}
          {formatDuration(now - (command.acceptedAt ?? command.sentAt))}
        </p>
      )}
    </li>
  )
}

function StepWords(props: { step: CommandStep; first: boolean; now: number }) {
  const { step, first, now } = props
  const words = LOOKS[step.name].word.toLowerCase()
  if (first)
    return (
      <>
        {words} <Time at={step.at} as="when" now={now} />
      </>
    )
  return (
    <>
      {' → '}
      {words}
      {step.within && ' within'}{' '}
      <span title={new Date(step.at).toISOString()}>
        {step.within ? '' : '+'}
        {afterWords(step.after)}
      </span>
    </>
  )
}

function Target(props: { command: Command }) {
  const { command } = props
  return (
    <p className="said-line text-sm text-mute">
      {command.source} · <TargetLink command={command} />
    </p>
  )
}

function TargetLink(props: { command: Command }) {
  const { command } = props
  if (!isForTask(command.verb))
    return (
      <DeviceLink source={command.source} id={command.target}>
        {command.target}
      </DeviceLink>
    )
  return (
    <TaskLink source={command.source} id={command.target}>
      {command.target}
    </TaskLink>
  )
}

/** The server's own words, and the holder of the device as a link. */
function Refusal(props: { command: Command }) {
  const { error, source } = props.command
  if (!error) return null
  return (
    <p className={classes('said text-sm', error.outcome === 'refused' ? 'text-bad' : 'text-mute')}>
      <b className="font-medium">{error.type}</b>
      {error.status !== null && <span className="text-faint"> {error.status}</span>}
      {': '}
      {clip(error.message)}
      {error.owner !== null && (
        <span className="text-mute">
          {' '}
          Held by{' '}
          <TaskLink source={source} id={error.owner}>
            {error.owner}
          </TaskLink>
        </span>
      )}
    </p>
  )
}

/** A sentence begins with a capital; the name of a method is what it is. */
function wordsOf(command: Command): string {
  const text = clip(command.text)
  return command.verb === 'call' ? text : upperFirst(text)
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function afterWords(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : formatDuration(ms)
}

function clip(text: string): string {
  return text.length > 600 ? `${text.slice(0, 600)}…` : text
}
