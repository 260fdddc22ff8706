import { Link } from '@tanstack/react-router'
import { IconButton } from '#ui/button.tsx'
import { classes } from '#ui/classes.ts'
import { VERB_LABELS, type TaskVerb } from './task-verbs.ts'
import type { Refusal } from '#panels/command/refusal.ts'

/** A refused command beside its control, in the server's own words. */
export function RefusalNote(props: {
  source: string
  verb: TaskVerb
  refusal: Refusal
  onDismiss: () => void
  className?: string
}) {
  const { source, verb, refusal, onDismiss, className } = props
  return (
    <div
      role="alert"
      className={classes(
        'flex items-start gap-2 overflow-y-auto border-bad/50 bg-[color-mix(in_srgb,var(--bad)_9%,var(--panel))] text-sm',
        className,
      )}
    >
      <div className="said min-w-0 flex-1 py-1">
        <b className="font-medium text-bad">
          {VERB_LABELS[verb]} refused: {refusal.type}
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
