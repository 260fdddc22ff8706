const SIZE = 64

let drawn = ''
const plain = document.querySelector<HTMLLinkElement>('link[rel="icon"]')?.href ?? ''

/** A ring that closes as tasks advance; the plain icon while nothing runs. */
export function drawFavicon(percent: number | null, lost: boolean): void {
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]')
  if (!link) return
  // Steps of four percent: redrawing an icon costs more than anybody sees of it.
  const step = percent === null ? null : Math.round(percent / 4) * 4
  const state = `${step} ${lost}`
  if (state === drawn) return
  drawn = state
  const image = step === null && !lost ? null : ring(step, lost)
  link.type = image ? 'image/png' : 'image/svg+xml'
  link.href = image ?? plain
}

function ring(percent: number | null, lost: boolean): string | null {
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = SIZE
  const context = canvas.getContext('2d')
  if (!context) return null
  const arc = (from: number, to: number, colour: string) => {
    context.beginPath()
    context.arc(SIZE / 2, SIZE / 2, 24, (from - 0.25) * 2 * Math.PI, (to - 0.25) * 2 * Math.PI)
    context.strokeStyle = colour
    context.stroke()
  }
  context.lineWidth = 12
  if (lost) context.setLineDash([12, 10])
  // One pair of colours that stands out on light and on dark tab strips.
  arc(0, 1, lost ? '#d9730d' : 'rgb(128 140 155 / 0.45)')
  if (!lost && percent !== null && percent > 0) arc(0, percent / 100, '#3b82f6')
  return canvas.toDataURL('image/png')
}
