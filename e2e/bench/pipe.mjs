// A bare Node pipe: the bytes of the source's streams, unread, to whoever asks. What a relay costs at least.
import http from 'node:http'

let from = ''
const agent = new http.Agent({ keepAlive: true, maxSockets: Infinity })
const server = http.createServer((request, response) => {
  const upstream = http.get(from + request.url, { agent }, (body) => {
    response.writeHead(body.statusCode, { 'content-type': body.headers['content-type'] })
    body.pipe(response)
  })
  upstream.on('error', () => response.destroy())
  response.on('close', () => upstream.destroy())
})
server.requestTimeout = 0
process.on('message', (message) => {
  from = message.from
  server.listen(0, '127.0.0.1', () => process.send({ ready: server.address().port }))
})
process.on('disconnect', () => process.exit(0))
