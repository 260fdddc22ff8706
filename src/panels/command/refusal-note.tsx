import { Link } from '@tanstack/react-router'
import { IconButton } from '#ui/button.tsx'
import { classes } from '#ui/classes.ts'
import { NOTE_LOOKS, OUTCOME_TONES, OUTCOME_WORDS, type Refusal } from './refusal.ts'
import { TONE_TEXT } from '#ui/tone.ts'
import { VERB_LABELS, type TaskVerb } from './task-verbs.ts'

/** What became of a command beside its control, in the server's own words where they are its. */
export function RefusalNote(props: {
  source: string
  verb: TaskVerb
  refusal: Refusal
  onDismiss: () => void
  className?: string
}) {
  const { source, verb, refusal, onDismiss, className } = props
  const tone = OUTCOME_TONES[refusal.outcome]
  return (
    <div
      role="alert"
      className={classes('flex items-start gap-2 overflow-y-auto text-sm', NOTE_LOOKS[tone], className)}
    >
      <div className="said min-w-0 flex-1 py-1">
        <b className={classes('font-medium', TONE_TEXT[tone])}>
          {VERB_LABELS[verb]} {OUTCOME_WORDS[refusal.outcome]}: {refusal.type}
        </b>
        <div className="line-clamp-6">{refusal.message}</div>
        {refusal.owner && (
          <div>
            Held by{' '}
            <Link
              to="/tasks/$source/$taskId"
              params={{ source, taskId: refusal.owner }}
              className="text-accent underline"
            >
              {refusal.owner}
            </Link>
          </div>
        )}
      </div>
      <IconButton icon="cross" label="Dismiss" onClick={onDismiss} />
    </div>
  )
}
