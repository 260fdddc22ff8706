// A LabDaemon server that exists only to be fast: tasks whose streams send progress at a total rate, as the real
// one sends it (CRLF, Python's separators, bursts of several events per write). A process of its own, so that its
// CPU is told apart. Commands come by IPC: {tasks, burstMs, lines} first, then {rate, most}, {stats: true} and
// {parameters: true}, what was set so far; `lines` above 0: the messages are lines of a log of that length.
import http from 'node:http'
import { text } from 'node:stream/consumers'
import { logLine } from './pages/log-line.js'

/** Unsent bytes beyond which a stream is left out: the relay does not keep up, and the step shows as a gap. */
const FULL = 8 * 1024 * 1024
const TICK_MS = 4
const FILLER = 'x'.repeat(70)

const tasks = new Map()
/** Of each parameter that was set the body of the request, as text. */
const parameters = []
let setUp
let rate = 0
let most = Infinity
let begun = 0
let next = 0
let sent = 0
let skipped = 0
/** What was offered before the pace that holds now. */
let base = 0

function makeTasks({ tasks: count, first = 0 }) {
  for (let i = first; i < first + count; i++) {
    const id = `t${String(i).padStart(3, '0')}`
    tasks.set(id, { id, step: 0, sent: 0, opened: 0, open: 0, response: null })
  }
}

/** What a task of the stream cases says: its message differs each time, so that each event is a log line too. */
function progress(step, now) {
  return `"message": "epoch ${step % 17} t=${now} ${FILLER}"`
}

/** Log lines: none needs escaping. */
function logMessage(step) {
  return `"message": "${logLine(step, setUp.lines)}"`
}

function burst(task, count, now) {
  const message = setUp.lines > 0 ? logMessage : progress
  let text = ''
  for (let k = 0; k < count; k++) {
    const step = task.step++
    text +=
      `id: ${task.sent++}\r\nevent: device_data\r\ndata: {"step": ${step}, "total": 100000000, ` +
      `"progress_percent": ${(step % 1000) / 10}, "current_result": 0.125, ${message(step, now)}}\r\n\r\n`
  }
  return text
}

/** Each stream gets what is due for it once per `burstMs`; streams take turns, so that the sum is smooth. */
function tick() {
  const now = Date.now()
  const size = Math.max(1, Math.round((rate * setUp.burstMs) / 1000 / tasks.size))
  const due = Math.min(most, ((now - begun) * rate) / 1000)
  const all = [...tasks.values()]
  for (;;) {
    const offered = sent + skipped - base
    const count = Math.min(size, most - offered)
    if (count <= 0 || due - offered < count) return
    const task = all[next++ % all.length]
    if (!task.response || task.response.writableLength > FULL) skipped += count
    else {
      task.response.write(burst(task, count, now))
      sent += count
    }
  }
}

let timer
function pace(message) {
  clearInterval(timer)
  rate = message.rate
  most = message.most ?? Infinity
  begun = Date.now()
  base = sent + skipped
  if (rate > 0) timer = setInterval(tick, TICK_MS)
}

process.on('message', (message) => {
  if (message.tasks) {
    setUp = { burstMs: 100, lines: 0, ...message }
    makeTasks(message)
    server.listen(0, '127.0.0.1', () => process.send({ ready: server.address().port }))
  } else if (message.stats) {
    let buffered = 0
    let opened = 0
    let open = 0
    for (const task of tasks.values()) {
      buffered += task.response?.writableLength ?? 0
      opened += task.opened
      open += task.open
    }
    process.send({ sent, skipped, buffered, opened, open, at: Date.now() })
  } else if (message.parameters) {
    process.send({ parameters })
  } else {
    pace(message)
    process.send({ paced: rate })
  }
})
process.on('disconnect', () => process.exit(0))

const now = () => `${new Date().toISOString().slice(0, 19)}+00:00`
const fault = (type, message) => ({
  error: { type, message, origin: 'framework', timestamp: now(), context: {} },
})

const deviceOf = (task) => ({
  device_id: `stream-${task.id}`,
  device_type: 'VirtStreamDevice',
  connected: false,
  streaming: task.open > 0,
  owned_by: null,
  last_error: null,
})

function route(method, path) {
  if (method === 'GET' && path === '/')
    return { name: 'LabDaemon Server', version: '0.2.0', phase: 'bench', endpoints: { tasks: '/tasks' } }
  if (path === '/health') return { status: 'healthy', timestamp: now() }
  if (method === 'GET' && path === '/tasks')
    return {
      tasks: [...tasks.keys()].map((id) => ({ task_id: id, task_type: 'BenchTask', running: true })),
    }
  if (method === 'GET' && path === '/devices') return { devices: [...tasks.values()].map(deviceOf) }
  const [, kind, name, verb] = /^\/(tasks|devices)\/([^/]+)(?:\/(.+))?$/.exec(path) ?? []
  const task = tasks.get(kind === 'devices' ? (name ?? '').replace(/^stream-/, '') : name)
  if (!task) return null
  if (kind === 'devices' && method === 'POST' && verb === 'stream/stop') {
    task.response?.end()
    return { status: 'stopped', device_id: name, timestamp: now() }
  }
  if (kind === 'devices') return verb ? null : deviceOf(task)
  if (verb === 'error') return null
  if (method === 'POST') return { status: verb === 'cancel' ? 'cancellation_requested' : `${verb}d` }
  return { task_id: task.id, task_type: 'BenchTask', running: true, result: null, exception: null }
}

/** One client per stream: the second is refused as the real server refuses it. */
function stream(task, response) {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
    'x-accel-buffering': 'no',
  })
  task.opened += 1
  if (task.response) {
    const body = { ...fault('DeviceError', 'is already streaming'), device_id: `stream-${task.id}` }
    response.end(`event: stream_error\r\ndata: ${JSON.stringify(body)}\r\n\r\n`)
    return
  }
  task.response = response
  task.open += 1
  // A first event at once: the relay opens streams one after another and waits for each one's sign of life.
  response.write(burst(task, 1, Date.now()))
  sent += 1
  base += 1
  const ping = setInterval(() => {
    if (rate === 0) response.write('event: ping\r\ndata: {}\r\n\r\n')
  }, 1000)
  response.on('close', () => {
    clearInterval(ping)
    task.open -= 1
    if (task.response === response) task.response = null
  })
}

const server = http.createServer((request, response) => {
  const path = decodeURIComponent(request.url.split('?')[0])
  const task = /^\/stream\/devices\/stream-(.+)$/.exec(path)
  if (task && tasks.has(task[1])) {
    stream(tasks.get(task[1]), response)
    return
  }
  if (request.method === 'POST' && path.endsWith('/parameters'))
    void text(request).then((said) => parameters.push(said))
  else request.resume()
  const body = route(request.method, path)
  response.writeHead(body ? 200 : 404, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body ?? fault('TaskNotFound', `no ${path}`)))
})
server.requestTimeout = 0
