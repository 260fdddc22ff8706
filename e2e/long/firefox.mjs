// Firefox without a window, steered by WebDriver BiDi.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const PLACES = [
  process.env.FIREFOX,
  '/usr/bin/firefox-esr',
  '/usr/bin/firefox',
  '/Applications/Firefox.app/Contents/MacOS/firefox',
]

/** Why there is no Firefox to be had, in words; null when there is one. */
export function firefoxLacks() {
  return pathOf() ? null : 'Firefox is not installed (Debian: firefox-esr; FIREFOX names one)'
}

function pathOf() {
  return PLACES.find((path) => path && existsSync(path))
}

export async function openFirefox() {
  const profile = mkdtempSync(join(tmpdir(), 'weir-firefox-'))
  const child = spawn(
    pathOf(),
    ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port', '0', 'about:blank'],
    // Firefox refuses to start where another person's home is named.
    { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, HOME: profile, MOZ_HEADLESS: '1' } },
  )
  const gone = new Promise((resolve) => child.once('exit', resolve))
  const url = await new Promise((resolve, reject) => {
    let said = ''
    child.stderr.on('data', (data) => {
      said += String(data)
      const found = /WebDriver BiDi listening on (ws:\/\/\S+)/.exec(said)
      if (found) resolve(found[1])
    })
    void gone.then(() => reject(new Error(`Firefox has ended: ${said.slice(-1_000)}`)))
  })
  const bidi = await connect(`${url}/session`)
  const { capabilities } = await bidi.send('session.new', { capabilities: {} })
  const { contexts } = await bidi.send('browsingContext.getTree', {})
  const { context } = contexts[0]
  return {
    name: `Firefox ${capabilities.browserVersion}`,
    async goto(to) {
      await bidi.send('browsingContext.navigate', { context, url: to, wait: 'complete' })
    },
    async evaluate(expression) {
      const said = await bidi.send('script.evaluate', { expression, target: { context }, awaitPromise: true })
      if (said.type === 'exception') throw new Error(said.exceptionDetails.text)
      return said.result.value
    },
    async close() {
      bidi.close()
      child.kill()
      await gone
      rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
    },
  }
}

async function connect(url) {
  const socket = new WebSocket(url)
  const waiting = new Map()
  let last = 0
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(data)
    const held = waiting.get(message.id)
    waiting.delete(message.id)
    if (message.type === 'error') held?.reject(new Error(`${message.error}: ${message.message}`))
    else held?.resolve(message.result)
  }
  socket.onclose = () => {
    for (const { reject } of waiting.values()) reject(new Error('Firefox has closed the connection'))
  }
  await new Promise((resolve, reject) => {
    socket.onopen = resolve
    socket.onerror = () => reject(new Error(`no connection to Firefox at ${url}`))
  })
  return {
    send: (method, params) =>
      new Promise((resolve, reject) => {
        waiting.set(++last, { resolve, reject })
        socket.send(JSON.stringify({ id: last, method, params }))
      }),
    close: () => socket.close(),
  }
}
