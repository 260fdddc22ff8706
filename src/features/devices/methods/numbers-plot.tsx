import { useId, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { formatCount } from '#lib/format.ts'
import { ResultBody } from '#panels/output/result-body.tsx'
import { formatValue, spanOf } from '#panels/plot/format-value.ts'
import { keyOnWave, watchWavePointer } from '#panels/plot/wave-input.ts'
import { valueAt, WavePlot } from '#panels/plot/wave-plot.ts'
import { CopyButton } from '#panels/task/copy-button.tsx'
import { Button } from '#ui/button.tsx'
import { waveOf } from './wave-of.ts'

const DIGITS = 6

/** Lists of numbers over their index, to zoom and to read off; the numbers themselves on demand. */
export function NumbersPlot(props: {
  lines: readonly (readonly number[])[]
  /** The result as it came. */
  text: string
}) {
  const { lines, text } = props
  const id = useId()
  const waves = useMemo(() => lines.map((line) => waveOf(line)), [lines])
  const words = useMemo(() => wordsOf(lines), [lines])
  const span = useMemo(() => spanOf(lines.flat()), [lines])
  const stage = useRef<HTMLDivElement>(null)
  const drawn = useRef<WavePlot>(null)
  const [at, setAt] = useState<number | null>(null)
  const [listed, setListed] = useState(false)
  useLayoutEffect(() => {
    const element = stage.current
    if (!element) return
    const plot = new WavePlot(element, {
      lines: waves.map((wave, index) => ({ id: `${index}`, index, tag: `${index}`, wave: () => wave })),
      scale: { mode: 'auto' },
      thresholds: [],
      stale: false,
    })
    drawn.current = plot
    const abort = new AbortController()
    watchWavePointer(element, plot, () => setAt(plot.cursorIndex), abort.signal)
    return () => {
      abort.abort()
      plot.destroy()
      drawn.current = null
    }
  }, [waves])
  return (
    <figure className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-1">
      <div
        ref={stage}
        role="img"
        aria-label="Waveform of the result"
        aria-describedby={id}
        aria-keyshortcuts="ArrowLeft ArrowRight Shift+ArrowLeft Shift+ArrowRight + - Home Escape"
        tabIndex={0}
        onKeyDown={(event) => {
          if (!drawn.current || !keyOnWave(drawn.current, event.nativeEvent)) return
          event.preventDefault()
          event.stopPropagation()
          setAt(drawn.current.cursorIndex)
        }}
        className="plot-stage h-36 focus-visible:-outline-offset-2"
      />
      <div className="flex flex-wrap items-center gap-x-3 text-sm text-faint">
        <figcaption id={id} className="min-w-0">
          {at === null
            ? words
            : `at ${at}: ${waves.map((wave) => shown(valueAt(wave, at), span)).join(', ')}`}
        </figcaption>
        <span className="ml-auto flex items-center">
          <Button
            small
            look="quiet"
            aria-expanded={listed}
            onClick={() => {
              setListed(!listed)
            }}
          >
            {listed ? 'Hide numbers' : 'Show numbers'}
          </Button>
          <CopyButton iconOnly label="Copy result" text={() => text} />
        </span>
      </div>
      {listed && (
        <div className="min-w-0 overflow-hidden rounded-md border border-line">
          <ResultBody text={text} fill={false} actions={null} />
        </div>
      )}
    </figure>
  )
}

function wordsOf(lines: readonly (readonly number[])[]): string {
  let [min, max] = [Infinity, -Infinity]
  for (const line of lines)
    for (const value of line) {
      if (value < min) min = value
      if (value > max) max = value
    }
  const span = max - min
  const count = formatCount(lines[0]?.length ?? 0)
  return `${lines.length > 1 ? `${lines.length} × ` : ''}${count} numbers, from ${shown(min, span)} to ${shown(max, span)}`
}

function shown(value: number | null, span: number): string {
  return formatValue(value, DIGITS, span)
}
