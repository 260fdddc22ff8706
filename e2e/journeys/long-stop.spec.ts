import type { Page } from '@playwright/test'
import { expect, test } from '../fixtures.ts'
import { expectAccessible, expectNoSidewaysScroll } from '../helpers/accessible.ts'
import type { LabServer } from '../helpers/lab-server.ts'
import type { RelayProcess } from '../helpers/relay-process.ts'
import { expectKnown, expectStatus, taskOf } from '../helpers/screens.ts'

/** Steps that would take hours. */
const LONG = { steps: 100_000, delay: 0.2 }

async function startLong(lab: LabServer, relay: RelayProcess, ...ids: string[]): Promise<void> {
  for (const id of ids) await lab.start(id, 'PausableTask', LONG)
  await expectKnown(relay, ...ids)
  // By two steps one knows how long it will go on.
  for (const id of ids)
    await expect.poll(async () => (await relay.task(id)).pace?.advances ?? 0).toBeGreaterThan(2)
}

/** Cancel asks, "Keep running" ends nothing. */
async function expectAsks(page: Page, id: string, cancel = page.getByRole('button', { name: 'Cancel' })) {
  await cancel.click()
  const dialog = page.getByRole('alertdialog', { name: `Cancel ${id}?`, exact: true })
  await expect(dialog).toContainText(/It has run for .+ steps\. About .+ are left/)
  await dialog.getByRole('button', { name: 'Keep running' }).click()
  await expect(dialog).toBeHidden()
  await expect(cancel).toBeFocused()
}

test('a long task is not ended by one click: card, row, page; held it is', async ({ page, relay, lab }) => {
  await startLong(lab, relay, 'long')
  await page.goto(relay.url)
  const card = taskOf(page, 'long')
  await expectStatus(card, 'running')
  await expectAsks(page, 'long', card.getByRole('button', { name: 'Cancel' }))
  await page.goto(relay.at('/?view=table'))
  const row = page.getByRole('row', { name: 'long' })
  await expectAsks(page, 'long', row.getByRole('button', { name: 'Cancel' }))
  await page.goto(relay.at('/tasks/lab/long'))
  await expectAsks(page, 'long')
  expect((await relay.task('long')).status).toBe('running')

  // Released before its time it asks; held it does not.
  const cancel = page.getByRole('button', { name: 'Cancel' })
  await cancel.hover()
  await page.mouse.down()
  await expect(page.locator('.hold-ring')).toBeVisible()
  await expectStatus(taskOf(page, 'long'), /cancelling|cancelled/)
  await page.mouse.up()
  await expect(page.getByRole('alertdialog')).toHaveCount(0)
  await expectStatus(taskOf(page, 'long'), 'cancelled')
})

test('many are asked about when one of them is long, with names and ages', async ({ page, relay, lab }) => {
  await startLong(lab, relay, 'long-1', 'long-2')
  await lab.start('short', 'PausableTask', { steps: 600, delay: 0.1 })
  await expectKnown(relay, 'short')
  await expect.poll(async () => (await relay.task('short')).pace?.advances ?? 0).toBeGreaterThan(2)
  await page.goto(relay.url)
  for (const id of ['long-1', 'long-2', 'short'])
    await page.getByRole('checkbox', { name: `Select ${id}` }).check({ force: true })
  await page
    .getByRole('toolbar', { name: 'Selection' })
    .getByRole('button', { name: 'Cancel selected' })
    .click()
  const dialog = page.getByRole('alertdialog', { name: 'Cancel 3 tasks?' })
  await expect(dialog.getByRole('listitem')).toHaveText([/^long-\d.*\ds/, /^long-\d.*\ds/, 'and 1 more'])
  for (const id of ['long-1', 'long-2']) await expect(dialog).toContainText(id)
  await expectAccessible(page, 'Cancel 3 tasks?')
  await dialog.getByRole('button', { name: 'Keep running' }).click()
  for (const id of ['long-1', 'long-2', 'short']) await expectStatus(taskOf(page, id), 'running')
  await page.getByRole('button', { name: 'Cancel selected' }).click()
  await dialog.getByRole('button', { name: 'Cancel tasks' }).click()
  for (const id of ['long-1', 'long-2', 'short']) await expectStatus(taskOf(page, id), 'cancelled')
})

