// The bare pages beside live plots of a device: eight channels of 100,000 samples/s in a window of 5 s, 1,200 × 600 px.
//   ?mode=parse: receives and parses, draws nothing     ?mode=naive: uPlot on all samples, cut to the window
//   ?mode=minmax: uPlot on smallest and largest per pixel column, kept as samples arrive; about the least a plot can cost
import { CHANNELS, RATE } from '../blocks.mjs'
import { makeChart } from './chart.js'
import './page.css'

const SECONDS = 5
const COLUMNS = 1_200
const KEPT = RATE * SECONDS
const counters = { samples: 0 }
const mode = new URLSearchParams(location.search).get('mode')

const perChannel = (make) => Array.from({ length: CHANNELS }, make)
const empty = () => [[], ...perChannel(() => [])]

function naive() {
  const chart = makeChart(CHANNELS, COLUMNS, empty())
  let xs = []
  let all = perChannel(() => [])
  let count = 0
  return {
    take(channels) {
      for (const [c, samples] of channels.entries()) for (const sample of samples) all[c].push(sample)
      for (const _ of channels[0]) xs.push(count++ / RATE)
    },
    draw() {
      if (xs.length > KEPT) {
        const cut = xs.length - KEPT
        xs = xs.slice(cut)
        all = all.map((samples) => samples.slice(cut))
      }
      chart.setData([xs, ...all])
    },
  }
}

function minmax() {
  const chart = makeChart(CHANNELS, COLUMNS, empty())
  const perColumn = KEPT / COLUMNS
  const lows = perChannel(() => new Float32Array(COLUMNS))
  const highs = perChannel(() => new Float32Array(COLUMNS))
  const data = Array.from({ length: CHANNELS + 1 }, () => new Float64Array(2 * COLUMNS))
  let count = 0
  let newest = -1
  const takeChannel = (samples, low, high) => {
    let last = newest
    for (const [k, sample] of samples.entries()) {
      const column = Math.floor((count + k) / perColumn)
      const at = column % COLUMNS
      if (column !== last) low[at] = high[at] = sample
      else if (sample < low[at]) low[at] = sample
      else if (sample > high[at]) high[at] = sample
      last = column
    }
  }
  return {
    take(channels) {
      for (const [c, samples] of channels.entries()) takeChannel(samples, lows[c], highs[c])
      count += channels[0].length
      newest = Math.floor((count - 1) / perColumn)
    },
    draw() {
      const first = Math.max(0, newest - COLUMNS + 1)
      const shown = newest - first + 1
      const [xs, ...ys] = shown === COLUMNS ? data : data.map((all) => all.subarray(0, 2 * shown))
      for (let k = 0; k < shown; k++) {
        const at = (first + k) % COLUMNS
        xs[2 * k] = ((first + k) * perColumn) / RATE
        xs[2 * k + 1] = ((first + k + 0.5) * perColumn) / RATE
        for (let c = 0; c < CHANNELS; c++) {
          ys[c][2 * k] = lows[c][at]
          ys[c][2 * k + 1] = highs[c][at]
        }
      }
      chart.setData([xs, ...ys])
    },
  }
}

const view = { parse: () => ({ take() {}, draw() {} }), naive, minmax }[mode]()
new EventSource('/samples?rate=100').onmessage = (message) => {
  const channels = Object.values(JSON.parse(message.data).channels)
  for (const samples of channels) counters.samples += samples.length
  view.take(channels)
}
const frame = () => {
  if (counters.samples > 0) view.draw()
  requestAnimationFrame(frame)
}
requestAnimationFrame(frame)
window.bare = { counters }
