import { TaskLink } from '#panels/task/task-link.tsx'
import { NOTE_LOOKS, OUTCOME_TONES, OUTCOME_WORDS, type Refusal } from '#panels/command/refusal.ts'
import { IconButton } from '#ui/button.tsx'
import { Icon } from '#ui/icon.tsx'
import { TONE_TEXT } from '#ui/tone.ts'
import { CancelOwner } from './cancel-owner.tsx'

/** A command that came to nothing in the server's own words; who holds the device, and the way to free it. */
export function DeviceRefusal(props: {
  source: string
  /** What was asked: "Connect", "set_power". */
  what: string
  refusal: Refusal
  onDismiss?: () => void
}) {
  const { source, what, refusal, onDismiss } = props
  const tone = OUTCOME_TONES[refusal.outcome]
  return (
    <div
      role="alert"
      className={`flex min-w-0 items-start gap-2 rounded-md border py-1.5 pr-1 pl-2.5 text-sm ${NOTE_LOOKS[tone]}`}
    >
      <Icon name="warning" size={13} className={`mt-[3px] ${TONE_TEXT[tone]}`} />
      <div className="said grid min-w-0 flex-1 gap-1">
        <b className={`font-medium ${TONE_TEXT[tone]}`}>
          {what} {OUTCOME_WORDS[refusal.outcome]}: {refusal.type}
        </b>
        <div className="max-h-32 overflow-y-auto whitespace-pre-wrap">{refusal.message.slice(0, 4_000)}</div>
        {refusal.owner !== null && (
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <span className="[&_a]:underline">
              Held by{' '}
              <TaskLink source={source} id={refusal.owner}>
                {refusal.owner}
              </TaskLink>
            </span>
            <CancelOwner source={source} id={refusal.owner} />
          </div>
        )}
      </div>
      {onDismiss && <IconButton icon="cross" label="Dismiss" onClick={onDismiss} />}
    </div>
  )
}
