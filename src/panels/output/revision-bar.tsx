import type { ReactNode } from 'react'
import { useNow } from '#streams/react.tsx'
import { Button, IconButton } from '#ui/button.tsx'
import { Time } from '#ui/time.tsx'
import type { ShownOutput } from './use-revision.ts'

/** Which output is in sight, whether more may replace it, and the way to those before. */
export function RevisionBar(props: {
  shown: ShownOutput
  at: number
  provisional: boolean
  /** The task has ended: nothing will replace it. */
  over: boolean
  gone: readonly string[]
  children: ReactNode
}) {
  const { shown, at, provisional, gone } = props
  const now = useNow(10_000)
  const { revision, newest, oldest, live } = shown
  return (
    <div className="flex min-h-9 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-3 py-1 text-sm text-faint">
      {/* As wide whatever it says, so that a new output moves nothing. */}
      <div className="flex min-h-7 flex-[1_1_340px] flex-wrap items-center gap-x-3">
        {live && provisional ? (
          <span className="text-mute">
            <b className="font-medium text-run">Provisional</b>
            {props.over ? ', the last before it ended' : ', replaced as it goes'}
          </span>
        ) : live ? (
          <span>
            {newest > 1 ? 'Final output' : 'Output'}, <Time at={at} as="when" now={now} />
          </span>
        ) : (
          <span className="text-warn">An earlier output</span>
        )}
        {(newest > 1 || provisional) && (
          <span className="inline-flex items-center" role="group" aria-label="Earlier outputs">
            <IconButton
              icon="chevronLeft"
              label="Earlier output"
              disabled={revision <= oldest}
              onClick={() => {
                shown.show(revision - 1)
              }}
            />
            <span role={live ? undefined : 'status'} className="px-0.5 whitespace-nowrap">
              {revision} of {newest}
              {oldest > 1 && `, the last ${newest - oldest + 1} are kept`}
            </span>
            <IconButton
              icon="chevronRight"
              label="Later output"
              disabled={live}
              onClick={() => {
                shown.show(revision + 1)
              }}
            />
            <Button
              small
              look="quiet"
              disabled={live}
              onClick={() => {
                shown.show(null)
              }}
            >
              Newest
            </Button>
          </span>
        )}
        {gone.length > 0 && (
          <span className="said">
            no longer there: {gone.slice(0, 5).join(', ')}
            {gone.length > 5 && ' …'}
          </span>
        )}
      </div>
      <span className="ml-auto flex flex-wrap items-center gap-2">{props.children}</span>
    </div>
  )
}
