import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { formatRoughly } from '#lib/format.ts'
import type { Task } from '#model/task.ts'
import { useNow } from '#streams/react.tsx'
import { useWeir } from '#streams/weir-client.tsx'
import { Button } from '#ui/button.tsx'
import { Select, TextField } from '#ui/field.tsx'
import { Panel } from '#ui/panel.tsx'
import { Time } from '#ui/time.tsx'

const UNITS = { minutes: 60_000, hours: 3_600_000, seconds: 1_000 } as const
type Unit = keyof typeof UNITS

/** A length of time as typed; null where it is none. */
export function lengthOf(text: string, unit: Unit): number | null {
  const value = Number(text.trim().replace(',', '.'))
  const ms = value * UNITS[unit]
  return text.trim() !== '' && Number.isFinite(ms) && ms >= 1_000 && ms <= 366 * 86_400_000 ? ms : null
}

/** Cancels the task when it has not ended by then. The relay keeps it, whether or not a page is open. */
export function CancelAfter(props: { task: Task }) {
  const { task } = props
  const weir = useWeir()
  const now = useNow()
  const [text, setText] = useState('10')
  const [unit, setUnit] = useState<Unit>('minutes')
  const set = useMutation({
    mutationFn: (afterMs: number | null) => weir.setTimeoutOf(task.source, task.id, afterMs),
  })
  const { cancelAt } = task.detail.meta
  const ms = lengthOf(text, unit)
  return (
    <Panel title="Cancel after">
      <div className="grid gap-2 px-3 py-2.5">
        {typeof cancelAt === 'number' ? (
          <div className="flex flex-wrap items-center justify-between gap-2">
            <p>
              Weir cancels it at <Time at={cancelAt} as="when" now={now} />
              <span className="text-faint">, in {formatRoughly(Math.max(0, cancelAt - now))}</span>
            </p>
            <Button
              busy={set.isPending}
              onClick={() => {
                set.mutate(null)
              }}
            >
              Take back
            </Button>
          </div>
        ) : (
          <form
            className="flex items-end gap-2"
            onSubmit={(event) => {
              event.preventDefault()
              if (ms !== null) set.mutate(ms)
            }}
          >
            <TextField
              label="If it has not ended after"
              inputMode="decimal"
              value={text}
              onChange={setText}
              aria-invalid={ms === null || undefined}
              className="flex-1"
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
            <Button type="submit" className="h-8" disabled={ms === null} busy={set.isPending}>
              Apply
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
