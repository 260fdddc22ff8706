import type { LogBuffer } from '#model/log-buffer.ts'
import { useMedia } from '#ui/use-media.ts'
import { ClockText } from './clock-text.ts'
import { printedText } from './export-lines.ts'
import type { LogPreferences } from './preferences.ts'
import { number } from './words.ts'

/** Lines that are put on paper at most, the newest: some 300 pages. */
const MOST_LINES = 20_000

/** The lines of a log as one text, while it is printed: the panel itself has only those in sight. */
export function PrintedLog(props: { buffer: LogBuffer; preferences: LogPreferences }) {
  const printing = useMedia('print')
  if (!printing) return null
  const { first, total } = props.buffer
  const { times, utc } = props.preferences
  const clock = times ? new ClockText(utc) : null
  const from = Math.max(first, total - MOST_LINES)
  return (
    <>
      {from > first && <p className="log-printed">The newest {number(total - from)} lines.</p>}
      <pre className="log-printed">{printedText(props.buffer, from, total, clock)}</pre>
    </>
  )
}
