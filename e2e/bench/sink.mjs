// Clients of an event stream, as many as asked for, that count and do nothing else. A process of its own.
// {open: [url, …], mark}: opens them; each `mark` found in the bytes is one event. {}: what was counted, and how old
// what is stamped with a time was when it came, since the last such question.
import http from 'node:http'

/** Before the time of an event, ms since epoch, in its text. */
const STAMP = Buffer.from(' t=')
const STAMP_DIGITS = 13
const OLDEST_MS = 60_000

const clients = []
/** How many were so many ms old. */
let ages = new Uint32Array(OLDEST_MS + 1)
const agent = new http.Agent({ keepAlive: true, maxSockets: Infinity })

function open(url, mark) {
  const client = { events: 0, bytes: 0, open: false }
  clients.push(client)
  const wanted = Buffer.from(mark)
  let tail = Buffer.alloc(0)
  http
    .get(url, { agent, headers: { accept: 'text/event-stream' } }, (response) => {
      client.open = response.statusCode === 200
      response.on('data', (data) => {
        client.bytes += data.length
        // A mark may be cut in two.
        const all = tail.length > 0 ? Buffer.concat([tail, data]) : data
        let at = all.indexOf(wanted)
        let end = 0
        for (; at >= 0; at = all.indexOf(wanted, end)) {
          client.events += 1
          end = at + wanted.length
        }
        tail = all.subarray(Math.max(end, all.length - wanted.length + 1))
        // One that is cut in two is one of many.
        noteAges(data)
      })
      response.on('close', () => {
        client.open = false
      })
    })
    .on('error', () => {
      client.open = false
    })
}

function noteAges(data) {
  const now = Date.now()
  for (let at = data.indexOf(STAMP); at >= 0; at = data.indexOf(STAMP, at + STAMP_DIGITS)) {
    const from = at + STAMP.length
    const sent = Number(data.toString('latin1', from, from + STAMP_DIGITS))
    if (sent > 0 && now - sent <= OLDEST_MS) ages[Math.max(0, now - sent)] += 1
  }
}

/** The age that `p` of all do not exceed, ms; NaN when none had a stamp. */
function ageAt(p) {
  let left = ages.reduce((sum, count) => sum + count, 0) * p
  if (left === 0) return Number.NaN
  return ages.findIndex((count) => (left -= count) <= 0)
}

process.on('message', (message) => {
  if (message.open) {
    for (const url of message.open) open(url, message.mark)
    process.send({ opened: clients.length })
  } else {
    process.send({
      ageP95: ageAt(0.95),
      events: clients.map((client) => client.events),
      bytes: clients.reduce((sum, client) => sum + client.bytes, 0),
      open: clients.filter((client) => client.open).length,
      at: Date.now(),
    })
    ages = new Uint32Array(OLDEST_MS + 1)
  }
})
process.on('disconnect', () => process.exit(0))
