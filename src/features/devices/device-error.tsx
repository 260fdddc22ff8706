import { oneLine } from '#lib/format-line.ts'
import type { Device, DeviceError } from '#model/device.ts'
import { TextView } from '#panels/output/text-view.tsx'
import { Icon } from '#ui/icon.tsx'
import { Time } from '#ui/time.tsx'
import { ClearError } from './device-controls.tsx'

/** Python's stand-in for a traceback that is not kept. */
const NO_TRACEBACK = /^\s*(NoneType: None)?\s*$/

/** The last error of a device on one line, to clear; opened, its words and its traceback. */
export function DeviceErrorFold(props: { device: Device; now: number }) {
  const { device, now } = props
  const error = device.lastError
  if (!error) return null
  return (
    <div className="flex min-w-0 items-start gap-0.5 rounded-md bg-bad/6 text-sm">
      <details className="group/error min-w-0 flex-1">
        <summary className="flex min-h-[26px] cursor-pointer list-none items-center gap-1.5 rounded-md px-2">
          <Icon
            name="chevronRight"
            size={11}
            className="text-faint transition-transform duration-100 group-open/error:rotate-90"
          />
          <span className="said-line min-w-0 flex-1">
            <span className="font-medium text-bad">{error.type}</span>
            <span className="text-mute group-open/error:hidden">: {oneLine(error.message)}</span>
          </span>
          <span className="shrink-0 text-faint">
            {error.at === null ? 'time not known' : <Time at={error.at} as="when" now={now} />}
          </span>
        </summary>
        <ErrorWords error={error} />
      </details>
      {device.onServer && <ClearError device={device} />}
    </div>
  )
}

function ErrorWords(props: { error: DeviceError }) {
  const { error } = props
  return (
    <div className="grid gap-2 px-2 pb-2">
      <p
        // Long messages scroll, for the keyboard too.
        role="group"
        aria-label="Message"
        tabIndex={error.message.length > 400 ? 0 : undefined}
        className="said max-h-40 overflow-y-auto font-mono whitespace-pre-wrap"
      >
        {error.message.slice(0, 20_000) || 'no message'}
      </p>
      <Traceback text={error.traceback} />
    </div>
  )
}

/** A traceback on demand; says so where the source keeps none. */
export function Traceback(props: { text: string | null }) {
  const { text } = props
  if (text === null || NO_TRACEBACK.test(text))
    return <p className="text-faint">The source keeps no traceback.</p>
  return (
    <details className="min-w-0 rounded-sm border border-line bg-panel">
      <summary className="cursor-pointer px-2 py-1 text-mute hover:text-ink">Traceback</summary>
      <TextView text={text} label="Traceback" className="max-h-64" />
    </details>
  )
}
