import { expect, KEY, run, test } from '../cloud-fixtures.ts'
import { answered } from '../helpers/console-watch.ts'
import { commandsOf, logLines, logOf } from '../helpers/screens.ts'

test('an app is run from its form, followed through its states, and shows its picture', async ({
  page,
  weir,
}) => {
  await page.goto(weir.url)
  await page.getByRole('button', { name: 'New task' }).click()
  const dialog = page.getByRole('dialog', { name: 'New task' })
  await dialog.getByRole('combobox', { name: 'App' }).fill('weirdemo/landscape')
  await dialog.getByRole('textbox', { name: 'Prompt', exact: true }).fill('a weir at dawn')
  await dialog.getByRole('button', { name: 'Start', exact: true }).click()
  await expect(dialog).toBeHidden()
  const card = page.getByRole('article')
  await expect(card).toHaveCount(1)
  await expect(card).toHaveAttribute('data-task-status', 'completed', { timeout: 40_000 })
  const id = (await card.getByRole('link').first().textContent())!
  await page.goto(weir.at(`/tasks/cloud/${id}?tab=output`))
  const picture = page.getByRole('tabpanel').getByRole('img').first()
  await expect.poll(() => picture.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(10)
  await page.getByRole('tab', { name: 'Log' }).click()
  await expect
    .poll(() => logLines(logOf(page)))
    .toContainEqual(expect.stringContaining('prompt: a weir at dawn'))
  await page.getByRole('tab', { name: 'Timeline' }).click()
  for (const name of [/Queued/, /Setting up/, /Running/])
    await expect(page.getByRole('tabpanel').getByRole('row', { name }).first()).toBeVisible()
})

test('a run is cancelled, and its logs are found', async ({ page, weir }) => {
  const id = await run(weir, 'weirdemo/sleeper', { seconds: 3_600 })
  await page.goto(weir.at(`/tasks/cloud/${id}?tab=log`))
  const task = page.getByRole('article', { name: id })
  await expect(task).toHaveAttribute('data-task-status', 'running', { timeout: 30_000 })
  await expect(task.getByRole('button', { name: 'Pause' })).toHaveCount(0)
  await task.getByRole('button', { name: 'Cancel', exact: true }).click()
  await expect(task).toHaveAttribute('data-task-status', 'cancelled', { timeout: 20_000 })
  await expect(commandsOf(page).filter({ hasText: /cancel/i })).toContainText('effective')
  expect((await logLines(logOf(page))).length).toBeGreaterThan(0)
})

test('a stream that breaks goes on where the task is, and the key never reaches the page', async ({
  page,
  weir,
  cloud,
}) => {
  const seen: string[] = []
  page.on('response', (response) => {
    seen.push(JSON.stringify(response.headers()))
    if (response.headers()['content-type']?.includes('json'))
      void response.text().then(
        (text) => seen.push(text),
        () => undefined,
      )
  })
  const id = await run(weir, 'weirdemo/trainer', { dataset: 'gauges', epochs: 4, steps: 40 })
  await page.goto(weir.at(`/tasks/cloud/${id}?tab=log`))
  const task = page.getByRole('article', { name: id })
  await expect(task).toHaveAttribute('data-task-status', 'running', { timeout: 30_000 })
  cloud.cloud.cutStreams('mid-line')
  await expect(task).toHaveAttribute('data-task-status', 'completed', { timeout: 50_000 })
  await expect.poll(() => logLines(logOf(page))).toContainEqual(expect.stringMatching(/epoch 4/))
  expect(seen.length).toBeGreaterThan(3)
  expect(seen.join('')).not.toContain(KEY)
})

test('a batch shows its runs together, and cancels them all', async ({ page, weir }) => {
  const response = await fetch(weir.at('/api/batches/cloud'), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      type: 'weirdemo/sleeper',
      name: 'sleepers',
      inputs: Array.from({ length: 6 }, (_, i) => ({ seconds: 600 + i })),
      concurrency: 3,
    }),
  })
  const { batch } = (await response.json()) as { batch: { id: string } }
  await page.goto(weir.at(`/batches/${batch.id}`))
  await expect(page.getByRole('article')).toHaveCount(3)
  await expect(page.getByRole('status', { name: 'Counts' })).toContainText('3')
  await page.getByRole('button', { name: 'Cancel all' }).click()
  for (const card of await page.getByRole('article').all())
    await expect(card).toHaveAttribute('data-task-status', 'cancelled', { timeout: 30_000 })
})

test('a revoked key is said in words, with what to do', async ({ page, weir, cloud, console }) => {
  console.allow(answered(401))
  await page.goto(weir.at('/sources'))
  await expect(page.getByText('Answering', { exact: true })).toBeVisible()
  cloud.cloud.revokeKey(KEY)
  await expect(page.getByText(/INFERENCE_API_KEY/).first()).toBeVisible({ timeout: 45_000 })
})
