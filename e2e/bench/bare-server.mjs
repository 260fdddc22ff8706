// Serves the bare pages and feeds them: what a page could cost at least with the same events. A process of its own.
//   /batch?streams&rate   one array of events per 16 ms     /lines?rate&count   one array of lines per 16 ms
//   /samples?rate         so many messages of a device per second
//   /task?lines           a task of inference.sh whose log has so many lines
import http from 'node:http'
import { readFileSync } from 'node:fs'
import { extname, join, normalize } from 'node:path'
import { blockJson } from './blocks.mjs'
import { logLine } from './pages/log-line.js'

const PERIOD_MS = 16
const FILLER = 'x'.repeat(70)
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }

let folder = ''
let sent = 0

/** Calls `make(count, from)` each period with how many items are due; it returns the messages to be sent. */
function paced(response, rate, most, make) {
  const begun = performance.now()
  let done = 0
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  const timer = setInterval(() => {
    const due = Math.min(most, Math.floor(((performance.now() - begun) * rate) / 1000)) - done
    if (due > 0)
      response.write(
        make(due, done)
          .map((data) => `data: ${data}\n\n`)
          .join(''),
      )
    done += due
    sent += due
    // A server that ends a stream has it opened again; the page ends this one.
    if (done >= most) clearInterval(timer)
  }, PERIOD_MS)
  response.on('close', () => clearInterval(timer))
}

function events(streams) {
  return (count, from) => {
    const now = Date.now()
    const parts = []
    for (let i = from; i < from + count; i++) {
      const step = Math.floor(i / streams)
      parts.push(
        `{"s":"t${i % streams}","t":${now},"step":${step},"total":100000000,` +
          `"progress_percent":${(step % 1000) / 10},"message":"epoch ${step % 17} t=${now} ${FILLER}"}`,
      )
    }
    return [`[${parts.join(',')}]`]
  }
}

function lines(most) {
  return (count, from) => [JSON.stringify(Array.from({ length: count }, (_, k) => logLine(from + k, most)))]
}

/** What the device of the bench sends. */
function blocks(count, from) {
  return Array.from({ length: count }, (_, k) => blockJson(from + k))
}

/** Logs come whole, in base64. */
function task(lines) {
  const text = Array.from({ length: lines }, (_, k) => `${logLine(k, lines)}.\n`).join('')
  return JSON.stringify({
    id: 'task',
    logs: [{ log_type: 4, content: Buffer.from(text).toString('base64') }],
  })
}

const server = http.createServer((request, response) => {
  const url = new URL(request.url, 'http://bench')
  const number = (name) => Number(url.searchParams.get(name))
  if (url.pathname === '/batch') return paced(response, number('rate'), Infinity, events(number('streams')))
  if (url.pathname === '/lines')
    return paced(response, number('rate'), number('count'), lines(number('count')))
  if (url.pathname === '/samples') return paced(response, number('rate'), Infinity, blocks)
  if (url.pathname === '/task') return response.end(task(number('lines')))
  try {
    const path = normalize(url.pathname)
    const body = readFileSync(join(folder, path))
    response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream' })
    return response.end(body)
  } catch {
    return response.writeHead(404).end()
  }
})
process.on('message', (message) => {
  if (message.folder) {
    folder = message.folder
    server.listen(0, '127.0.0.1', () => process.send({ ready: server.address().port }))
  } else process.send({ sent })
})
process.on('disconnect', () => process.exit(0))
