// The bare page beside the grid and the wall: 48 bars, each with a store of its own, drawn once per frame by React.
//   ?mode=idle: nothing moves     ?mode=batch&rate=R&streams=N: one EventSource, one array of events per message
import { createElement as h, memo } from 'react'
import { flushSync } from 'react-dom'
import { createRoot } from 'react-dom/client'
import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import './page.css'

const query = new URLSearchParams(location.search)
const shown = Array.from({ length: 48 }, (_, i) => `t${i}`)
const stores = new Map()
const counters = { events: 0 }
let fresh = new Map()

function storeOf(id) {
  let store = stores.get(id)
  if (!store) {
    store = createStore(() => ({ event: undefined }))
    stores.set(id, store)
  }
  return store
}

const Bar = memo(function Bar({ id }) {
  const event = useStore(storeOf(id), (state) => state.event)
  const percent = event?.progress_percent ?? 0
  return h(
    'div',
    { className: 'bar' },
    h('span', null, id),
    h(
      'div',
      { className: 'track' },
      h('div', { className: 'fill', style: { transform: `scaleX(${percent / 100})` } }),
    ),
    h('span', null, `${percent}%`),
    h('div', { className: 'message' }, event ? `${event.step}/${event.total} ${event.message}` : ''),
  )
})

function commit() {
  if (fresh.size > 0) {
    const now = fresh
    fresh = new Map()
    flushSync(() => {
      for (const [id, event] of now) storeOf(id).setState({ event })
    })
  }
  requestAnimationFrame(commit)
}

createRoot(document.getElementById('root')).render(
  h(
    'div',
    { className: 'bars' },
    shown.map((id) => h(Bar, { key: id, id })),
  ),
)
if (query.get('mode') === 'batch') {
  new EventSource(`/batch?rate=${query.get('rate')}&streams=${query.get('streams')}`).onmessage = (
    message,
  ) => {
    for (const event of JSON.parse(message.data)) {
      counters.events += 1
      fresh.set(event.s, event)
    }
  }
  requestAnimationFrame(commit)
}
window.bare = { counters }
