import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { formatRoughly } from '#lib/format.ts'
import { LONGEST_FOLLOW_MS } from '#model/source.ts'
import { whyNot } from '#model/capabilities.ts'
import { isBeingCancelled, type Task } from '#model/task.ts'
import { CancelButton } from '#panels/command/cancel-button.tsx'
import { useIsLong } from '#panels/command/stop-question.ts'
import { isPastLimit } from '#panels/progress/task-facts.ts'
import { useNow } from '#streams/react.tsx'
import { useCan, useCapabilities } from '#streams/use-can.ts'
import { useWeir } from '#streams/weir-client.tsx'
import { Button } from '#ui/button.tsx'
import { classes } from '#ui/classes.ts'
import { Select, TextField } from '#ui/field.tsx'
import { Panel } from '#ui/panel.tsx'
import { Time } from '#ui/time.tsx'

const UNITS = { minutes: 60_000, hours: 3_600_000, seconds: 1_000 } as const
type Unit = keyof typeof UNITS
type Deed = 'cancel' | 'leave'

/** A length of time as typed; null where it is none. */
export function lengthOf(text: string, unit: Unit): number | null {
  const value = Number(text.trim().replace(',', '.'))
  const ms = value * UNITS[unit]
  return text.trim() !== '' && Number.isFinite(ms) && ms >= 1_000 && ms <= 366 * 86_400_000 ? ms : null
}

/**
 * What becomes of a task that has not ended by then: it is cancelled or, where its source has limits to that, no longer
 * followed. The relay keeps both, whether or not a page is open.
 */
export function TimeLimits(props: { task: Task }) {
  const { task } = props
  const weir = useWeir()
  const now = useNow()
  const [text, setText] = useState('10')
  const [unit, setUnit] = useState<Unit>('minutes')
  const [deed, setDeed] = useState<Deed>('cancel')
  const set = useMutation({
    mutationFn: (limit: { deed: Deed; ms: number | null }) =>
      limit.deed === 'cancel'
        ? weir.setTimeoutOf(task.source, task.id, limit.ms)
        : weir.followFor(task.source, task.id, limit.ms),
  })
  const { cancelAt, followUntil } = task.detail.meta
  const hasFollowLimits = useCan(task.source, 'followLimits')
  const noCancel = whyNot(useCapabilities(task.source), 'cancel')
  const mayLeave = hasFollowLimits && task.stream.name !== 'closed'
  const free = [
    ...(typeof cancelAt === 'number' || noCancel !== null ? [] : (['cancel'] as const)),
    ...(mayLeave && typeof followUntil !== 'number' ? (['leave'] as const) : []),
  ]
  const chosen = free.find((each) => each === deed) ?? free[0]
  const length = lengthOf(text, unit)
  const ms = chosen === 'leave' && length !== null && length > LONGEST_FOLLOW_MS ? null : length
  const takeBack = (of: Deed) => () => {
    set.mutate({ deed: of, ms: null })
  }
  return (
    <Panel title={hasFollowLimits ? 'Time limits' : 'Cancel after'}>
      <div className="grid gap-2 px-3 py-2.5">
        {task.limitMissedAt !== null && isPastLimit(task) && (
          <Missed
            task={task}
            at={task.limitMissedAt}
            now={now}
            busy={set.isPending}
            onRemove={takeBack('cancel')}
          />
        )}
        {typeof cancelAt === 'number' && (
          <Standing at={cancelAt} now={now} busy={set.isPending} onTakeBack={takeBack('cancel')}>
            Weir cancels it at
          </Standing>
        )}
        {mayLeave && typeof followUntil === 'number' && (
          <Standing at={followUntil} now={now} busy={set.isPending} onTakeBack={takeBack('leave')}>
            Weir follows it until
          </Standing>
        )}
        {noCancel !== null && <p className="text-mute">{noCancel}</p>}
        {chosen !== undefined && (
          <form
            className={classes(
              'grid items-end gap-2',
              free.length > 1
                ? 'grid-cols-[minmax(0,1fr)_minmax(0,max-content)]'
                : 'grid-cols-[minmax(0,1fr)_max-content_max-content]',
            )}
            onSubmit={(event) => {
              event.preventDefault()
              if (ms !== null) set.mutate({ deed: chosen, ms })
            }}
          >
            <TextField
              label="If it has not ended after"
              inputMode="decimal"
              value={text}
              onChange={setText}
              aria-invalid={ms === null || undefined}
            />
            <Select
              label="Unit"
              value={unit}
              options={[
                { value: 'seconds', label: 'seconds' },
                { value: 'minutes', label: 'minutes' },
                { value: 'hours', label: 'hours' },
              ]}
              onChange={setUnit}
            />
            {free.length > 1 && (
              <Select<Deed>
                label="Then"
                value={chosen}
                options={[
                  { value: 'cancel', label: 'cancel it' },
                  { value: 'leave', label: 'stop following' },
                ]}
                onChange={setDeed}
              />
            )}
            <Button type="submit" className="h-8" disabled={ms === null} busy={set.isPending}>
              {free.length > 1 || chosen === 'cancel' ? 'Apply' : 'Stop following'}
            </Button>
          </form>
        )}
        {set.isError && (
          <p role="alert" className="said text-bad">
            {set.error.message}
          </p>
        )}
      </div>
    </Panel>
  )
}

/** A limit that nobody kept: what to do is a person's to say. */
function Missed(props: { task: Task; at: number; now: number; busy: boolean; onRemove: () => void }) {
  const { task, at, now, busy, onRemove } = props
  const long = useIsLong(task)
  return (
    <div className="grid gap-2 rounded-md bg-warn/10 px-2.5 py-2">
      <p>
        The time limit passed at <Time at={at} as="when" now={now} /> while Weir was away; the task was not
        cancelled.
      </p>
      <div className="flex flex-wrap justify-end gap-2">
        <Button busy={busy} onClick={onRemove}>
          Remove limit
        </Button>
        <CancelButton
          source={task.source}
          id={task.id}
          long={long}
          label="Cancel now"
          shape="word"
          disabled={isBeingCancelled(task) ? 'Cancelling was already requested' : null}
        />
      </div>
    </div>
  )
}

/** A limit that holds, and the way to take it back. */
function Standing(props: {
  at: number
  now: number
  busy: boolean
  onTakeBack: () => void
  children: string
}) {
  const { at, now, busy, onTakeBack, children } = props
  return (
    <div className="flex flex-wrap items-center justify-between gap-2">
      <p>
        {children} <Time at={at} as="when" now={now} />
        <span className="text-faint">, in {formatRoughly(Math.max(0, at - now))}</span>
      </p>
      <Button busy={busy} onClick={onTakeBack}>
        Take back
      </Button>
    </div>
  )
}
