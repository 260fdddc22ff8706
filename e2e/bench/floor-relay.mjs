// What a relay must do at least: the streams of the sources in by the client and the splitter that Weir uses, each
// event parsed and written as JSON again, and all of one tick in one write to each page. Nothing is kept.
import http from 'node:http'
import { createParser } from 'eventsource-parser'

const TICK_MS = 16

const pages = new Set()
let parts = []
let tick

function flush() {
  tick = undefined
  const text = `event: batch\ndata: [${parts.join(',')}]\n\n`
  parts = []
  for (const page of pages) page.write(text)
}

async function read(url) {
  const { body } = await fetch(url, { headers: { accept: 'text/event-stream' } })
  const parser = createParser({
    onEvent({ event, data }) {
      if (event !== 'device_data') return
      parts.push(JSON.stringify(JSON.parse(data)))
      tick ??= setTimeout(flush, TICK_MS)
    },
  })
  const decoder = new TextDecoder()
  for await (const bytes of body) parser.feed(decoder.decode(bytes, { stream: true }))
}

const server = http.createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.flushHeaders()
  pages.add(response)
  response.on('close', () => pages.delete(response))
})
server.requestTimeout = 0
process.on('message', ({ from }) => {
  for (const url of from) void read(url)
  server.listen(0, '127.0.0.1', () => process.send({ ready: server.address().port }))
})
process.on('disconnect', () => process.exit(0))
