import type { Locator, Page } from '@playwright/test'
import { expect, test } from '../fixtures.ts'
import { expectNoSidewaysScroll } from '../helpers/accessible.ts'
import type { LabServer } from '../helpers/lab-server.ts'
import type { RelayProcess } from '../helpers/relay-process.ts'
import {
  expectKnown,
  expectProgress,
  expectStatus,
  fillNewTask,
  openTask,
  taskOf,
} from '../helpers/screens.ts'

async function startSome(lab: LabServer, relay: RelayProcess): Promise<void> {
  await lab.start('alpha-run', 'PausableTask', { steps: 600, delay: 0.1 })
  await lab.start('beta-run', 'LongRunningTask', { enable_streaming: true, steps: 600, delay: 0.1 })
  await lab.start('gamma-fail', 'FailingTask', { steps: 10, delay: 0.02, fail_at: 3 })
  await lab.start('delta-done', 'ResultTask', {})
  await expectKnown(relay, 'alpha-run', 'beta-run', 'gamma-fail', 'delta-done')
}

function shownTasks(page: Page): Promise<string[]> {
  return page.getByRole('main').getByRole('article').locator('h2').allTextContents()
}

function statusButton(page: Page, name: string): Locator {
  return page.getByRole('group', { name: 'Status' }).getByRole('button', { name: new RegExp(`^${name}`) })
}

test('filters by status, type, source and text are in the URL and survive a reload', async ({
  page,
  relay,
  lab,
}) => {
  await startSome(lab, relay)
  await page.goto(relay.url)
  await expectStatus(taskOf(page, 'gamma-fail'), 'failed')
  await expect(statusButton(page, 'Running')).toHaveText(/2$/)
  await expect(statusButton(page, 'Failed')).toHaveText(/1$/)

  await statusButton(page, 'Failed').click()
  await expect(statusButton(page, 'Failed')).toHaveAttribute('aria-pressed', 'true')
  await expect.poll(() => shownTasks(page)).toEqual(['gamma-fail'])
  await expect(page).toHaveURL(/status=failed/)
  await statusButton(page, 'Completed').click()
  await expect.poll(async () => (await shownTasks(page)).sort()).toEqual(['delta-done', 'gamma-fail'])
  await page.reload()
  await expect.poll(async () => (await shownTasks(page)).sort()).toEqual(['delta-done', 'gamma-fail'])
  await expect(statusButton(page, 'Failed')).toHaveAttribute('aria-pressed', 'true')
  await statusButton(page, 'Failed').click()
  await statusButton(page, 'Completed').click()

  await page.getByRole('combobox', { name: 'Type' }).selectOption('LongRunningTask')
  await expect(page).toHaveURL(/type=LongRunningTask/)
  await expect.poll(() => shownTasks(page)).toEqual(['beta-run'])
  await page.reload()
  await expect.poll(() => shownTasks(page)).toEqual(['beta-run'])
  await expect(page.getByRole('combobox', { name: 'Type' })).toHaveValue('LongRunningTask')
  await page.getByRole('combobox', { name: 'Type' }).selectOption('')

  await page.getByRole('combobox', { name: 'Source' }).selectOption('lab')
  await expect(page).toHaveURL(/source=lab/)
  await page.getByRole('searchbox', { name: 'Filter tasks' }).fill('a-run')
  await expect(page).toHaveURL(/q=a-run/)
  await expect.poll(async () => (await shownTasks(page)).sort()).toEqual(['alpha-run', 'beta-run'])
  await page.reload()
  await expect(page.getByRole('searchbox', { name: 'Filter tasks' })).toHaveValue('a-run')
  await expect.poll(async () => (await shownTasks(page)).sort()).toEqual(['alpha-run', 'beta-run'])
})

test('what other people start waits behind “Show 2 new” and moves no row', async ({ page, relay, lab }) => {
  await lab.start('first', 'PausableTask', { steps: 600, delay: 0.1 })
  await page.goto(relay.url)
  await expectStatus(taskOf(page, 'first'), 'running')
  const place = await taskOf(page, 'first').boundingBox()
  for (const id of ['later-1', 'later-2']) await lab.start(id, 'PausableTask', { steps: 600, delay: 0.1 })
  const show = page.getByRole('button', { name: 'Show 2 new' })
  await expect(show).toBeVisible()
  expect(await shownTasks(page)).toEqual(['first'])
  expect(await taskOf(page, 'first').boundingBox()).toEqual(place)
  await show.click()
  await expect.poll(async () => (await shownTasks(page)).sort()).toEqual(['first', 'later-1', 'later-2'])
  await expect(show).toBeHidden()
})

