import { useEffect } from 'react'
import type { TrackStats } from '#model/track.ts'
import { formatCount, formatRate, UNKNOWN } from '#lib/format.ts'
import { classes } from '#ui/classes.ts'
import { fitColumns } from './fit-columns.ts'
import { formatValue, withUnit } from './format-value.ts'
import { Swatch } from './swatch.tsx'
import { setText } from './text-painter.ts'
import { beyondWords, gaugeFraction, worstBeyond, type Threshold } from './thresholds.ts'
import { usePainter } from './use-painter.ts'

/** What a channel says at the moment of asking. */
interface Reading {
  /** Under the cursor where there is one, else the newest; null when there is none. */
  value: number | null
  /** Why it may no longer be so ("3 min old"); null while it is fresh. */
  stale: string | null
}

/** A channel of a plot as its list shows it. */
export interface ChannelRow {
  id: string
  /** Its line's number in the plot. */
  index: number
  tag: string
  name: string
  /** The same in full. */
  title: string
  unit: string | null
  shown: boolean
  /**
   * How its values are written, where not as measured ones; `short` where there is little room, `span`: how far
   * apart they lie.
   */
  format?: (value: number | null, short: boolean, span: number) => string
  read: () => Reading
  /** Of the samples received in the view. */
  stats: () => TrackStats | null
}

const EVERY_MS = 160
const STATS_EVERY = 3
const STATS = { min: 'Min', max: 'Max', mean: 'Mean', deviation: 'Std dev', rate: 'Rate', n: 'Samples' }
type Stat = keyof typeof STATS
const CELLS = Object.keys(STATS) as Stat[]

/**
 * A plot's channels: what they are, a switch each, what they say now or under the cursor, and statistics of what is
 * in view. Numbers are written outside React.
 */
