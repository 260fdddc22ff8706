// A LabDaemon server that exists only to be fast: devices that stream at a paced rate, in its format (CRLF, Python's
// separators). A process of its own, so that its CPU is told apart. Commands come by IPC: {daq, sensors} first: `daq`
// sends blocks of eight channels, each of the `sensors` one number a message. Then {rate}: messages per second of
// each device, and {stats: true}.
import http from 'node:http'
import { blockJson } from './blocks.mjs'

/** Unsent bytes beyond which a device is left out: the relay does not keep up, and its blocks are missing. */
const FULL = 32 * 1024 * 1024
const TICK_MS = 4
const PING = 'event: ping\r\ndata: {}\r\n\r\n'

const devices = new Map()
let rate = 0
let begun = 0
let offered = 0
let sent = 0
let skipped = 0

const block = ({ number }) => blockJson(number)
const reading = ({ number, phase }) =>
  `{"temperature_celsius": ${(23 + Math.sin(number / 20 + phase) + ((number * 7) % 10) / 50).toFixed(3)}}`

function add(id, write) {
  devices.set(id, { id, write, phase: devices.size, number: 0, sent: 0, response: null })
}

function send(device) {
  const data = device.write(device)
  device.number += 1
  if (device.response.writableLength > FULL) {
    skipped += 1
    return
  }
  device.response.write(`id: ${device.sent++}\r\nevent: device_data\r\ndata: ${data}\r\n\r\n`)
  sent += 1
}

/** Devices take turns, so that the sum is smooth. */
function tick() {
  const open = [...devices.values()].filter(({ response }) => response !== null)
  const due = Math.floor(((Date.now() - begun) * rate * open.length) / 1000)
  for (; offered < due; offered++) send(open[offered % open.length])
}

let timer
function pace(message) {
  clearInterval(timer)
  rate = message.rate
  begun = Date.now()
  offered = 0
  if (rate > 0) timer = setInterval(tick, TICK_MS)
}

process.on('message', (message) => {
  if (message.sensors !== undefined) {
    if (message.daq) add('daq', block)
    for (let i = 0; i < message.sensors; i++) add(`sensor${String(i).padStart(2, '0')}`, reading)
    server.listen(0, '127.0.0.1', () => process.send({ ready: server.address().port }))
  } else if (message.stats) {
    process.send({ ids: [...devices.keys()], sent, skipped, at: Date.now() })
  } else {
    pace(message)
    process.send({ paced: rate })
  }
})
process.on('disconnect', () => process.exit(0))

const now = () => `${new Date().toISOString().slice(0, 19)}+00:00`

const bodyOf = ({ id, write, response }) => ({
  device_id: id,
  device_type: write === block ? 'BenchDaq' : 'BenchSensor',
  connected: true,
  streaming: response !== null,
  owned_by: null,
  last_error: null,
})

/** The body of an answer; null for what this server does not have. */
function route(method, path) {
  if (path === '/')
    return { name: 'LabDaemon Server', version: '0.2.0', phase: 'bench', endpoints: { tasks: '/tasks' } }
  if (path === '/health') return { status: 'healthy', timestamp: now() }
  if (path === '/tasks') return { tasks: [] }
  if (path === '/devices') return { devices: [...devices.values()].map(bodyOf) }
  const [, id, verb] = /^\/devices\/([^/]+)(?:\/(.+))?$/.exec(path) ?? []
  const device = devices.get(id)
  if (!device) return null
  if (verb === undefined) return bodyOf(device)
  if (verb === 'methods') return { methods: [] }
  if (method !== 'POST' || verb !== 'stream/stop') return null
  device.response?.end()
  return { status: 'stopped', device_id: id, timestamp: now() }
}

/** One client a stream: the relay is the only one here. */
function stream(device, response) {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
    'x-accel-buffering': 'no',
  })
  device.response = response
  // At once: the relay opens streams one after another and waits for each one's sign of life.
  response.write(PING)
  const ping = setInterval(() => {
    if (rate === 0) response.write(PING)
  }, 1000)
  response.on('close', () => {
    clearInterval(ping)
    if (device.response === response) device.response = null
  })
}

const server = http.createServer((request, response) => {
  const path = decodeURIComponent(request.url.split('?')[0])
  const device = devices.get(/^\/stream\/devices\/(.+)$/.exec(path)?.[1])
  if (device) {
    stream(device, response)
    return
  }
  request.resume()
  const body = route(request.method, path)
  response.writeHead(body ? 200 : 404, { 'content-type': 'application/json' })
  const error = {
    type: 'DeviceNotFound',
    message: `no ${path}`,
    origin: 'framework',
    timestamp: now(),
    context: {},
  }
  response.end(JSON.stringify(body ?? { error }))
})
server.requestTimeout = 0