test('a dense table with the same facts and controls, sorted by its headers', async ({
  page,
  relay,
  lab,
}) => {
  await startSome(lab, relay)
  await page.goto(relay.url)
  await expectStatus(taskOf(page, 'gamma-fail'), 'failed')
  const view = page.getByRole('radiogroup', { name: 'View' })
  await view.getByRole('radio', { name: 'Table' }).click()
  await expect(page).toHaveURL(/view=table/)
  const row = (id: string) => page.getByRole('row', { name: id, exact: true })
  await expect(row('alpha-run')).toHaveAttribute('data-task-status', 'running')
  await expect(row('gamma-fail')).toHaveAttribute('data-task-status', 'failed')
  await expectProgress(row('alpha-run'))
  await page.getByRole('columnheader', { name: 'Task' }).getByRole('button').click()
  await expect(page).toHaveURL(/sort=name/)
  const byPlace = () =>
    page
      .locator('[role="row"][data-task-status]')
      .evaluateAll((rows) =>
        rows
          .sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
          .map((each) => each.querySelector('[data-task-link]')?.textContent),
      )
  await expect.poll(byPlace).toEqual(['alpha-run', 'beta-run', 'delta-done', 'gamma-fail'])
  await page.reload()
  await expect.poll(byPlace).toEqual(['alpha-run', 'beta-run', 'delta-done', 'gamma-fail'])
  await row('beta-run').getByRole('button', { name: 'Cancel' }).click()
  await expect(row('beta-run')).toHaveAttribute('data-task-status', 'cancelled')
  await view.getByRole('radio', { name: 'Grid' }).click()
  await expectStatus(taskOf(page, 'beta-run'), 'cancelled')
})

test('an empty list says why: nothing yet, or nothing that matches', async ({ page, relay, lab }) => {
  await page.goto(relay.url)
  await expect(page.getByText('No tasks yet')).toBeVisible()
  await page.getByRole('button', { name: 'Start a task' }).click()
  await expect(page.getByRole('dialog', { name: 'New task' })).toBeVisible()
  await page.keyboard.press('Escape')
  await lab.start('only', 'PausableTask', { steps: 600, delay: 0.1 })
  await expect(taskOf(page, 'only')).toBeVisible()
  await page.getByRole('searchbox', { name: 'Filter tasks' }).fill('nothing like it')
  await expect(page.getByText('No task matches')).toBeVisible()
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await expect(taskOf(page, 'only')).toBeVisible()
})

test('the theme goes from the system’s to light and dark, and is remembered', async ({ page, relay }) => {
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.goto(relay.url)
  const html = page.locator('html')
  const theme = page.getByRole('button', { name: 'Theme' })
  await expect(html).toHaveAttribute('data-theme', 'dark')
  await theme.click()
  await expect(html).not.toHaveAttribute('data-theme', 'dark')
  await page.reload()
  await expect(html).not.toHaveAttribute('data-theme', 'dark')
  await theme.click()
  await expect(html).toHaveAttribute('data-theme', 'dark')
  await page.emulateMedia({ colorScheme: 'light' })
  await expect(html).toHaveAttribute('data-theme', 'dark')
  await theme.click()
  await expect(html).not.toHaveAttribute('data-theme', 'dark')
})

test('Ctrl-K finds a task and a screen by name', async ({ page, relay, lab }) => {
  await startSome(lab, relay)
  await page.goto(relay.url)
  await expect(taskOf(page, 'alpha-run')).toBeVisible()
  await page.keyboard.press('Control+k')
  const palette = page.getByRole('dialog', { name: 'Commands' })
  await palette.getByRole('combobox').fill('gamma')
  await expect(palette.getByRole('option', { name: /gamma-fail/ })).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/tasks\/lab\/gamma-fail/)
  await page.keyboard.press('Control+k')
  await palette.getByRole('combobox').fill('wall')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/wall/)
  await expect(palette).toBeHidden()
})

