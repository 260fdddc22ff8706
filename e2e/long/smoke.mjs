// The main screens of the built page with the demo, and one task that is started, watched and cancelled, in browsers
// other than the one of the journeys. What is not installed is skipped, with a word.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { firefoxLacks, openFirefox } from './firefox.mjs'
import { openWebkit, webkitLacks } from './webkit.mjs'

const DIST = fileURLToPath(new URL('../../dist', import.meta.url))
/** Only for the case that something never comes. */
const AT_MOST_MS = 60_000

const BROWSERS = [
  { name: 'Firefox', lacks: firefoxLacks, open: openFirefox },
  { name: 'WebKit', lacks: webkitLacks, open: openWebkit },
]

/** What stands in the page by then; an expression that is true once it is there. */
const SCREENS = [
  ['/', `document.querySelectorAll('main article[data-task-status]').length > 3`],
  ['/?view=table', `document.querySelectorAll('[role=row][data-task-status]').length > 3`],
  ['/devices', `document.querySelectorAll('main article[data-connected]').length > 1`],
  ['/devices/lab/daq1', `document.querySelector('main article[data-connected] h1') !== null`],
  ['/wall', `document.querySelector('main') !== null && !document.body.textContent.includes('went wrong')`],
  ['/sources', `document.querySelectorAll('main article[data-source-state=ok]').length === 2`],
  ['/batches', `document.querySelector('main h1') !== null`],
]

async function startRelay() {
  const child = spawn(process.execPath, [`${DIST}/server/relay.js`, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const url = await new Promise((resolve, reject) => {
    let said = ''
    child.stdout.on('data', (data) => {
      said += String(data)
      const found = /http:\/\/\S+/.exec(said)?.[0]
      if (found) resolve(found.replace(/\/$/, ''))
    })
    child.once('exit', () => reject(new Error(`the relay has ended: ${said}`)))
  })
  return { url, stop: () => child.kill('SIGKILL') }
}

async function until(browser, expression, what) {
  for (const end = Date.now() + AT_MOST_MS; Date.now() < end;) {
    if (await browser.evaluate(expression)) return
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  const text = await browser.evaluate(`document.body.innerText.slice(0, 1500)`)
  throw new Error(`${what} did not come. The page says:\n${text}`)
}

/** Presses the button of that name, as a script can. */
const press = (name) => `(() => {
  const found = [...document.querySelectorAll('button')]
    .filter((each) => (each.getAttribute('aria-label') ?? each.textContent).trim() === ${JSON.stringify(name)} && !each.disabled)
  found.at(-1)?.click()
  return found.length > 0
})()`

/** Types into the field of that label, so that React hears it. */
const fill = (label, text) => `(() => {
  const found = [...document.querySelectorAll('dialog label, [role=dialog] label')].find((each) => each.textContent.trim() === ${JSON.stringify(label)})
  const field = found && document.getElementById(found.htmlFor)
  if (!field) return false
  const proto = field.tagName === 'TEXTAREA' ? HTMLTextAreaElement.prototype : HTMLInputElement.prototype
  Object.getOwnPropertyDescriptor(proto, 'value').set.call(field, ${JSON.stringify(text)})
  field.dispatchEvent(new Event('input', { bubbles: true }))
  return true
})()`

async function smoke(browser, url) {
  for (const [path, expression] of SCREENS) {
    await browser.goto(url + path)
    await until(browser, expression, path)
    console.log(`  ok  ${path}`)
  }
  const id = `smoke-${Math.random().toString(36).slice(2, 8)}`
  await browser.goto(url)
  await until(browser, press('New task'), 'the button "New task"')
  await until(browser, fill('Task type', 'PausableTask'), 'the field "Task type"')
  await until(browser, fill('Task ID', id), 'the field "Task ID"')
  await until(browser, fill('Parameters', '{"steps": 600, "delay": 0.1}'), 'the field "Parameters"')
  await until(browser, press('Start'), 'the button "Start"')
  const page = `document.querySelector('main article[data-task-status]')`
  await until(
    browser,
    `[...document.querySelectorAll('main article')].some((each) => each.textContent.includes(${JSON.stringify(id)}))`,
    'the card',
  )
  console.log('  ok  a task is started')
  await browser.goto(`${url}/tasks/lab/${id}?tab=log`)
  const now = `Number(${page}?.querySelector('[role=progressbar]')?.getAttribute('aria-valuenow') ?? -1)`
  await until(browser, `${now} > 0`, 'progress')
  const first = await browser.evaluate(now)
  await until(browser, `${now} > ${first}`, 'more progress')
  await until(browser, `/step \\d+/.test(document.querySelector('[role=log]')?.textContent ?? '')`, 'its log')
  console.log('  ok  it is watched')
  await until(browser, press('Cancel'), 'the button "Cancel"')
  await until(browser, `${page}.dataset.taskStatus === 'cancelled'`, 'its end')
  console.log('  ok  it is cancelled')
}

let failed = false
for (const { name, lacks, open } of BROWSERS) {
  const why = lacks()
  if (why !== null) {
    console.log(`${name}: skipped, ${why}`)
    continue
  }
  const relay = await startRelay()
  let browser
  try {
    browser = await open()
    console.log(browser.name)
    await smoke(browser, relay.url)
  } catch (error) {
    failed = true
    console.error(`${name}: ${error instanceof Error ? error.message : String(error)}`)
  } finally {
    await browser?.close()
    relay.stop()
  }
}
process.exit(failed ? 1 : 0)
