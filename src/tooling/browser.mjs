// Finds a Chromium for the tests: a named one, the system's, Playwright's own; or installs one.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'

const SYSTEM = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

/** Path of a Chromium or Chrome on this machine, or null. `CHROMIUM` names one. */
export function browserPath() {
  const named = process.env.CHROMIUM
  if (named) return existsSync(named) ? named : null
  const system = SYSTEM.find((path) => existsSync(path))
  if (system) return system
  try {
    const own = createRequire(import.meta.url)('playwright').chromium.executablePath()
    return existsSync(own) ? own : null
  } catch {
    return null
  }
}

/** Launch options for Playwright and Vitest. Root (containers, CI) needs `--no-sandbox`. */
export function findBrowser() {
  const executablePath = browserPath()
  const root = process.getuid?.() === 0
  return {
    ...(executablePath ? { executablePath } : {}),
    args: [
      '--disable-background-networking',
      '--disable-component-update',
      ...(root ? ['--no-sandbox'] : []),
    ],
  }
}

/** Makes sure that there is a browser; prints what it does and throws with what to do when it cannot. */
export function ensureBrowser() {
  if (browserPath()) return
  console.log('No Chromium or Chrome found; installing one for the tests.')
  const tries = [
    ['npx', ['playwright', 'install', 'chromium']],
    ...(hasCommand('apt-get') && process.getuid?.() === 0
      ? [
          ['apt-get', ['update']],
          ['apt-get', ['install', '-y', '--no-install-recommends', 'chromium']],
        ]
      : []),
  ]
  for (const [command, args] of tries) {
    console.log(['>', command, ...args].join(' '))
    spawnSync(command, args, { stdio: 'inherit', timeout: 600_000 })
    if (browserPath()) return
  }
  throw new Error(
    'The tests need Chromium or Chrome and none could be installed. Install one (Debian: apt-get install chromium) or set CHROMIUM to its path.',
  )
}

function hasCommand(name) {
  try {
    execFileSync('which', [name], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
