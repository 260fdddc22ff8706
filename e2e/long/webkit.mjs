// WebKitGTK's MiniBrowser, steered by WebDriver over HTTP. It needs a display: without one, Xvfb gives it one.
import { spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { createServer } from 'node:net'

const DRIVERS = [process.env.WEBKIT_DRIVER, '/usr/bin/WebKitWebDriver']
const TRIES = 100

/** Why there is no WebKit to be had, in words; null when there is one. */
export function webkitLacks() {
  if (!driverPath()) return 'WebKitWebDriver is not installed (Debian: webkit2gtk-driver)'
  if (!browserPath()) return 'MiniBrowser of WebKitGTK is not installed (Debian: libwebkit2gtk-4.1-0)'
  if (!process.env.DISPLAY && !existsSync('/usr/bin/Xvfb'))
    return 'there is no display, and no Xvfb (Debian: xvfb)'
  return null
}

function driverPath() {
  return DRIVERS.find((path) => path && existsSync(path))
}

function browserPath() {
  for (const base of ['/usr/lib', ...list('/usr/lib').map((name) => `/usr/lib/${name}`)])
    for (const folder of list(base))
      if (folder.startsWith('webkit2gtk-')) {
        const path = `${base}/${folder}/MiniBrowser`
        if (existsSync(path)) return path
      }
  return null
}

function list(folder) {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

export async function openWebkit() {
  const screen = process.env.DISPLAY ? null : await startScreen()
  const port = await freePort()
  const env = {
    ...process.env,
    ...(screen ? { DISPLAY: screen.display } : {}),
    // Its sandbox asks for rights that containers do not have.
    ...(process.getuid?.() === 0 ? { WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1' } : {}),
  }
  const driver = spawn(driverPath(), ['--host=127.0.0.1', `--port=${port}`], { stdio: 'ignore', env })
  const base = `http://127.0.0.1:${port}`
  const ask = async (method, path, body) => {
    const answer = await fetch(base + path, {
      method,
      ...(body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}),
    })
    const { value } = await answer.json()
    if (!answer.ok) throw new Error(`${value.error}: ${value.message}`)
    return value
  }
  const end = () => {
    driver.kill()
    screen?.stop()
  }
  try {
    await untilUp(() => ask('GET', '/status'))
    const { sessionId, capabilities } = await ask('POST', '/session', {
      capabilities: {
        alwaysMatch: {
          'webkitgtk:browserOptions': { binary: browserPath(), args: ['--automation'] },
        },
      },
    })
    const session = `/session/${sessionId}`
    return {
      name: `WebKitGTK ${capabilities.browserVersion}`,
      async goto(url) {
        await ask('POST', `${session}/url`, { url })
      },
      evaluate: (expression) =>
        ask('POST', `${session}/execute/sync`, { script: `return (${expression})`, args: [] }),
      async close() {
        await ask('DELETE', session).catch(() => undefined)
        end()
      },
    }
  } catch (error) {
    end()
    throw error
  }
}

async function untilUp(look) {
  for (let n = 0; ; n++)
    try {
      return await look()
    } catch (error) {
      if (n > TRIES) throw error
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
}

/** It says which display it is once it is there. */
function startScreen() {
  const child = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1280x900x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
  return new Promise((resolve, reject) => {
    child.stdio[3].once('data', (data) =>
      resolve({ display: `:${String(data).trim()}`, stop: () => child.kill() }),
    )
    child.once('exit', () => reject(new Error('Xvfb has ended')))
  })
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}
