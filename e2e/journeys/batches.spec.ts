import { expect, test } from '../fixtures.ts'
import { fillNewTask } from '../helpers/screens.ts'

test('tasks of a lab are started from pasted rows, one after the other', async ({ page, relay }) => {
  await page.goto(relay.url)
  const dialog = await fillNewTask(page, {
    type: 'LongRunningTask',
    id: 'rows',
    params: { delay: 0.05, total_steps: 10 },
  })
  await dialog.getByRole('radio', { name: 'Rows' }).click()
  await expect(dialog.getByLabel('Copies')).toBeDisabled()
  const rows = dialog.getByRole('textbox', { name: 'Rows, CSV or JSON lines' })
  // What cannot be read is said, and nothing is sent.
  await rows.fill('{"total_steps": 4}\n{"total_steps": }')
  await dialog.getByRole('button', { name: 'Start', exact: true }).click()
  await expect(dialog.getByRole('region', { name: 'Preview of the inputs' })).toContainText('Line 2')
  expect(await relay.tasks()).toEqual([])
  await rows.fill('total_steps,note\n4,first\n5,"second, with a comma"\n6,third')
  await expect(dialog.getByRole('region', { name: 'Batch' }).getByRole('status')).toHaveText('3 runs')
  await dialog.getByRole('button', { name: 'Start', exact: true }).click()

  await expect(page).toHaveURL(/\/batches\//)
  await expect(page.getByRole('heading', { name: 'LongRunningTask, 3 rows' })).toBeVisible()
  await expect(page.getByRole('status', { name: 'Counts' })).toContainText('3 completed', { timeout: 40_000 })
  await expect(page.getByRole('article')).toHaveCount(3)
  const tasks = await Promise.all(['rows-1', 'rows-2', 'rows-3'].map((id) => relay.task(id)))
  expect(tasks.map(({ detail }) => detail.params)).toEqual([
    { delay: 0.05, total_steps: 4, note: 'first', enable_streaming: true },
    { delay: 0.05, total_steps: 5, note: 'second, with a comma', enable_streaming: true },
    { delay: 0.05, total_steps: 6, note: 'third', enable_streaming: true },
  ])
  // One at a time: each began when the one before had ended.
  expect(tasks[1]!.startedAt!).toBeGreaterThanOrEqual(tasks[0]!.endedAt!)
  expect(tasks[2]!.startedAt!).toBeGreaterThanOrEqual(tasks[1]!.endedAt!)
  // The table names the batch of each.
  await page.goto(relay.at('/?view=table'))
  await page.setViewportSize({ width: 1440, height: 800 })
  await page
    .getByRole('row', { name: 'rows-2' })
    .getByRole('link', { name: 'Batch: LongRunningTask, 3 rows' })
    .click()
  await expect(page).toHaveURL(/\/batches\//)
})
