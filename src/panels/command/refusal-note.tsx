import type { ComponentProps, ComponentType, ReactNode } from 'react'
import { TaskLink } from '#panels/task/task-link.tsx'
import { IconButton } from '#ui/button.tsx'
import { classes } from '#ui/classes.ts'
import { Icon } from '#ui/icon.tsx'
import { TONE_TEXT } from '#ui/tone.ts'
import { dismissSaid, useSaid, type CommandTarget } from './command-store.ts'
import { NOTE_LOOKS, OUTCOME_TONES, OUTCOME_WORDS, type Refusal } from './refusal.ts'
import { verbLabel } from './verb-label.ts'

/** What became of a command beside its control, in the source's own words where they are its. */
export function RefusalNote(props: {
  source: string
  /** What was asked: "Cancel", "set_power". */
  what: string
  refusal: Refusal
  onDismiss?: () => void
  /** The way to free what another task holds, beside that. */
  Free?: ComponentType<{ source: string; id: string }>
  className?: string
}) {
  const { source, what, refusal, onDismiss, Free, className } = props
  const { outcome, type, message, owner } = refusal
  return (
    <NoteFrame
      outcome={outcome}
      title={`${what} ${OUTCOME_WORDS[outcome]}: ${type}`}
      {...(onDismiss ? { onDismiss } : {})}
      {...(className === undefined ? {} : { className })}
    >
      <div className="max-h-32 overflow-y-auto whitespace-pre-wrap">{message.slice(0, 4_000)}</div>
      {owner !== null && (
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <span className="[&_a]:underline">
            Held by{' '}
            <TaskLink source={source} id={owner}>
              {owner}
            </TaskLink>
          </span>
          {Free && <Free source={source} id={owner} />}
        </div>
      )}
    </NoteFrame>
  )
}

/** The same for the newest command that this page sent for a task or device; nothing while it came to something. */
export function LatestRefusal(
  props: Omit<ComponentProps<typeof RefusalNote>, 'what' | 'refusal' | 'onDismiss'> & {
    target: CommandTarget
  },
) {
  const { target, ...rest } = props
  const said = useSaid(target)
  if (!said?.refusal) return null
  return (
    <RefusalNote
      {...rest}
      what={verbLabel(said.verb)}
      refusal={said.refusal}
      onDismiss={() => {
        dismissSaid(target)
      }}
    />
  )
}

/** An alert in the colours of what became of a command. */
export function NoteFrame(props: {
  outcome: Refusal['outcome']
  title: string
  onDismiss?: () => void
  className?: string
  children: ReactNode
}) {
  const { outcome, title, onDismiss, className, children } = props
  const tone = OUTCOME_TONES[outcome]
  return (
    <div
      role="alert"
      className={classes(
        'flex min-w-0 items-start gap-2 overflow-y-auto py-1.5 pr-1 pl-2.5 text-sm',
        NOTE_LOOKS[tone],
        className ?? 'rounded-md border',
      )}
    >
      <Icon name="warning" size={13} className={`mt-[3px] ${TONE_TEXT[tone]}`} />
      <div className="said grid min-w-0 flex-1 gap-1">
        <b className={`font-medium ${TONE_TEXT[tone]}`}>{title}</b>
        {children}
      </div>
      {onDismiss && <IconButton icon="cross" label="Dismiss" onClick={onDismiss} />}
    </div>
  )
}
