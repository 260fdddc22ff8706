// What the bench reads out of the shipped page. All functions but `wallPath` run in the page.

/** The page's streams: the page's own global where there is one, else what React was given. */
export function findStreams() {
  /** The store of a task, or null while nothing shows it. */
  window.benchTask = (id) => {
    try {
      return window.benchStreams.topic(`bench/tasks/${id}`, () => {
        throw new Error('not watched')
      })
    } catch {
      return null
    }
  }
  /** The log of such a task; builds of before had it at the store itself. */
  window.benchLog = (id) => {
    const shown = window.benchTask(id)
    return shown && (shown.bulk ?? shown).log
  }
  if (window.__weir?.streams) {
    window.benchStreams = window.__weir.streams
    return true
  }
  const root = document.getElementById('root')
  const key = Object.keys(root ?? {}).find((name) => name.startsWith('__reactContainer$'))
  for (let fiber = key && root[key].stateNode?.current; fiber; fiber = fiber.child)
    if (fiber.memoizedProps?.streams) {
      window.benchStreams = fiber.memoizedProps.streams
      return true
    }
  return false
}

/** Events in the stores of the given tasks; `restarts`: how often a log began anew from a snapshot. */
export function readTaskStores(ids) {
  const sum = { events: 0, lines: 0, missingLines: 0, restarts: 0, gaps: 0 }
  for (const id of ids) {
    const shown = window.benchTask(id)
    if (!shown) continue
    const { store } = shown
    const log = window.benchLog(id)
    const { task } = store.getState()
    sum.events += task?.events ?? 0
    sum.gaps += task?.gapCount ?? 0
    sum.lines += log.total
    sum.restarts += log.generation
    for (const hole of log.missing(log.first, log.total)) sum.missingLines += hole.to - hole.from
  }
  return {
    ...sum,
    messages: window.benchStreams.counters.messages,
    counted: window.benchStreams.counters.events,
  }
}

/** Events of all tasks as the page's list counts them. */
export function readListStore() {
  let events = 0
  let gaps = 0
  let open = 0
  for (const task of window.benchStreams.list('tasks').store.getState().items.values()) {
    events += task.events
    gaps += task.gapCount
    if (task.stream.name === 'open') open += 1
  }
  const { counters } = window.benchStreams
  return { events, gaps, open, messages: counters.messages, counted: counters.events }
}

/** Log lines of all tasks as the page's list counts them. */
export function readLogTotals() {
  let lines = 0
  let running = 0
  for (const task of window.benchStreams.list('tasks').store.getState().items.values()) {
    lines += task.log.total
    if (task.status === 'running' && task.stream.name === 'open') running += 1
  }
  return { lines, running, counted: window.benchStreams.counters.events }
}

/** Samples the age of the data that one element shows, by the time in its text. */
export function sampleAge(selector) {
  const ages = []
  window.benchAges = ages
  window.benchAgeTimer = setInterval(() => {
    const match = /t=(\d{13})/.exec(document.querySelector(selector)?.textContent ?? '')
    if (match) ages.push(Date.now() - Number(match[1]))
  }, 47)
}

export function takeAges() {
  clearInterval(window.benchAgeTimer)
  return window.benchAges
}

/**
 * Notes after each frame that was painted which time the text of an element says, and when that was first so.
 * The newest of several counts.
 */
export function watchShown(selector) {
  const shown = []
  const painted = new MessageChannel()
  window.benchShown = shown
  painted.port1.onmessage = () => {
    const text = document.querySelector(selector)?.textContent ?? ''
    const newest = [...text.matchAll(/t=(\d{13})/g)].reduce((most, [, t]) => Math.max(most, Number(t)), 0)
    if (newest > (shown.at(-1)?.t ?? 0)) shown.push({ t: newest, at: Date.now() })
  }
  // A message that is posted in a frame comes after its painting.
  const frame = () => {
    painted.port2.postMessage(null)
    if (window.benchShown === shown) requestAnimationFrame(frame)
  }
  requestAnimationFrame(frame)
}

export function takeShown() {
  const shown = window.benchShown
  window.benchShown = null
  return shown
}

/** The address of a wall of so many panels, four beside each other. */
export function wallPath(ids, kind, rows) {
  return `/wall?panels=${ids.map((id) => `${kind}:bench/${id}:3x${rows}`).join(',')}`
}
