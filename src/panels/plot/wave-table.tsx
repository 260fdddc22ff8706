import { formatCount } from '#lib/format.ts'
import { useNow } from '#streams/react.tsx'
import { formatValue, spanOf } from './format-value.ts'
import { valueAt, type Wave } from './wave-plot.ts'

const ROWS = 200

/** The newest arrays as numbers, their beginning at least. Renewed every second. */
export function WaveTable(props: {
  label: string
  channels: readonly { id: string; name: string; unit: string | null; wave: () => Wave | undefined }[]
}) {
  const { label, channels } = props
  useNow(1_000)
  const waves = channels.map(({ wave }) => wave())
  const spans = waves.map((wave) => spanOf(wave?.values ?? []))
  const length = Math.max(0, ...waves.map((wave) => wave?.n ?? 0))
  return (
    <div className="max-h-80 overflow-auto border-t border-line focus-visible:-outline-offset-2" tabIndex={0}>
      <table aria-label={label} className="w-full text-sm">
        <thead className="sticky top-0 bg-panel text-xs text-faint">
          <tr>
            <th scope="col" className="px-3 py-1 text-left font-normal">
              Index
            </th>
            {channels.map(({ id, name, unit }) => (
              <th key={id} scope="col" className="px-3 py-1 text-right font-normal">
                {unit ? `${name}, ${unit}` : name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {Array.from({ length: Math.min(ROWS, length) }, (_, i) => (
            <tr key={i} className="border-t border-line">
              <th scope="row" className="px-3 text-left font-normal text-mute">
                {i}
              </th>
              {waves.map((wave, c) => (
                <td key={channels[c]!.id} className="px-3 text-right">
                  {formatValue(wave && i < wave.n ? valueAt(wave, i) : null, undefined, spans[c])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {length > ROWS && (
        <p className="px-3 py-1 text-sm text-faint">
          The first {ROWS} of {formatCount(length)}.
        </p>
      )}
    </div>
  )
}
