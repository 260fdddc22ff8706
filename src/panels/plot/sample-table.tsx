import type { Track } from '#model/track.ts'
import { useNow } from '#streams/react.tsx'
import { formatValue, spanOf } from './format-value.ts'
import { newestRows } from './newest-points.ts'
import type { TimeAxis } from './time-axis.ts'
import { formatMoment } from './time-words.ts'

const ROWS = 12

/** The newest samples in view as numbers: what the plot shows, for those who rather read. Renewed every second. */
export function SampleTable(props: {
  axis: TimeAxis
  label: string
  channels: readonly { id: string; name: string; unit: string | null; track: () => Track | undefined }[]
  utc: boolean
}) {
  const { axis, label, channels, utc } = props
  const now = useNow(1_000)
  const { to } = axis.view()
  const rows = newestRows(
    channels.map(({ track }) => track()),
    to,
    ROWS,
  )
  const spans = channels.map((_, i) => spanOf(rows.map(({ values }) => values[i]!)))
  return (
    <div className="max-h-80 overflow-auto border-t border-line focus-visible:-outline-offset-2" tabIndex={0}>
      <table aria-label={label} className="w-full text-sm">
        <thead className="sticky top-0 bg-panel text-xs text-faint">
          <tr>
            <th scope="col" className="px-3 py-1 text-left font-normal">
              Time
            </th>
            {channels.map(({ id, name, unit }) => (
              <th key={id} scope="col" className="px-3 py-1 text-right font-normal">
                {unit ? `${name}, ${unit}` : name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ t, values }) => (
            <tr key={t} className="border-t border-line">
              <th scope="row" className="px-3 text-left font-normal whitespace-nowrap text-mute">
                {formatMoment(t, 0, utc, now)}
              </th>
              {values.map((value, i) => (
                <td key={channels[i]!.id} className="px-3 text-right">
                  {formatValue(value, undefined, spans[i])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length === 0 && (
        <p className="px-3 py-2 text-sm text-faint">Nothing before the end of the view.</p>
      )}
    </div>
  )
}
