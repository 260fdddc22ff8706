import type { Page } from '@playwright/test'
import { expect, test } from '../fixtures.ts'
import { answered } from '../helpers/console-watch.ts'
import type { Fault } from '../helpers/lab-server.ts'
import type { RelayProcess } from '../helpers/relay-process.ts'
import {
  commandsOf,
  expectKnown,
  expectProgress,
  expectStatus,
  fillNewTask,
  logLines,
  logOf,
  openTask,
  taskOf,
} from '../helpers/screens.ts'

async function expectSource(page: Page, relay: RelayProcess, state: string, words: RegExp): Promise<void> {
  await page.goto(relay.at('/sources'))
  const source = page.getByRole('article', { name: 'lab', exact: true })
  await expect(source).toHaveAttribute('data-source-state', state)
  await expect(source).toContainText(words)
}

test('a source that cannot be reached says so on every screen, and is there as soon as it is', async ({
  page,
  lab,
  startRelay,
}) => {
  await lab.kill()
  const relay = await startRelay(['--source', `lab=labdaemon:${lab.url}`])
  await expectSource(page, relay, 'unreachable', /Cannot be reached.*Weir keeps trying/)
  await page.goto(relay.url)
  await expect(page.getByText('The source cannot be reached')).toBeVisible()
  await expect(page.getByRole('status', { name: 'Sources' })).toContainText(/lab.*unreachable/)
  await lab.restart()
  await expect(page.getByText('No tasks yet')).toBeVisible({ timeout: 15_000 })
})

const html: Fault = () =>
  Promise.resolve(
    new Response('<!doctype html><title>Printer</title><script>window.__pwned = 1</script>', {
      headers: { 'content-type': 'text/html' },
    }),
  )
const notFound: Fault = () => Promise.resolve(Response.json({ detail: 'Not Found' }, { status: 404 }))
const crash: Fault = () =>
  Promise.resolve(
    new Response('Internal Server Error', { status: 500, headers: { 'content-type': 'text/plain' } }),
  )
const otherJson: Fault = () => Promise.resolve(Response.json({ tasks: [{ id: 7 }], name: 'Queue' }))

for (const { what, fault, state, words } of [
  { what: 'HTML instead of JSON', fault: html, state: 'wrong', words: /no LabDaemon server.*Check the URL/ },
  { what: 'a 404 for everything', fault: notFound, state: 'wrong', words: /no LabDaemon server/ },
  { what: 'JSON of another kind', fault: otherJson, state: 'wrong', words: /no LabDaemon server/ },
  { what: 'a 500 for everything', fault: crash, state: 'not_answering', words: /fails to answer.*500/ },
])
  test(`a server that answers ${what}`, async ({ page, lab, startRelay }) => {
    lab.fault(fault)
    const relay = await startRelay(['--source', `lab=labdaemon:${lab.url}`])
    await expectSource(page, relay, state, words)
    await page.goto(relay.url)
    await expect(page.getByText('The source cannot be reached')).toBeVisible()
    expect(await page.evaluate(() => '__pwned' in window)).toBe(false)
  })

test('a server that hangs is not answering; its tasks are as last seen, and lost when it restarts', async ({
  page,
  relay,
  lab,
}) => {
  await lab.start('run-1', 'PausableTask', { steps: 600, delay: 0.1 })
  await page.goto(relay.url)
  const task = taskOf(page, 'run-1')
  await expectProgress(task)
  lab.lab.hang()
  await expect(page.getByRole('status', { name: 'Sources' })).toContainText(/lab not answering since/)
  await expect(task).toContainText(/last seen running/)
  await expectStatus(task, 'running')
  await lab.restart()
  await expectStatus(task, 'lost', { timeout: 20_000 })
})

test('a server held up for seconds is waited for, and nothing is lost or opened again', async ({
  page,
  relay,
  lab,
}) => {
  await lab.start('run-1', 'PausableTask', { steps: 600, delay: 0.2 })
  await page.goto(relay.url)
  const task = taskOf(page, 'run-1')
  await expectProgress(task)
  lab.lab.block(5_000)
  await expect(page.getByRole('status', { name: 'Sources' })).toContainText(
    /not answering since.*a slow device call may be holding the server up/,
  )
  await expect(page.getByRole('status', { name: 'Sources' })).toBeEmpty()
  await expectProgress(task)
  await expectStatus(task, 'running')
})

