import { useId, useMemo, useState } from 'react'
import { formatCount } from '#lib/format.ts'
import { ResultBody } from '#panels/output/result-body.tsx'
import { CopyButton } from '#panels/task/copy-button.tsx'
import { Button } from '#ui/button.tsx'

const WIDTH = 400
const HEIGHT = 64

/** A list of numbers as a line over its index, with its extremes; the numbers themselves on demand. */
export function NumbersPlot(props: { values: readonly number[]; text: string }) {
  const { values, text } = props
  const id = useId()
  const [listed, setListed] = useState(false)
  const { path, min, max } = useMemo(() => lineOf(values), [values])
  return (
    <figure className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-1" aria-labelledby={id}>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        aria-hidden="true"
        className="h-16 w-full rounded-sm border border-line bg-bg text-run"
      >
        <path
          d={path}
          fill="none"
          stroke="currentColor"
          strokeWidth="1.4"
          strokeLinejoin="round"
          vectorEffect="non-scaling-stroke"
        />
      </svg>
      <div className="flex flex-wrap items-center gap-x-3 text-sm text-faint">
        <figcaption id={id}>
          {formatCount(values.length)} numbers, from {shown(min)} to {shown(max)}
        </figcaption>
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
      </div>
      {listed && (
        <div className="min-w-0 overflow-hidden rounded-md border border-line">
          <ResultBody text={text} fill={false} actions={null} />
        </div>
      )}
    </figure>
  )
}

function shown(value: number): string {
  return String(Number(value.toPrecision(6)))
}

/** The line through all values: of many, the extremes of each column that the width can show. */
function lineOf(values: readonly number[]): { path: string; min: number; max: number } {
  let [min, max] = [Infinity, -Infinity]
  for (const value of values) {
    if (value < min) min = value
    if (value > max) max = value
  }
  const range = max - min || 1
  const y = (value: number) => (HEIGHT - 4 - ((value - min) / range) * (HEIGHT - 8)).toFixed(1)
  const x = (index: number) => ((index / Math.max(1, values.length - 1)) * WIDTH).toFixed(1)
  const points: string[] = []
  const step = Math.max(1, Math.floor(values.length / WIDTH))
  for (let from = 0; from < values.length; from += step) {
    let [low, high] = [from, from]
    for (let i = from; i < Math.min(values.length, from + step); i++) {
      if (values[i]! < values[low]!) low = i
      if (values[i]! > values[high]!) high = i
    }
    for (const index of low === high ? [low] : [Math.min(low, high), Math.max(low, high)])
      points.push(`${x(index)} ${y(values[index]!)}`)
  }
  return { path: `M${points.join('L')}`, min, max }
}
