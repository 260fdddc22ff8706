// A live plot for each of many devices, by the product's own streams, stores and plots, without the rest of its pages.
//   ?relay=URL&ids=a,b,c[&still]     still: as of a stream that has ended, so that plots do not move on with time
import { createElement as h } from 'react'
import { createRoot } from 'react-dom/client'
import { deviceTopic } from '#protocols/weir/topics.ts'
import { DeviceStore } from '#streams/device-store.ts'
import { Streams } from '#streams/streams.ts'
import { TimeAxis } from '#panels/plot/time-axis.ts'
import { TimePlotView } from '#panels/plot/time-plot-view.tsx'
import './page.css'

const SPAN_MS = 10_000
const HEIGHT = 180
const CHANNEL = 'temperature_celsius'

const query = new URLSearchParams(location.search)
const streams = new Streams({ base: query.get('relay'), version: 'bench' })
const axis = new TimeAxis(() => streams.now(), SPAN_MS)

const stores = query
  .get('ids')
  .split(',')
  .map((id) => {
    const topic = deviceTopic('bench', id)
    const store = streams.topic(topic, () => new DeviceStore())
    streams.watchTopic(topic)
    return { id, store }
  })
if (!query.has('still')) axis.follow(() => streams.now())
else for (const { store } of stores) axis.follow(() => store.tracks.get(CHANNEL)?.last ?? null)
streams.open()

function plotOf({ id, store }) {
  const options = {
    lines: [{ id, index: 0, tag: id, track: () => store.tracks.get(CHANNEL) }],
    scale: { mode: 'auto' },
    thresholds: [],
    gaps: [],
    utc: true,
    stale: false,
    streaming: !query.has('still'),
  }
  const subscribe = (listener) => store.subscribe(listener)
  const plot = { axis, options, label: id, describe: () => '', subscribe, height: HEIGHT }
  return h('div', { key: id }, h(TimePlotView, plot))
}

createRoot(document.getElementById('root')).render(h('div', { className: 'plots' }, stores.map(plotOf)))
window.bare = {
  ready: () => stores.every(({ store }) => store.store.getState().phase === 'ready'),
  /** Of all devices together. */
  samples: () => stores.reduce((sum, { store }) => sum + (store.tracks.get(CHANNEL)?.received ?? 0), 0),
}
