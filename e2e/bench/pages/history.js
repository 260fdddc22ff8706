// A day of ten readings a second, 864,000 points, steered by wheel and mouse.
//   ?mode=weir: the product's plot on a store filled as the page's streams fill it
//   ?mode=uplot: uPlot given all points; wheel and drag mean the same
import { createElement as h } from 'react'
import { createRoot } from 'react-dom/client'
import { packNumbers } from '#lib/pack.ts'
import { EMPTY_RECORD } from '#model/device-events.ts'
import { watchAxisPointer } from '#panels/plot/plot-input.ts'
import { TimeAxis } from '#panels/plot/time-axis.ts'
import { TimePlotView } from '#panels/plot/time-plot-view.tsx'
import { TopicStore } from '#streams/topic-store.ts'
import { DEVICE_VIEW } from '#topics/device-view.ts'
import { makeChart } from './chart.js'
import './page.css'

const POINTS = 864_000
const EVERY_MS = 100
const PER_EVENT = 1_000
const HEIGHT = 600
const WIDTH = 1_200
const END = Date.UTC(2026, 0, 2)
const root = document.getElementById('root')

const timeOf = (k) => END - (POINTS - 1 - k) * EVERY_MS + ((k * 7) % 5)
const valueOf = (k) => 23 + 3 * Math.sin(k / 40_000) + Math.sin(k / 900) / 2 + ((k * 7_919) % 100) / 400
const range = (from, count, of) => Float64Array.from({ length: count }, (_, k) => of(from + k))

function weir() {
  const store = new TopicStore(DEVICE_VIEW)
  const channel = { name: 'temperature', kind: 'number', role: 'value', unit: '°C', length: 1 }
  store.snapshot({ record: EMPTY_RECORD, recent: null }, { epoch: 'bench', boot: '1', at: END })
  for (let k = 0; k < POINTS; k += PER_EVENT) {
    const t = packNumbers(range(k, PER_EVENT, timeOf))
    const v = packNumbers(range(k, PER_EVENT, valueOf))
    store.push([
      {
        k: 'readings',
        at: timeOf(k + PER_EVENT - 1),
        messages: PER_EVENT,
        size: v.length,
        ...(k === 0 ? { channels: [{ ...channel, firstAt: timeOf(0) }] } : {}),
        series: [{ c: channel.name, t, v }],
      },
    ])
  }
  store.commit()
  const track = store.bulk.tracks.get(channel.name)
  const axis = new TimeAxis(() => END, END - timeOf(0))
  const options = {
    lines: [{ id: channel.name, index: 0, tag: '1', track: () => track }],
    scale: { mode: 'auto' },
    thresholds: [],
    gaps: [],
    utc: true,
    stale: false,
    streaming: false,
  }
  root.style.width = `${WIDTH + 82}px`
  createRoot(root).render(
    h(TimePlotView, {
      axis,
      options,
      label: 'A day',
      describe: () => '',
      subscribe: (listener) => store.subscribe(listener),
      height: HEIGHT,
    }),
  )
  return { points: () => track.points, axis }
}

/** The product's own reading of wheel and mouse, so that both move alike. */
function uplot() {
  const chart = makeChart(1, WIDTH, [range(0, POINTS, timeOf), range(0, POINTS, valueOf)], [15, 30])
  const axis = new TimeAxis(() => END, END - timeOf(0))
  axis.follow(() => END)
  const box = () => {
    const { left, top, width, height } = chart.over.getBoundingClientRect()
    const outer = root.getBoundingClientRect()
    return { left: left - outer.left, top: top - outer.top, width, height }
  }
  watchAxisPointer(root, axis, box, new AbortController().signal)
  // uPlot draws once for all changes of a task.
  axis.subscribe(() => {
    const { from, to } = axis.view()
    chart.setScale('x', { min: from, max: to })
  })
  return { points: () => POINTS, axis }
}

const shown = { weir, uplot }[new URLSearchParams(location.search).get('mode')]()
window.bare = {
  points: shown.points,
  view: () => {
    const { from, to } = shown.axis.view()
    return `${from} ${to}`
  },
}