test('the title tells how many run and how far they are', async ({ page, relay, lab }) => {
  await page.goto(relay.url)
  await expect(page).toHaveTitle(/^((?!running).)*Weir$/)
  await lab.start('run-1', 'PausableTask', { steps: 200, delay: 0.05 })
  await expect(page).toHaveTitle(/^1 running · \d+ %/)
  const percent = async () => Number(/(\d+) %/.exec(await page.title())?.[1] ?? -1)
  const before = await percent()
  await expect.poll(percent).toBeGreaterThan(before)
  await expect(page).toHaveTitle(/^((?!running).)*Weir$/, { timeout: 30_000 })
})

test('a watched task tells when it ends', async ({ page, relay, lab }) => {
  await lab.start('watched', 'PausableTask', { steps: 600, delay: 0.1 })
  const task = await openTask(page, relay, 'watched')
  await task.getByRole('button', { name: /watch|tell me/i }).click()
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Devices' }).click()
  await lab.ask('/tasks/watched/cancel', {})
  await expect(page.getByText(/watched cancelled/)).toBeVisible({ timeout: 15_000 })
})

test('presets and the parameters used last are remembered by type', async ({ page, relay }) => {
  await page.goto(relay.url)
  const dialog = await fillNewTask(page, { type: 'PausableTask', params: { steps: 50, delay: 0.02 } })
  await dialog.getByRole('button', { name: 'Save as preset' }).click()
  await dialog.getByRole('textbox', { name: 'Preset name' }).fill('quick')
  await dialog.getByRole('button', { name: 'Save', exact: true }).click()
  await dialog.getByRole('button', { name: 'Start', exact: true }).click()
  await expectStatus(taskOf(page, 'pausable-1'), 'running')
  await page.reload()
  const again = await fillNewTask(page, { type: 'PausableTask' })
  await expect(again.getByRole('textbox', { name: 'Parameters' })).toHaveValue('{"steps":50,"delay":0.02}')
  await expect(again.getByRole('textbox', { name: 'Task ID' })).toHaveValue('pausable-2')
  await again.getByRole('textbox', { name: 'Parameters' }).fill('{}')
  await again.getByRole('combobox', { name: 'Preset' }).selectOption({ label: 'quick' })
  await expect(again.getByRole('textbox', { name: 'Parameters' })).toHaveValue('{"steps":50,"delay":0.02}')
})

test.describe('on a phone', () => {
  test.use({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true })

  test('no screen scrolls sideways', async ({ page, relay, lab }) => {
    await startSome(lab, relay)
    await lab.start(`long-${'name-'.repeat(12)}1`, 'PausableTask', {
      steps: 600,
      delay: 0.1,
      label: 'x'.repeat(300),
    })
    await page.goto(relay.url)
    await expectStatus(taskOf(page, 'gamma-fail'), 'failed')
    for (const path of [
      '/',
      '/?view=table',
      '/?q=nothing',
      '/tasks/lab/alpha-run?tab=log',
      '/tasks/lab/alpha-run?tab=timeline',
      '/tasks/lab/alpha-run?tab=plots',
      '/tasks/lab/alpha-run?tab=parameters',
      '/tasks/lab/gamma-fail?tab=output',
      '/tasks/lab/delta-done?tab=output',
      '/devices',
      '/wall?panels=log:lab/alpha-run:6x8,progress:lab/beta-run:3x4,output:lab/delta-done:6x8',
      '/sources',
    ]) {
      await page.goto(relay.at(path))
      await expect(page.getByRole('main').getByRole('heading').first()).toBeAttached()
      await expect(page.getByRole('status', { name: 'Connection' })).toHaveAttribute(
        'data-relay-state',
        'open',
      )
      await expectNoSidewaysScroll(page, path)
    }
    await page.goto(relay.url)
    await page.getByRole('button', { name: 'New task' }).click()
    await expect(page.getByRole('dialog', { name: 'New task' })).toBeVisible()
    await expectNoSidewaysScroll(page, 'New task')
  })
})

test('every screen asks this one origin only', async ({ page, relay, lab }) => {
  await startSome(lab, relay)
  const origins = new Set<string>()
  page.on('request', (request) => {
    if (/^https?:/.test(request.url())) origins.add(new URL(request.url()).origin)
  })
  for (const path of [
    '/',
    '/tasks/lab/alpha-run',
    '/devices',
    '/wall?panels=log:lab/alpha-run:6x8',
    '/sources',
  ]) {
    await page.goto(relay.at(path))
    await expect(page.getByRole('status', { name: 'Connection' })).toHaveAttribute('data-relay-state', 'open')
  }
  expect([...origins]).toEqual([new URL(relay.url).origin])
})