test('a killed and restarted server: its tasks are lost, new ones run under new ids', async ({
  page,
  relay,
  lab,
}) => {
  for (const id of ['old-1', 'old-2']) await lab.start(id, 'PausableTask', { steps: 600, delay: 0.1 })
  await expectKnown(relay, 'old-1', 'old-2')
  await page.goto(relay.url)
  for (const id of ['old-1', 'old-2']) await expectProgress(taskOf(page, id))
  await lab.kill()
  await lab.restart()
  for (const id of ['old-1', 'old-2']) await expectStatus(taskOf(page, id), 'lost', { timeout: 15_000 })
  const dialog = await fillNewTask(page, { type: 'PausableTask', id: 'new-1' })
  await dialog.getByRole('button', { name: 'Start', exact: true }).click()
  await expectStatus(taskOf(page, 'new-1'), 'running')
  await expectProgress(taskOf(page, 'new-1'))
  await page.goto(relay.at('/sources'))
  const restarts = page.getByRole('article', { name: 'lab', exact: true }).getByText('Restarts seen')
  await expect(restarts.locator('..')).toHaveText('Restarts seen1')
})

test('a server that shuts down while a stream lives is let go, so that it can end', async ({
  page,
  relay,
  lab,
}) => {
  await lab.start('run-1', 'PausableTask', { steps: 600, delay: 0.1 })
  await page.goto(relay.url)
  await expectProgress(taskOf(page, 'run-1'))
  await lab.shutdown()
  await expect.poll(() => lab.lab.openStreams().length).toBe(0)
  await expect(page.getByRole('status', { name: 'Sources' })).toContainText(
    /lab (stopping|unreachable) since/,
  )
  await lab.restart()
  await expectStatus(taskOf(page, 'run-1'), 'lost', { timeout: 15_000 })
})

test('a stream cut inside a line leaves a gap, and no half message', async ({ page, relay, lab }) => {
  await lab.start('run-1', 'PausableTask', { steps: 600, delay: 0.1 })
  const task = await openTask(page, relay, 'run-1')
  await expectProgress(task)
  lab.cut('mid-line')
  await expect(page.getByRole('list', { name: 'Gaps' })).toContainText('the stream was cut inside a message')
  await expectProgress(task)
  const { texts } = await relay.api<{ texts: string[] }>('/tasks/lab/run-1/log')
  expect(
    texts.filter(
      (text) => !/^first: step \d+$/.test(text) && !/cut|interrupted|not received|not recorded/.test(text),
    ),
  ).toEqual([])
})

test('missing steps are a gap with their numbers, steps sent twice are none', async ({
  page,
  relay,
  lab,
}) => {
  lab.faultyEvents((event) => {
    const step = Number(/"step": (\d+)/.exec(event)?.[1] ?? -1)
    // Far enough in that a slow machine has the stream by then.
    if (step >= 60 && step <= 64) return []
    return step >= 70 && step <= 73 ? [event, event] : event
  })
  await lab.start('run-1', 'PausableTask', { steps: 100, delay: 0.1 })
  const task = await openTask(page, relay, 'run-1')
  await expect(page.getByRole('list', { name: 'Gaps' })).toContainText(/steps 60 to 64 not received/, {
    timeout: 20_000,
  })
  await expect(task).toContainText('5 steps missed')
  await page.getByRole('searchbox', { name: 'Search log' }).fill('not received')
  await page.getByRole('button', { name: 'Only matching lines' }).click()
  await expect
    .poll(() => logLines(logOf(page)))
    .toEqual([expect.stringContaining('steps 60 to 64 not received')])
  await expectStatus(task, 'completed', { timeout: 30_000 })
  const { texts } = await relay.api<{ texts: string[] }>('/tasks/lab/run-1/log')
  expect(texts.filter((text) => /step 7[0-3]$/.test(text))).toHaveLength(4)
  expect((await relay.task('run-1')).stepsMissed).toBe(5)
})

test('lines of 10,000 characters are kept whole and break no layout', async ({ page, relay, lab }) => {
  await lab.start('long', 'PausableTask', { steps: 600, delay: 0.1, label: 'x'.repeat(10_000) })
  const task = await openTask(page, relay, 'long')
  await expect.poll(async () => (await logLines(logOf(page))).length).toBeGreaterThan(2)
  await expectProgress(task)
  const { texts } = await relay.api<{ texts: string[] }>('/tasks/lab/long/log')
  expect(texts.find((text) => text.startsWith('xxx'))?.length).toBeGreaterThan(10_000)
  for (const path of ['/', '/?view=table', '/tasks/lab/long?tab=raw', '/wall?panels=log:lab/long:6x8']) {
    await page.goto(relay.at(path))
    await expect(page.getByText(/x{60}/).first()).toBeAttached()
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), path).toBe(true)
  }
})