export function ChannelTable(props: {
  rows: readonly ChannelRow[]
  label: string
  /** Of the column of values: "Now", or the time under the cursor. */
  when: () => string
  moving: () => boolean
  thresholds: readonly Threshold[]
  /** What a full bar stands for; null: no bar. */
  gauge: { min: number; max: number } | null
  stats: boolean
  /** Whether samples come at a rate. */
  rated: boolean
  onShown: (id: string, shown: boolean) => void
  /** Told how to have the numbers written at once. */
  onWant: (want: () => void) => void
}) {
  const { rows, label, when, moving, thresholds, gauge, stats, rated, onShown, onWant } = props
  const { ref, want } = usePainter<HTMLTableElement>(
    (table) => {
      const turn = Number(table.dataset['turn'] ?? 0)
      table.dataset['turn'] = String((turn + 1) % STATS_EVERY)
      setText(table.tHead!.rows[0]!.cells[1]!, when())
      for (const [i, row] of rows.entries()) {
        const line = table.tBodies[0]!.rows[i]
        if (!line) continue
        if (turn === 0 || !line.dataset['span']) {
          const counted = row.shown ? row.stats() : null
          line.dataset['span'] = String(spanIn(counted))
          if (stats) writeStats(line, row, counted)
        }
        writeReading(line, row, thresholds, gauge)
      }
      fitColumns(table)
    },
    moving,
    EVERY_MS,
  )
  useEffect(() => {
    onWant(want)
  })
  const single = rows.length === 1
  const cells = rated ? CELLS : CELLS.filter((name) => name !== 'rate')
  return (
    <div className="min-w-0 overflow-x-auto pr-2">
      <table
        ref={ref}
        aria-label={label}
        data-stats={stats || undefined}
        className="plot-table w-full table-fixed border-collapse text-sm"
      >
        <colgroup>
          <col />
          <col className="plot-value" />
          {stats && cells.map((name) => <col key={name} data-name={name} className="plot-stat" />)}
        </colgroup>
        <thead>
          <tr className="text-xs text-faint">
            <th scope="col" className="text-left font-normal">
              Channel
            </th>
            <th scope="col" className="text-right font-normal whitespace-nowrap">
              Now
            </th>
            {stats &&
              cells.map((name) => (
                <th key={name} scope="col" data-name={name} className="plot-stat text-right font-normal">
                  {STATS[name]}
                </th>
              ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id} className={classes('h-7 border-t border-line', !row.shown && 'text-faint')}>
              <th scope="row" aria-label={row.title} className="text-left font-normal">
                <label className="flex min-w-0 cursor-pointer items-center gap-2">
                  <input
                    type="checkbox"
                    checked={row.shown}
                    aria-label={`Show ${row.title}`}
                    onChange={(event) => {
                      onShown(row.id, event.target.checked)
                    }}
                    className="size-3.5 shrink-0 accent-accent"
                  />
                  <Swatch index={row.index} tag={single ? null : row.tag} off={!row.shown} />
                  {/* Both lines fit the row's height: a note moves nothing. */}
                  <span className="grid min-w-0 leading-[14px]">
                    <span className="said-line" title={row.title}>
                      {row.name}
                    </span>
                    <span data-cell="note" className="truncate text-[10px] leading-[12px] empty:hidden" />
                  </span>
                </label>
              </th>
              <td className="text-right whitespace-nowrap">
                <span data-cell="value" className={single ? 'text-lg font-medium' : 'font-medium text-ink'} />
                {row.unit !== null && <span className="text-faint"> {row.unit}</span>}
                {gauge && (
                  <span className="mt-0.5 block h-1 rounded-full bg-track" aria-hidden="true">
                    <i data-cell="gauge" className="block h-full rounded-full bg-wait" />
                  </span>
                )}
              </td>
              {stats &&
                cells.map((cell) => (
                  <td key={cell} data-cell={cell} data-name={cell} className="plot-stat text-right text-mute">
                    {UNKNOWN}
                  </td>
                ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function cell(line: Element, name: string): HTMLElement | null {
  return line.querySelector<HTMLElement>(`[data-cell=${name}]`)
}

function writeReading(
  line: HTMLElement,
  row: ChannelRow,
  thresholds: readonly Threshold[],
  gauge: { min: number; max: number } | null,
): void {
  const { value, stale } = row.read()
  const beyond = value === null ? null : worstBeyond(thresholds, value)
  const shown = cell(line, 'value')
  const note = cell(line, 'note')
  if (shown) {
    setText(shown, written(row, value, false, Number(line.dataset['span'] ?? 0)))
    shown.dataset['level'] = beyond?.level ?? ''
  }
  if (note) {
    const text = stale ?? (beyond ? `${beyond.level === 'bad' ? '▲' : '△'} ${beyondWords(beyond)}` : '')
    setText(note, text)
    note.title = text
    note.dataset['level'] = stale === null ? (beyond?.level ?? '') : 'stale'
  }
  line.toggleAttribute('data-stale', stale !== null)
  const bar = gauge && cell(line, 'gauge')
  if (!bar) return
  const fraction = value === null ? null : gaugeFraction(value, gauge.min, gauge.max)
  bar.style.width = `${(fraction ?? 0) * 100}%`
  bar.dataset['level'] = beyond?.level ?? ''
}

/** How far apart the values in view lie; 0 where there are none. */
function spanIn(stats: TrackStats | null): number {
  return stats && stats.n > 0 ? stats.max - stats.min : 0
}

function written(row: ChannelRow, value: number | null, short: boolean, span: number): string {
  return row.format ? row.format(value, short, span) : formatValue(value, undefined, span)
}

function writeStats(line: HTMLElement, row: ChannelRow, stats: TrackStats | null): void {
  const span = spanIn(stats)
  const texts: Record<Stat, string> =
    stats && stats.n > 0
      ? {
          min: written(row, stats.min, true, span),
          max: written(row, stats.max, true, span),
          mean: formatValue(cleanMean(stats), undefined, span),
          // Squares of the largest values are beyond the largest number.
          deviation: Number.isFinite(stats.deviation)
            ? formatValue(stats.deviation, 2, stats.deviation)
            : UNKNOWN,
          // Over the part of the window that there are samples of.
          rate: stats.n > 1 && stats.ms > 0 ? formatRate((stats.n * 1_000) / stats.ms, '') : UNKNOWN,
          n: formatCount(stats.n),
        }
      : { min: UNKNOWN, max: UNKNOWN, mean: UNKNOWN, deviation: UNKNOWN, rate: UNKNOWN, n: '0' }
  for (const name of CELLS) {
    const element = cell(line, name)
    if (element) setText(element, texts[name])
    // Where there is no room for their number.
    if (element && name === 'rate') element.title = `${texts.n} samples`
  }
}

/** A mean that is nothing but what sums round to, beside such values, is 0. */
function cleanMean({ mean, min, max }: TrackStats): number {
  return Math.abs(mean) < Math.max(Math.abs(min), Math.abs(max)) * 1e-12 ? 0 : mean
}

/** All rows in one sentence, for those who do not see the plot. */
export function describeRows(rows: readonly ChannelRow[]): string {
  const said = rows
    .filter(({ shown }) => shown)
    .map((row) => {
      const { title, unit } = row
      const { value, stale } = row.read()
      return `${title} ${withUnit(written(row, value, false, spanIn(row.stats())), unit)}${stale === null ? '' : ` (${stale})`}`
    })
  return said.length === 0 ? 'No channel is shown.' : `${said.join(', ')}.`
}