test('Stop all is in sight on every screen, asks once, and says what it reached', async ({
  page,
  relay,
  lab,
}) => {
  await startLong(lab, relay, 'long')
  await lab.start('deaf', 'StubbornTask', { duration: 300 })
  await expectKnown(relay, 'deaf')
  const stopAll = page.getByRole('button', { name: 'Stop all', exact: true })
  for (const width of [360, 1440]) {
    await page.setViewportSize({ width, height: 800 })
    for (const path of [
      '/',
      '/?view=table',
      '/tasks/lab/long',
      '/devices',
      '/wall',
      '/sources',
      '/batches',
    ]) {
      await page.goto(relay.at(path))
      await expect(stopAll, `${path} at ${width} px`).toBeInViewport({ ratio: 1 })
      await expectNoSidewaysScroll(page, `${path} at ${width} px`)
    }
  }
  await page.setViewportSize({ width: 360, height: 800 })
  await stopAll.click()
  const dialog = page.getByRole('alertdialog', { name: 'Stop all?' })
  await expect(dialog).toContainText('All 2 unfinished tasks of all sources')
  await expect(dialog).toContainText('Device streams go on')
  await expectAccessible(page, 'Stop all?')
  await dialog.getByRole('button', { name: 'Keep running' }).click()
  await expect(dialog).toBeHidden()
  expect((await relay.task('long')).status).toBe('running')

  // By the palette as well.
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Find a task or command' }).fill('stop all')
  await page.keyboard.press('Enter')
  await dialog.getByRole('button', { name: 'Stop all tasks' }).click()
  await expect(dialog).toBeHidden()
  const notices = page.getByRole('region', { name: 'Notices' })
  await expect(notices).toContainText('Stop all: 1 cancelled, 1 being cancelled.')
  await expect(notices).toContainText('Device streams go on')
  await expectAccessible(page, 'what Stop all has reached')
})

test('with Weir away Stop all says that nothing was sent', async ({ page, relay, lab, console }) => {
  console.allow(/Failed to load resource|net::ERR/)
  await startLong(lab, relay, 'long')
  await page.goto(relay.url)
  await expectStatus(taskOf(page, 'long'), 'running')
  // It is fetched before it is needed: then it is too late.
  await page.waitForFunction(() =>
    performance.getEntriesByType('resource').some(({ name }) => name.includes('stop-dialogs')),
  )
  await relay.stop('SIGKILL')
  // A killed relay cannot take its leave.
  await expect.poll(() => lab.violations.length).toBe(1)
  lab.pardon()
  await expect(page.locator('[data-relay-state="reconnecting"]')).toBeAttached()
  await page.getByRole('button', { name: 'Stop all', exact: true }).click()
  await page.getByRole('button', { name: 'Stop all tasks' }).click()
  await expect(page.getByRole('region', { name: 'Notices' })).toContainText('Stop all: 1 not sent')
})

test.describe('on touch', () => {
  test.use({ hasTouch: true, isMobile: true, viewport: { width: 360, height: 760 } })

  test('what ends a task is 40 px large and apart from what lies beside it', async ({ page, relay, lab }) => {
    await startLong(lab, relay, 'long')
    for (const path of ['/', '/?view=table', '/tasks/lab/long']) {
      await page.goto(relay.at(path))
      const cancel = page.getByRole('button', { name: 'Cancel', exact: true })
      const pause = page.getByRole('button', { name: 'Pause', exact: true })
      const [a, b] = [await cancel.boundingBox(), await pause.boundingBox()]
      for (const box of [a!, b!]) expect(Math.min(box.width, box.height), path).toBeGreaterThanOrEqual(40)
      const gap = Math.max(a!.x - (b!.x + b!.width), b!.x - (a!.x + a!.width), a!.y - (b!.y + b!.height))
      expect(gap, path).toBeGreaterThanOrEqual(8)
      await expectNoSidewaysScroll(page, path)
      await expectAccessible(page, `${path} on touch`)
    }
    const stop = await page.getByRole('button', { name: 'Stop all', exact: true }).boundingBox()
    expect(Math.min(stop!.width, stop!.height)).toBeGreaterThanOrEqual(40)
    await page.getByRole('button', { name: 'Cancel', exact: true }).tap()
    const dialog = page.getByRole('alertdialog', { name: 'Cancel long?' })
    for (const button of await dialog.getByRole('button', { name: /Keep running|Cancel task/ }).all()) {
      const box = await button.boundingBox()
      expect(Math.min(box!.width, box!.height)).toBeGreaterThanOrEqual(40)
    }
    await expectAccessible(page, 'Cancel long? on touch')
  })
})
