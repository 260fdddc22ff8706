import type { TaskError } from '#model/task.ts'
import { CopyButton } from '#panels/task/copy-button.tsx'
import { Icon } from '#ui/icon.tsx'
import { Time } from '#ui/time.tsx'
import { TextView } from './text-view.tsx'

/** Python's stand-in for a traceback that is not kept. */
const NO_TRACEBACK = /^\s*(NoneType: None)?\s*$/

/** What a task failed with, in its own words. It stands above the output and hides none of it. */
export function ErrorView(props: { error: TaskError; now: number }) {
  const { error, now } = props
  const traceback = error.traceback !== null && !NO_TRACEBACK.test(error.traceback) ? error.traceback : null
  return (
    <section aria-label="Error" className="border-l-2 border-bad bg-bad/5">
      <div className="flex items-start gap-2.5 px-3 py-2.5">
        <Icon name="cross" size={14} className="mt-[3px] text-bad" />
        <div className="min-w-0 flex-1">
          <p className="said font-medium text-bad">{error.type}</p>
          <p className="said max-h-60 overflow-y-auto font-mono text-sm/5 whitespace-pre-wrap">
            {error.message.slice(0, 20_000) || 'no message'}
          </p>
          <p className="mt-1 text-sm text-faint">
            {error.origin !== null && <>raised by {error.origin} · </>}
            {error.at === null ? 'time not known' : <Time at={error.at} as="when" now={now} />}
            {traceback === null && ' · the source keeps no traceback'}
          </p>
        </div>
        <CopyButton
          iconOnly
          label="Copy error"
          text={() => [`${error.type}: ${error.message}`, traceback].filter(Boolean).join('\n\n')}
        />
      </div>
      {traceback !== null && (
        <details className="border-t border-line">
          <summary className="cursor-pointer px-3 py-1.5 text-mute hover:text-ink">Traceback</summary>
          <TextView text={traceback} label="Traceback" className="max-h-96" />
        </details>
      )}
    </section>
  )
}
