import { useState } from 'react'
import { formatCount } from '#lib/format.ts'
import { CAUSE_WORDS } from '../task/gap-list.tsx'
import { useStore } from 'zustand'
import type { DeviceStore } from './device-store.ts'
import type { TimeAxis } from '../plot/time-axis.ts'
import { formatTime } from '../plot/time-words.ts'

/** What is missing, newest first, with its cause; each leads to its place. */
export function GapNotes(props: { store: DeviceStore; axis: TimeAxis; utc: boolean }) {
  const { store, axis, utc } = props
  const gaps = useStore(store.store, (state) => state.record.gaps)
  const count = useStore(store.store, (state) => state.record.gapCount)
  const missed = useStore(store.store, (state) => state.record.missed)
  const [open, setOpen] = useState(false)
  const cut = useStore(store.store, (state) => state.cut)
  if (count === 0 && cut === null) return null
  return (
    <>
      {cut !== null && (
        <p role="status" className="border-t border-line px-3 py-1.5 text-warn">
          {cut}.
        </p>
      )}
      {count > 0 && (
        <details
          open={open}
          onToggle={(event) => {
            setOpen(event.currentTarget.open)
          }}
          className="border-t border-line"
        >
          <summary className="min-h-8 cursor-pointer px-3 py-1.5 select-none hover:bg-hover">
            <span className="font-medium text-warn">
              {count === 1 ? '1 gap' : `${formatCount(count)} gaps`}
            </span>
            {missed > 0 && (
              <span className="ml-2 text-sm text-faint">{formatCount(missed)} messages missed</span>
            )}
          </summary>
          {open && (
            <ul
              role="list"
              aria-label="Gaps"
              className="max-h-64 divide-y divide-line overflow-y-auto"
              tabIndex={0}
            >
              {gaps.toReversed().map((gap, i) => (
                <li key={`${gap.at} ${i}`} className="flex flex-wrap items-baseline gap-x-3 px-3 py-0.5">
                  <button
                    type="button"
                    title="Show it in the plots"
                    onClick={() => {
                      const { span } = axis.state()
                      axis.show({ from: gap.at - span / 2, to: gap.at + span / 2 })
                    }}
                    className="min-h-6 rounded-sm text-sm text-accent hover:underline"
                  >
                    {formatTime(gap.at, utc)}
                  </button>
                  <span className="said">
                    {gap.text}
                    <span className="text-sm text-faint"> · {CAUSE_WORDS[gap.cause]}</span>
                  </span>
                </li>
              ))}
              {count > gaps.length && (
                <li className="px-3 py-1 text-sm text-faint">and {formatCount(count - gaps.length)} older</li>
              )}
            </ul>
          )}
        </details>
      )}
    </>
  )
}
