import { expect, test } from '../fixtures.ts'
import { answered } from '../helpers/console-watch.ts'
import {
  commandsOf,
  expectProgress,
  expectStatus,
  fillNewTask,
  logLines,
  logOf,
  progressOf,
  taskOf,
} from '../helpers/screens.ts'

test('a task started from the page advances, obeys, and each command tells what it did', async ({
  page,
  relay,
}) => {
  await page.goto(relay.url)
  const dialog = await fillNewTask(page, { type: 'PausableTask', params: { steps: 400, delay: 0.05 } })
  await expect(dialog.getByRole('combobox', { name: 'Source' })).toHaveValue('lab')
  await expect(dialog.getByRole('checkbox', { name: 'Stream progress' })).toBeChecked()
  await expect(dialog.getByRole('textbox', { name: 'Task ID' })).toHaveValue('pausable-1')
  await dialog.getByRole('button', { name: 'Start', exact: true }).click()
  await expect(dialog).toBeHidden()

  const task = taskOf(page, 'pausable-1')
  await expectStatus(task, 'running')
  await expectProgress(task)
  await expect(task.getByRole('progressbar')).toHaveAttribute('aria-valuetext', /\d+ of 400 steps/)

  await task.getByRole('link', { name: 'pausable-1' }).click()
  await expect(page).toHaveURL(/\/tasks\/lab\/pausable-1/)
  await page.getByRole('tab', { name: 'Log' }).click()
  await expect.poll(() => logLines(logOf(page))).toContainEqual(expect.stringMatching(/first: step \d+/))
  await page.getByRole('tab', { name: 'Timeline' }).click()
  await expect(page.getByRole('tabpanel').getByRole('row', { name: /Running/ })).toBeVisible()

  await task.getByRole('button', { name: 'Pause' }).click()
  await expectStatus(task, 'paused')
  await expect(task).toContainText(/paused\W*requested \d\d:\d\d/i)
  const pause = commandsOf(page).filter({ hasText: /pause/i })
  await expect(pause).toContainText('sent')
  await expect(pause).toContainText('accepted')
  await expect(pause).toContainText('effective')
  const paused = await progressOf(task)

  await task.getByRole('button', { name: 'Resume' }).click()
  await expectStatus(task, 'running')
  await expect.poll(() => progressOf(task)).toBeGreaterThan(paused)
  await expect(commandsOf(page).filter({ hasText: /resume/i })).toContainText('effective')

  await page.getByRole('tab', { name: 'Parameters' }).click()
  const parameters = page.getByRole('group', { name: 'Parameters' })
  await parameters.getByRole('textbox', { name: 'Name' }).fill('delay')
  await parameters.getByRole('textbox', { name: 'Value' }).fill('0.2')
  await parameters.getByRole('button', { name: 'Set', exact: true }).click()
  await expect(commandsOf(page).filter({ hasText: 'set delay = 0.2' })).toContainText('effective')

  await task.getByRole('button', { name: 'Cancel' }).click()
  await expectStatus(task, 'cancelled')
  await expect(commandsOf(page).filter({ hasText: /cancel/i })).toContainText('effective')
  await expect(commandsOf(page).filter({ hasText: 'start PausableTask' })).toContainText('effective')
  await expect(commandsOf(page)).toHaveCount(5)
  await expect(task.getByRole('button', { name: /^(Pause|Resume|Cancel)$/ })).toHaveCount(0)
})

test('a value that the task refuses is shown in its own words', async ({ page, relay, lab, console }) => {
  console.allow(answered(502))
  await lab.start('run-1', 'PausableTask', { steps: 600, delay: 0.1 })
  await page.goto(relay.at('/tasks/lab/run-1?tab=parameters'))
  const parameters = page.getByRole('group', { name: 'Parameters' })
  await parameters.getByRole('textbox', { name: 'Name' }).fill('delay')
  await parameters.getByRole('textbox', { name: 'Value' }).fill('99')
  await parameters.getByRole('button', { name: 'Set', exact: true }).click()
  await expect(parameters.getByRole('alert')).toContainText('TaskParameterError')
  await expect(parameters.getByRole('alert')).toContainText('delay must be more than 0 and at most 10 s')
  await expect(commandsOf(page).filter({ hasText: 'set delay = 99' })).toContainText('refused')
})

test.describe('copies', () => {
  test.use({ viewport: { width: 1440, height: 1000 } })

  test('twelve started at once all advance, keep their streams, and are cancelled together', async ({
    page,
    relay,
  }) => {
    await page.goto(relay.url)
    const dialog = await fillNewTask(page, {
      type: 'LongRunningTask',
      id: 'many',
      params: { steps: 1_000, delay: 0.1 },
      copies: 12,
    })
    await dialog.getByRole('button', { name: 'Start', exact: true }).click()
    await expect(dialog).toBeHidden()
    const ids = Array.from({ length: 12 }, (_, index) => `many-${index + 1}`)
    for (const id of ids) await expectStatus(taskOf(page, id), 'running')
    await Promise.all(ids.map((id) => expectProgress(taskOf(page, id))))

    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Sources' }).click()
    const streams = page.getByRole('region', { name: 'Streams of lab' })
    await expect(streams.locator('[data-stream-state="open"]')).toHaveCount(12)
    for (const task of await relay.tasks()) {
      expect(task.stream.name, task.id).toBe('open')
      expect(task.stepsMissed, task.id).toBe(0)
    }

    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Tasks' }).click()
    for (const id of ids) await page.getByRole('checkbox', { name: `Select ${id}`, exact: true }).check()
    const toolbar = page.getByRole('toolbar', { name: 'Selection' })
    await expect(toolbar).toContainText('12 selected')
    await toolbar.getByRole('button', { name: 'Cancel selected' }).click()
    for (const id of ids) await expectStatus(taskOf(page, id), 'cancelled', { timeout: 20_000 })
    await expect(toolbar).toBeHidden()
  })
})
