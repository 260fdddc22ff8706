import { useEffect, useId, useLayoutEffect, useRef, useState } from 'react'
import { painters } from './painters.ts'
import { KEYS, keyOnAxis, watchAxisPointer } from './plot-input.ts'
import type { TimeAxis } from './time-axis.ts'
import { TimePlot, type TimePlotOptions } from './time-plot.ts'

/** The plot itself: a picture with a name, steered by pointer and keys. Its samples come by `subscribe`. */
export function TimePlotView(props: {
  axis: TimeAxis
  options: TimePlotOptions
  label: string
  /** Says what is seen, in words; asked when somebody asks. */
  describe: () => string
  /** Samples came. */
  subscribe: (listener: () => void) => () => void
  /** Samples were put in that are not newer. */
  onRefresh?: ((listener: () => void) => () => void) | undefined
  /** px, or a length of CSS. */
  height: number | string
  /** Told the plot when it is there, and null when it goes. */
  onPlot?: (plot: TimePlot | null) => void
}) {
  const { axis, options, label, describe, subscribe, onRefresh, height, onPlot } = props
  const id = useId()
  const stage = useRef<HTMLDivElement>(null)
  const plot = useRef<TimePlot>(null)
  const tell = useRef(onPlot)
  const first = useRef(options)
  const [description, setDescription] = useState('')

  useLayoutEffect(() => {
    const element = stage.current
    if (!element) return
    const made = new TimePlot(element, axis, first.current, painters)
    plot.current = made
    tell.current?.(made)
    const abort = new AbortController()
    watchAxisPointer(element, axis, () => made.box, abort.signal)
    return () => {
      abort.abort()
      made.destroy()
      plot.current = null
      tell.current?.(null)
    }
  }, [axis])
  useLayoutEffect(() => {
    first.current = options
    tell.current = onPlot
    plot.current?.set(options)
  }, [options, onPlot])
  useEffect(() => subscribe(() => plot.current?.arrived()), [subscribe])
  useEffect(() => onRefresh?.(() => plot.current?.refresh()), [onRefresh])

  const redescribe = () => {
    setDescription(describe())
  }
  return (
    <>
      <div
        ref={stage}
        role="img"
        aria-label={label}
        aria-describedby={id}
        aria-keyshortcuts={KEYS}
        tabIndex={0}
        onFocus={redescribe}
        onKeyDown={(event) => {
          if (event.target !== event.currentTarget || !keyOnAxis(axis, event.nativeEvent)) return
          event.preventDefault()
          event.stopPropagation()
          redescribe()
        }}
        className="plot-stage focus-visible:-outline-offset-2"
        style={{ height }}
      />
      <p id={id} className="sr-only">
        {description}
      </p>
    </>
  )
}
