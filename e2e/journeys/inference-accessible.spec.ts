import { expect, run, test } from '../cloud-fixtures.ts'
import { expectAccessible } from '../helpers/accessible.ts'
import { answered } from '../helpers/console-watch.ts'

/** Nothing that axe finds in the screens of runs, in both themes. */

test('accessible in both themes: a run, its outputs, its limits', async ({ page, weir, console }) => {
  console.allow(answered(404))
  const runs = await run(weir, 'weirdemo/sleeper', { seconds: 3_600 }, { cancel_after: 900 })
  const ended = await run(weir, 'weirdemo/trickster', {})
  await page.goto(weir.at(`/tasks/cloud/${runs}`))
  await expect(page.getByText('Weir cancels it at')).toBeVisible()
  await page.getByRole('button', { name: 'Stop following' }).click()
  await expect(page.getByText('Weir follows it until')).toBeVisible()
  await expectAccessible(page, 'a run with limits')
  await page.goto(weir.at(`/tasks/cloud/${ended}?tab=output`))
  await expect(page.getByRole('article', { name: ended })).toHaveAttribute('data-task-status', 'completed', {
    timeout: 30_000,
  })
  await expect(page.getByText('The file is not there (404).')).toBeVisible()
  await expectAccessible(page, 'outputs')
})

test('accessible in both themes: the form of a run, a batch, its export', async ({ page, weir, console }) => {
  console.allow(answered(412))
  await page.goto(weir.url)
  await page.getByRole('button', { name: 'New task' }).click()
  const dialog = page.getByRole('dialog', { name: 'New task' })
  await dialog.getByRole('combobox', { name: 'App' }).fill('weirdemo/vault')
  await dialog.getByText('Options', { exact: true }).click()
  await dialog.getByRole('button', { name: 'Start', exact: true }).click()
  await expect(dialog.getByRole('alert')).toBeVisible()
  await expectAccessible(page, 'New task')
  const { batch } = await weir.api<{ batch: { id: string } }>('/batches/cloud', {
    type: 'weirdemo/landscape',
    name: 'three',
    inputs: [{ prompt: 'one' }, { prompt: 'two' }, { prompt: 'three', steps: 900 }],
    concurrency: 1,
  })
  await page.goto(weir.at(`/batches/${batch.id}`))
  await expect(page.getByRole('status', { name: 'Counts' })).toContainText('2 completed', { timeout: 30_000 })
  await page.getByRole('button', { name: 'Export' }).click()
  await expect(page.getByText('as it is now')).toBeVisible()
  await expectAccessible(page, 'a batch and its export')
  await page.goto(weir.at('/sources'))
  await page.getByText('Reconnecting', { exact: true }).click()
  await expect(page.getByLabel('Follow each at most, minutes')).toBeVisible()
  await expectAccessible(page, 'Sources')
})