test('script tags, terminal codes and bad Unicode are shown as text', async ({ page, relay, lab }) => {
  await lab.start('evil', 'HostileTask', { enable_streaming: true, delay: 0.05, start_delay: 5 })
  const task = await openTask(page, relay, 'evil')
  await expectStatus(task, 'completed', { timeout: 30_000 })
  await page.goto(relay.at('/tasks/lab/evil?tab=log'))
  const lines = () => logLines(logOf(page))
  await expect
    .poll(lines)
    .toContainEqual(expect.stringContaining("<script>window.__pwned = 'script'</script>"))
  await expect.poll(lines).toContainEqual(expect.stringContaining('<img src=x onerror='))
  for (const path of ['/', '/?view=table', '/tasks/lab/evil?tab=raw', '/tasks/lab/evil?tab=output']) {
    await page.goto(relay.at(path))
    await expect(page.getByText('evil').first()).toBeVisible()
    expect(await page.evaluate(() => '__pwned' in window), path).toBe(false)
  }
})

test('odd payloads neither stop a task nor the page', async ({ page, relay, lab }) => {
  await lab.start('odd', 'OddProgressTask', { enable_streaming: true, delay: 0.05, start_delay: 5 })
  const task = await openTask(page, relay, 'odd', 'raw')
  await expectStatus(task, 'completed', { timeout: 30_000 })
  await expect(page.getByRole('list', { name: 'Messages' })).toContainText('a bare string')
  await expect(task.getByRole('progressbar')).toHaveAttribute('aria-valuenow', '100')
})

test('a result with NaN: the task is finished, its result cannot be read', async ({ page, relay, lab }) => {
  await lab.start('nan', 'ResultTask', { kind: 'nan' })
  await expectKnown(relay, 'nan')
  const task = await openTask(page, relay, 'nan', 'output')
  await expectStatus(task, 'completed')
  await expect(page.getByRole('tabpanel')).toContainText(/cannot be read|fails to encode/)
})

test('NaN in a stream is shown as it came', async ({ page, relay, lab }) => {
  await lab.start('noise', 'PhaseNoiseTask', { steps: 400, delay: 0.15 })
  await openTask(page, relay, 'noise', 'raw')
  await expect(page.getByRole('list', { name: 'Messages' })).toContainText('"current_result": NaN')
  await expectProgress(taskOf(page, 'noise'))
})

test('invalid JSON in New task is shown where it is, and nothing is sent', async ({ page, relay }) => {
  await page.goto(relay.url)
  const dialog = await fillNewTask(page, { type: 'PausableTask' })
  const parameters = dialog.getByRole('textbox', { name: 'Parameters' })
  await parameters.fill('{\n  "steps": 100,\n  "delay": 0.1,,\n}')
  await expect(parameters).toHaveAttribute('aria-invalid', 'true')
  await expect(parameters).toHaveAccessibleDescription(/Line 3, column 16/)
  await dialog.getByRole('button', { name: 'Start', exact: true }).click()
  await expect(dialog).toBeVisible()
  await dialog.getByRole('button', { name: 'Go to 3:16' }).click()
  expect(await parameters.evaluate((area: HTMLTextAreaElement) => area.selectionStart)).toBe(33)
  expect(await relay.tasks()).toEqual([])
})

test('a refused start names the holder of the device in an alert', async ({ page, relay, lab, console }) => {
  console.allow(answered(409))
  await lab.start('holder', 'SweepTask', { steps: 600, delay: 0.1 })
  await page.goto(relay.url)
  const dialog = await fillNewTask(page, { type: 'SweepTask', id: 'second' })
  await dialog.getByRole('button', { name: 'Start', exact: true }).click()
  const alert = dialog.getByRole('alert')
  await expect(alert).toContainText('DeviceInUse')
  await expect(alert).toContainText("'laser1' (owned by 'holder')")
  await expect(alert.getByRole('link', { name: 'holder' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
  await page.goto(relay.at('/sources'))
  await expect(commandsOf(page).filter({ hasText: 'start SweepTask' })).toContainText('refused')
})

test('an unknown task type, a task that fails at once, and a used id are told in the server’s words', async ({
  page,
  relay,
  lab,
  console,
}) => {
  console.allow(answered(400, 404))
  await lab.start('used', 'InstantTask')
  await page.goto(relay.url)
  const dialog = await fillNewTask(page, { type: 'NoSuchTask', id: 'a-1' })
  const start = dialog.getByRole('button', { name: 'Start', exact: true })
  await start.click()
  await expect(dialog.getByRole('alert')).toContainText('TaskTypeNotFound')
  await dialog.getByRole('combobox', { name: 'Task type' }).fill('InstantFailTask')
  await start.click()
  await expect(dialog.getByRole('alert')).toContainText('refused at the door')
  await dialog.getByRole('combobox', { name: 'Task type' }).fill('InstantTask')
  await dialog.getByRole('textbox', { name: 'Task ID' }).fill('used')
  await start.click()
  await expect(dialog.getByRole('alert')).toContainText('has been used recently')
})
