import { IconButton } from '#ui/button.tsx'
import { toast } from '#ui/toast.tsx'
import { download, fileName, plotImage, type LegendEntry } from '../plot/plot-image.ts'
import type { PlotPreferences } from './live-preferences.ts'

const PRESSED = 'aria-pressed:bg-sel aria-pressed:text-accent'

/** What can be done with one plot. */
export function PlotTools(props: {
  plot: PlotPreferences
  channels: number
  table: boolean
  onPlot: (plot: PlotPreferences) => void
  onTable: () => void
  onSettings: () => void
  onImage: () => void
}) {
  const { plot, channels, table, onPlot, onTable, onSettings, onImage } = props
  const tall = plot.tall === true
  // Each channel in a lane of its own; null where there is nothing to choose.
  const stacked = channels > 1 && plot.scale.mode !== 'log' ? plot.stacked === true : null
  return (
    <>
      {stacked !== null && (
        <IconButton
          icon="tasks"
          label="Stack"
          title={stacked ? 'Put all channels on one scale' : 'Stack: each channel in a lane of its own'}
          aria-pressed={stacked}
          onClick={() => {
            onPlot({ ...plot, stacked: !plot.stacked })
          }}
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
        onClick={() => {
          onPlot({ ...plot, tall: !plot.tall })
        }}
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
