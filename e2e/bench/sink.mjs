// Clients of an event stream, as many as asked for, that count and do nothing else. A process of its own.
// {open: [url, …], mark, header}: opens them; each `mark` found in the bytes is one event.
import http from 'node:http'

const clients = []
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
      })
      response.on('close', () => {
        client.open = false
      })
    })
    .on('error', () => {
      client.open = false
    })
}

process.on('message', (message) => {
  if (message.open) {
    for (const url of message.open) open(url, message.mark)
    process.send({ opened: clients.length })
  } else
    process.send({
      events: clients.map((client) => client.events),
      bytes: clients.reduce((sum, client) => sum + client.bytes, 0),
      open: clients.filter((client) => client.open).length,
      at: Date.now(),
    })
})
process.on('disconnect', () => process.exit(0))
