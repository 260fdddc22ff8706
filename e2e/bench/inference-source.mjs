// An inference.sh service that exists only to be fast: it takes any run, which then streams its log, its progress and
// its partial output at a paced rate, as the service sends them: one line of JSON a change, logs whole and in base64
// each time. A process of its own, so that its CPU is told apart. Commands come by IPC: {lines} first: a run is there
// whose log has so many lines (0: none). Then {rate}: changes per second of each run; {more: true}: one line of log
// for each run; {stats: true}; {times: id}: when each change of a run was sent since the last {rate}.
import http from 'node:http'

const TICK_MS = 4
const HEARTBEAT_MS = 10_000
const RUNNING = 7
const APP = { id: 'app', short_id: 'app', namespace: 'bench', name: 'stream', version: null }
const FILLER = 'the quick brown fox jumps over the lazy dog '.repeat(6)

const runs = new Map()
let rate = 0
let begun = 0
let next = 0
/** Changes since `begun`, and all lines of logs that were sent one by one. */
let offered = 0
let sent = 0

const iso = (ms) => new Date(ms).toISOString()

function makeRun(input) {
  const now = Date.now()
  const id = String(runs.size + 1).padStart(26, '0')
  const run = {
    id,
    input,
    createdAt: iso(now),
    /** When it last said something. */
    now,
    step: 0,
    /** The log in base64. */
    content: '',
    progress: null,
    output: {},
    times: [],
    opened: 0,
    response: null,
  }
  runs.set(id, run)
  return run
}

/** A line of 101 characters and its feed: whole groups of base64, so that logs grow at their end. */
function addLine(run, now) {
  const line = `INFO step=${String(run.step++).padStart(7, '0')} t=${now} ${FILLER}`.slice(0, 101)
  run.content += Buffer.from(`${line}\n`).toString('base64')
  run.now = now
}

function logsOf({ id, createdAt, now, content }) {
  if (content === '') return '[]'
  return (
    `[{"id":"log","created_at":"${createdAt}","updated_at":"${iso(now)}","task_id":"${id}",` +
    `"log_type":4,"content":"${content}"}]`
  )
}

function partial(run, fields, data) {
  return `{"data":{"id":"${run.id}",${data},"updated_at":"${iso(run.now)}"},"fields":[${fields},"updated_at"]}\n`
}

const logLine = (run) => partial(run, '"logs"', `"logs":${logsOf(run)}`)

/** The app's newest yield: its text ends with the time, which is the part that a card shows. */
function yieldLine(run) {
  run.progress = { current: run.step, total: 1_000_000 }
  run.output = { text: `${FILLER}step ${run.step} t=${run.now}` }
  const data = `"progress":${JSON.stringify(run.progress)},"output":${JSON.stringify(run.output)}`
  return partial(run, '"progress","output"', data)
}

function tick() {
  const now = Date.now()
  const open = [...runs.values()].filter(({ response }) => response !== null)
  const due = Math.floor(((now - begun) * rate * open.length) / 1000)
  for (; offered < due; offered++) {
    const run = open[next++ % open.length]
    addLine(run, now)
    run.times.push(now)
    run.response.write(logLine(run) + yieldLine(run))
    sent += 1
  }
}

let timer
function pace(message) {
  clearInterval(timer)
  rate = message.rate
  begun = Date.now()
  offered = 0
  for (const run of runs.values()) run.times = []
  if (rate > 0) timer = setInterval(tick, TICK_MS)
}

process.on('message', (message) => {
  if (message.lines !== undefined) {
    if (message.lines > 0) {
      const run = makeRun({})
      while (run.step < message.lines) addLine(run, run.now)
    }
    server.listen(0, '127.0.0.1', () => process.send({ ready: server.address().port }))
  } else if (message.stats) {
    const all = [...runs.values()]
    const opened = all.reduce((sum, run) => sum + run.opened, 0)
    const open = all.filter(({ response }) => response !== null).length
    process.send({ ids: [...runs.keys()], sent, opened, open, at: Date.now() })
  } else if (message.times) process.send({ times: runs.get(message.times).times })
  else if (message.more) {
    for (const run of runs.values()) {
      addLine(run, Date.now())
      run.response?.write(logLine(run))
    }
    process.send({ more: runs.size })
  } else {
    pace(message)
    process.send({ paced: rate })
  }
})
process.on('disconnect', () => process.exit(0))

/** A run as a list shows it; `GET /tasks/{id}` adds the logs. */
function runOf({ id, input, createdAt, now, output, progress }) {
  return {
    id,
    short_id: id.slice(0, 8),
    created_at: createdAt,
    updated_at: iso(now),
    status: RUNNING,
    app_id: APP.id,
    app: APP,
    function: 'run',
    infra: 'cloud',
    input,
    output,
    progress,
    error: null,
    events: [{ id: `${id}e`, task_id: id, status: RUNNING, event_time: createdAt }],
    logs: null,
  }
}

const wholeOf = (run) => JSON.stringify(runOf(run)).replace('"logs":null', () => `"logs":${logsOf(run)}`)

/** The JSON of an answer; null for what this service does not have. */
function route(method, path, body) {
  if (method === 'POST' && path === '/apps/run') {
    const { id, createdAt } = makeRun(body.input)
    return JSON.stringify({ data: { id, status: RUNNING, created_at: createdAt, output: {} }, messages: [] })
  }
  if (path === '/tasks/list') {
    const items = [...runs.values()].slice(-(body.limit ?? 10)).toReversed()
    return JSON.stringify({ items: items.map(runOf), next_cursor: null, has_next: false })
  }
  if (path.startsWith('/apps/')) return JSON.stringify(APP)
  const [, id, what] = /^\/tasks\/([^/]+)(?:\/(.+))?$/.exec(path) ?? []
  const run = runs.get(id)
  if (!run) return null
  if (what === undefined) return wholeOf(run)
  if (what === 'logs') return `{"task_id":"${id}","status":${RUNNING},"logs":${logsOf(run)}}`
  return what === 'status' ? JSON.stringify({ id, status: RUNNING, updated_at: iso(run.now) }) : null
}

function stream(run, response) {
  response.writeHead(200, { 'content-type': 'application/x-ndjson' })
  run.opened += 1
  run.response = response
  response.write(`${wholeOf(run)}\n`)
  const heartbeat = setInterval(() => response.write('{"type":"heartbeat"}\n'), HEARTBEAT_MS)
  response.on('close', () => {
    clearInterval(heartbeat)
    if (run.response === response) run.response = null
  })
}

const server = http.createServer((request, response) => {
  const path = request.url.split('?')[0]
  const run = runs.get(/^\/tasks\/(.+)\/stream$/.exec(path)?.[1])
  if (run) {
    stream(run, response)
    return
  }
  let text = ''
  request.on('data', (data) => (text += data))
  request.on('end', () => {
    const body = route(request.method, path, text === '' ? {} : JSON.parse(text))
    response.writeHead(body ? 200 : 404, { 'content-type': 'application/json' })
    response.end(body ?? '{"title":"not found","status":404}')
  })
})
server.requestTimeout = 0
