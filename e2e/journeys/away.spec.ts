import type { Page } from '@playwright/test'
import { expect, test } from '../fixtures.ts'
import { answered, RELAY_AWAY } from '../helpers/console-watch.ts'
import { expectProgress, fillNewTask, logLines, logOf, openTask, taskOf } from '../helpers/screens.ts'

/*
 * The page while its relay is away: what was never opened opens all the same, or says when it will.
 */

declare const __weir: { isWhole(): boolean }

/** A page that loads only what it needs at once. */
async function saveData(page: Page): Promise<void> {
  await page.addInitScript(() => {
    Object.defineProperty(navigator, 'connection', { value: { saveData: true } })
  })
}

/** Until the page has all of its parts: it takes its time where a machine is busy. */
async function expectWhole(page: Page): Promise<void> {
  await page.waitForFunction(() => __weir.isWhole(), undefined, { timeout: 40_000 })
}

const connectionOf = (page: Page) => page.getByRole('status', { name: 'Connection' })

test('screens and dialogs that were never opened open while the relay is away', async ({
  page,
  relay,
  lab,
  console,
}) => {
  console.allow(RELAY_AWAY)
  await lab.start('run-1', 'PausableTask', { steps: 1_000, delay: 0.1 })
  await page.goto(relay.url)
  await expectProgress(taskOf(page, 'run-1'))
  await expectWhole(page)
  await relay.stop('SIGKILL')
  // A killed relay cannot take its leave.
  await expect.poll(() => lab.violations.length).toBe(1)
  lab.pardon()

  const main = page.getByRole('main')
  const nav = page.getByRole('navigation', { name: 'Main' })
  for (const [link, heading] of [
    ['Devices', 'Devices'],
    ['Wall', 'Wall'],
    ['Sources', 'Sources'],
  ] as const) {
    await nav.getByRole('link', { name: link }).click()
    await expect(main.getByRole('heading', { name: heading, level: 1 })).toBeVisible()
  }
  await nav.getByRole('link', { name: 'Tasks' }).click()
  await page.getByRole('radio', { name: 'Table' }).click()
  await expect(page.getByRole('row').filter({ hasText: 'run-1' })).toHaveAttribute('data-stalled')
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('dialog', { name: 'Commands' })).toBeVisible()
  await page.keyboard.press('Escape')
  await fillNewTask(page, { type: 'PausableTask' })
  await page.keyboard.press('Escape')
  await page.getByRole('link', { name: 'run-1', exact: true }).first().click()
  const task = taskOf(page, 'run-1')
  await expect(task).toContainText(/Last seen running/)
  await expect(task).toContainText('The rest comes when Weir is back')
  await expect(connectionOf(page)).toContainText('What you see is as of then')

  await relay.start()
  await expect(task.getByRole('tab', { name: 'Log' })).toBeVisible({ timeout: 20_000 })
  await expectProgress(task)
})

test('a task that was looked at is there whole after a minute elsewhere without the relay', async ({
  page,
  relay,
  lab,
  console,
}) => {
  console.allow(RELAY_AWAY)
  await page.clock.install()
  await lab.start('run-1', 'PausableTask', { steps: 1_000, delay: 0.1 })
  const task = await openTask(page, relay, 'run-1')
  await expectProgress(task)
  await expectWhole(page)
  const before = await logLines(logOf(page))
  expect(before.length).toBeGreaterThan(3)
  await relay.stop()
  await page.getByRole('link', { name: 'Wall' }).click()
  await page.clock.runFor(60_000)
  await page.goBack()
  await expect(task).toContainText(/Last seen running/)
  expect(await logLines(logOf(page))).toEqual(expect.arrayContaining(before.slice(-3)))
})

test('a screen that cannot be had says so inside the shell, and opens by itself when the relay is back', async ({
  page,
  relay,
  console,
}) => {
  console.allow(RELAY_AWAY)
  await saveData(page)
  await page.goto(relay.url)
  await expect(connectionOf(page)).toHaveAttribute('data-relay-state', 'open')
  await expect(page.getByText('No tasks yet')).toBeVisible()
  expect(await page.evaluate(() => __weir.isWhole())).toBe(false)
  await page.evaluate(() => Object.assign(window, { same: true }))
  await relay.stop('SIGKILL')

  const nav = page.getByRole('navigation', { name: 'Main' })
  const main = page.getByRole('main')
  await nav.getByRole('link', { name: 'Devices' }).click()
  await expect(main).toContainText('Opens when Weir is back')
  await nav.getByRole('link', { name: 'Tasks' }).click()
  await expect(main.getByText('No tasks yet')).toBeVisible()
  await nav.getByRole('link', { name: 'Sources' }).click()
  await expect(main).toContainText('Opens when Weir is back')
  await page.keyboard.press('?')
  await expect(page.getByText('Opens when Weir is back')).toHaveCount(2)

  await relay.start()
  await expect(main.getByRole('heading', { name: 'Sources', level: 1 })).toBeVisible({ timeout: 20_000 })
  await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible()
  expect(await page.evaluate(() => 'same' in window)).toBe(true)
})

test('a relay that hangs in the middle of it is waited for in words', async ({ page, relay, console }) => {
  console.allow(RELAY_AWAY)
  await saveData(page)
  await page.goto(relay.url)
  await expect(connectionOf(page)).toHaveAttribute('data-relay-state', 'open')
  relay.signal('SIGSTOP')
  const main = page.getByRole('main')
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Devices' }).click()
  await expect(main).toContainText('Opens when Weir is back')
  relay.signal('SIGCONT')
  await expect(main.getByRole('heading', { name: 'Devices', level: 1 })).toBeVisible({ timeout: 20_000 })
})

test('after an update the page offers to reload, and what was typed is kept', async ({
  page,
  relay,
  console,
}) => {
  console.allow(answered(404))
  await saveData(page)
  await page.route('**/assets/devices-page-*.js', (route) => route.fulfill({ status: 404 }))
  await page.goto(relay.url)
  await fillNewTask(page, { type: 'PausableTask', id: 'by-hand', params: { seed: '9007199254740993' } })
  await page.keyboard.press('Escape')
  const main = page.getByRole('main')
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Devices' }).click()
  await expect(main).toContainText('Weir was updated')
  await page.unroute('**/assets/devices-page-*.js')
  await main.getByRole('button', { name: 'Reload' }).click()
  await expect(main.getByRole('heading', { name: 'Devices', level: 1 })).toBeVisible()
  await page.getByRole('button', { name: 'New task' }).click()
  const dialog = page.getByRole('dialog', { name: 'New task' })
  await expect(dialog.getByRole('combobox', { name: 'Task type' })).toHaveValue('PausableTask')
  await expect(dialog.getByRole('textbox', { name: 'Task ID' })).toHaveValue('by-hand')
  await expect(dialog.getByRole('textbox', { name: 'Parameters' })).toHaveValue('{"seed":"9007199254740993"}')
})
