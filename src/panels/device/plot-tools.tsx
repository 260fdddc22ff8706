import { IconButton } from '#ui/button.tsx'
import { toast } from '#ui/toast.tsx'
import { download, fileName, plotImage, type LegendEntry } from '../plot/plot-image.ts'

const PRESSED = 'aria-pressed:bg-sel aria-pressed:text-accent'

/** What can be done with one plot. */
export function PlotTools(props: {
  table: boolean
  tall: boolean
  /** Each channel in a lane of its own; null where there is nothing to choose. */
  stacked: boolean | null
  onTable: () => void
  onTall: () => void
  onStacked: () => void
  onSettings: () => void
  onImage: () => void
}) {
  const { table, tall, stacked, onTable, onTall, onStacked, onSettings, onImage } = props
  return (
    <>
      {stacked !== null && (
        <IconButton
          icon="tasks"
          label="Stack"
          title={stacked ? 'Put all channels on one scale' : 'Stack: each channel in a lane of its own'}
          aria-pressed={stacked}
          onClick={onStacked}
          className={PRESSED}
        />
      )}
      <IconButton
        icon="table"
        label="Values as a table"
        aria-pressed={table}
        onClick={onTable}
        className={PRESSED}
      />
      <IconButton icon="filter" label="Scale, thresholds and units" onClick={onSettings} />
      <IconButton icon="download" label="Save as PNG" onClick={onImage} />
      <IconButton
        icon={tall ? 'collapse' : 'expand'}
        label={tall ? 'Smaller' : 'Larger'}
        aria-pressed={tall}
        onClick={onTall}
        className={PRESSED}
      />
    </>
  )
}

/** Saves what a plot shows; says so when the browser cannot. */
export async function saveImage(
  plot: { canvas: HTMLCanvasElement; ratio: number } | null,
  words: { device: string; title: string; range: string; at: number; legend: readonly LegendEntry[] },
): Promise<void> {
  if (!plot) return
  const { device, title, range, at, legend } = words
  try {
    const blob = await plotImage(plot.canvas, plot.ratio, { title: `${device} · ${title}`, range, legend })
    download(blob, fileName([device, title], at, 'png'))
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    toast({ tone: 'bad', text: `No PNG: ${why}.` })
  }
}
