// The page beside the log of a run: it shows a log as the service's own task block does, which takes the whole text
// anew with each update: decodes it, splits it, and renders every line by its number.
//   show(lines): takes a task whose log has so many lines; done when it is drawn
import { createElement as h, useEffect, useMemo } from 'react'
import { flushSync } from 'react-dom'
import { createRoot } from 'react-dom/client'
import './page.css'

function decode(content) {
  const bytes = Uint8Array.from(atob(content), (char) => char.charCodeAt(0))
  return new TextDecoder().decode(bytes)
}

function TaskLogs({ logs }) {
  const lines = useMemo(() => {
    const log = logs.find(({ log_type }) => log_type === 4)
    return log ? decode(log.content).split('\n') : []
  }, [logs])
  useEffect(() => {
    const pane = document.querySelector('.whole')
    pane.scrollTop = pane.scrollHeight
  }, [lines])
  return h(
    'div',
    { className: 'whole' },
    lines.map((line, index) =>
      h('div', { key: index, className: 'numbered' }, h('span', null, index + 1), h('span', null, line)),
    ),
  )
}

const root = createRoot(document.getElementById('root'))
window.bare = {
  async show(lines) {
    const answer = await fetch(`/task?lines=${lines}`)
    const { logs } = JSON.parse(await answer.text())
    flushSync(() => root.render(h(TaskLogs, { logs })))
    for (let k = 0; k < 2; k++) await new Promise((resolve) => requestAnimationFrame(resolve))
  },
}
