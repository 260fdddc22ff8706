// A small client of the DevTools protocol over a pipe. Playwright is not used here on purpose: it enables the
// protocol's Network domain, for which Chromium mirrors each EventSource message to the client; that costs more
// than the message itself and makes streams ten times slower than they are for people.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const FLAGS = [
  '--headless',
  '--disable-gpu',
  '--no-first-run',
  '--disable-sync',
  '--disable-background-networking',
  '--disable-component-update',
  // Nobody looks at a headless window: without these its timers and frames may be held back.
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
]
const QUIT_MS = 4_000

/** Messages of the pipe are JSON, each ended by a NUL. */
class Pipe {
  #out
  #id = 0
  #waiting = new Map()
  #parts = []
  onEvent = () => {}

  constructor(out, input) {
    this.#out = out
    out.on('error', () => {})
    input.on('data', (data) => this.#take(data))
  }

  send(method, params = {}, sessionId) {
    const id = ++this.#id
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      this.#out.write(`${JSON.stringify({ id, method, params, sessionId })}\0`)
    })
  }

  fail(why) {
    for (const { reject } of this.#waiting.values()) reject(new Error(why))
    this.#waiting.clear()
  }

  #take(data) {
    let start = 0
    for (let end; (end = data.indexOf(0, start)) >= 0; start = end + 1) {
      this.#parts.push(data.subarray(start, end))
      this.#message(JSON.parse(Buffer.concat(this.#parts).toString()))
      this.#parts = []
    }
    if (start < data.length) this.#parts.push(data.subarray(start))
  }

  #message(message) {
    const waiting = this.#waiting.get(message.id)
    if (!waiting) return this.onEvent(message)
    this.#waiting.delete(message.id)
    if (message.error) waiting.reject(new Error(message.error.message))
    else waiting.resolve(message.result)
  }
}

/** Starts a fresh browser with one page of the given size. */
export async function openBrowser(path, { width, height }) {
  const profile = mkdtempSync(join(tmpdir(), 'weir-bench-'))
  const flags = process.getuid?.() === 0 ? [...FLAGS, '--no-sandbox'] : FLAGS
  const child = spawn(
    path,
    [...flags, '--remote-debugging-pipe', `--user-data-dir=${profile}`, 'about:blank'],
    {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    },
  )
  const pipe = new Pipe(child.stdio[3], child.stdio[4])
  const gone = new Promise((resolve) => child.on('exit', resolve))
  void gone.then(() => pipe.fail('the browser has exited'))

  const { product } = await pipe.send('Browser.getVersion')
  const browser = { send: (method, params) => pipe.send(method, params), onEvent: () => {} }
  const pages = new Map()
  pipe.onEvent = (message) => {
    const page = pages.get(message.sessionId)
    if (page) page.take(message)
    else browser.onEvent(message)
    if (message.method === 'Inspector.targetCrashed') pipe.fail('the page has crashed')
  }
  const attach = async (targetId) => {
    const { sessionId } = await pipe.send('Target.attachToTarget', { targetId, flatten: true })
    const page = new Page((method, params) => pipe.send(method, params, sessionId))
    page.browser = browser
    pages.set(sessionId, page)
    // Not Network: see above.
    for (const domain of ['Page', 'Runtime', 'Inspector', 'Performance']) await page.send(`${domain}.enable`)
    const metrics = { width, height, deviceScaleFactor: 1, mobile: false }
    await page.send('Emulation.setDeviceMetricsOverride', metrics)
    return page
  }
  const { targetInfos } = await pipe.send('Target.getTargets')
  const page = await attach(targetInfos.find((target) => target.type === 'page').targetId)
  return {
    page,
    pid: child.pid,
    version: product,
    /** A further tab, in front of the others; in a window of its own all of them are in sight. */
    async newPage({ newWindow = false } = {}) {
      const { targetId } = await pipe.send('Target.createTarget', { url: 'about:blank', newWindow })
      return attach(targetId)
    },
    async close() {
      pipe.send('Browser.close').catch(() => {})
      const timer = setTimeout(() => child.kill('SIGKILL'), QUIT_MS)
      await gone
      clearTimeout(timer)
      rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
    },
  }
}

class Page {
  #send
  #loaded = () => {}
  /** The browser as a whole: {send, onEvent}. */
  browser
  /** What the page complained about. */
  errors = []

  constructor(send) {
    this.#send = send
  }

  send(method, params) {
    return this.#send(method, params)
  }

  take({ method, params }) {
    if (method === 'Page.loadEventFired') this.#loaded()
    else if (method === 'Runtime.exceptionThrown') {
      const { exception, text } = params.exceptionDetails
      this.errors.push((exception?.description ?? text).split('\n')[0])
    } else if (method === 'Runtime.consoleAPICalled' && params.type === 'error')
      this.errors.push(params.args.map((arg) => arg.value ?? arg.description).join(' '))
  }

  /** Runs a function in each document before the document's own code. */
  async inject(fn) {
    await this.#send('Page.addScriptToEvaluateOnNewDocument', { source: `(${fn})()` })
  }

  async goto(url) {
    const loaded = new Promise((resolve) => {
      this.#loaded = resolve
    })
    const { errorText } = await this.#send('Page.navigate', { url })
    if (errorText) throw new Error(`${errorText}: ${url}`)
    await loaded
  }

  /** Calls a function in the page with an argument that JSON can carry. */
  async evaluate(fn, arg) {
    const { result, exceptionDetails } = await this.#send('Runtime.evaluate', {
      expression: `(${fn})(${JSON.stringify(arg) ?? ''})`,
      awaitPromise: true,
      returnByValue: true,
    })
    if (exceptionDetails) {
      const { exception, text } = exceptionDetails
      throw new Error((exception?.description ?? text).split('\n').slice(0, 2).join(' '))
    }
    return result.value
  }

  async until(fn, arg, ms = 30_000) {
    for (const end = Date.now() + ms; Date.now() < end;) {
      const value = await this.evaluate(fn, arg)
      if (value) return value
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    throw new Error(`waited ${ms / 1000} s in vain for ${String(fn).replace(/\s+/g, ' ').slice(0, 120)}`)
  }
}
