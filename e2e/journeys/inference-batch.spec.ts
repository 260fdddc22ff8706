import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { expect, test } from '../cloud-fixtures.ts'
import { answered } from '../helpers/console-watch.ts'

async function saved(page: Page, name: RegExp): Promise<{ name: string; text: string }> {
  await page.getByRole('button', { name: 'Export' }).click()
  const dialog = page.getByRole('dialog', { name: 'Export batch' })
  const control = dialog.getByRole('button', { name }).or(dialog.getByRole('link', { name }))
  const [download] = await Promise.all([page.waitForEvent('download'), control.click()])
  const text = await readFile(await download.path(), 'utf8')
  if (await dialog.isVisible()) await dialog.getByRole('button', { name: 'Close' }).last().click()
  return { name: download.suggestedFilename(), text }
}

test('twelve runs from one form, in parallel to the end, then exported with their logs', async ({
  page,
  weir,
}) => {
  await page.goto(weir.url)
  await page.getByRole('button', { name: 'New task' }).click()
  const dialog = page.getByRole('dialog', { name: 'New task' })
  await dialog.getByRole('combobox', { name: 'App' }).fill('weirdemo/landscape')
  await dialog.getByRole('textbox', { name: 'Prompt', exact: true }).fill('a weir in fog')
  await dialog.getByLabel('Steps', { exact: true }).fill('8')
  await dialog.getByRole('radio', { name: 'Seeds' }).click()
  await dialog.getByRole('textbox', { name: 'From' }).fill('1')
  await dialog.getByRole('textbox', { name: 'To' }).fill('12')
  await dialog.getByLabel('At once').fill('12')
  await expect(dialog.getByRole('region', { name: 'Batch' }).getByRole('status')).toHaveText('12 runs')
  await dialog.getByRole('button', { name: 'Start', exact: true }).click()

  await expect(page).toHaveURL(/\/batches\//)
  const cards = page.getByRole('article')
  await expect(cards).toHaveCount(12)
  // All are under way together: the service takes four at a time, the others queue there.
  await expect
    .poll(async () => (await weir.tasks()).filter(({ status }) => status === 'queued').length)
    .toBeGreaterThan(3)
  const counts = page.getByRole('status', { name: 'Counts' })
  await expect(counts).toContainText('12 completed', { timeout: 50_000 })
  for (const card of await cards.all()) await expect(card).toHaveAttribute('data-task-status', 'completed')
  await expect(cards.nth(11)).toContainText('seed 12')

  const json = await saved(page, /Save JSON/)
  const { runs } = JSON.parse(json.text) as {
    runs: { status: string; input: { seed: number }; output: { image: string } }[]
  }
  expect(runs.map(({ input }) => input.seed)).toEqual(Array.from({ length: 12 }, (_, i) => i + 1))
  expect(new Set(runs.map(({ output }) => output.image)).size).toBe(12)

  const logs = await saved(page, /Save logs and outputs/)
  expect(logs.text.match(/^==== run \d+ of 12 · \S+ · completed/gm)).toHaveLength(12)
  expect(logs.text.match(/prompt: a weir in fog/g)).toHaveLength(12)
  expect(logs.text.match(/^---- output ----\n\{"image":/gm)).toHaveLength(12)

  // From a task back to its batch.
  await cards.first().getByRole('link').click()
  await page.getByRole('link', { name: /seed 1 to 12/ }).click()
  await expect(counts).toContainText('12 completed')
})

test('what failed is run again with all it was asked for', async ({ page, weir }) => {
  const { batch } = await weir.api<{ batch: { id: string } }>('/batches/cloud', {
    type: 'weirdemo/breaks',
    name: 'breaking',
    inputs: [{ mode: 'midway' }, { mode: 'midway' }],
    options: { infra: 'private', cancel_after: 600 },
  })
  await page.goto(weir.at(`/batches/${batch.id}`))
  await expect(page.getByRole('status', { name: 'Counts' })).toContainText('2 failed', { timeout: 40_000 })
  await page.getByRole('button', { name: 'Rerun failed' }).click()
  await expect(page.getByRole('heading', { name: 'breaking, again' })).toBeVisible()
  await expect(page.getByRole('article')).toHaveCount(2)
  const id = (await page.getByRole('article').first().getByRole('link').textContent())!
  const { meta } = (await weir.task(id, 'cloud')).detail
  expect(meta).toMatchObject({ asked: { infra: 'private', cancel_after: 600 } })
  expect(meta['cancelAt']).toEqual(expect.any(Number))
})

test('run again opens the form as the run was asked for', async ({ page, weir, console }) => {
  console.allow(answered(412))
  await page.goto(weir.url)
  const { started } = await weir.api<{ started: { id: string }[] }>('/tasks/cloud', {
    type: 'weirdemo/landscape',
    params: { prompt: 'a weir', seed: 7 },
    options: { infra: 'private', session: 'new', session_timeout: 120, cancel_after: 900 },
  })
  const id = started[0]!.id
  await page.goto(weir.at(`/tasks/cloud/${id}`))
  await page.getByRole('button', { name: 'Run again' }).click({ timeout: 40_000 })
  const dialog = page.getByRole('dialog', { name: 'New task' })
  await expect(dialog.getByRole('textbox', { name: 'Prompt', exact: true })).toHaveValue('a weir')
  await dialog.getByText('Options', { exact: true }).click()
  await expect(dialog.getByLabel('Infrastructure')).toHaveValue('private')
  await expect(dialog.getByLabel('Session', { exact: true })).toHaveValue('new')
  await expect(dialog.getByLabel('Session timeout, seconds')).toHaveValue('120')
  await expect(dialog.getByLabel('Cancel after, minutes')).toHaveValue('15')
  await dialog.getByRole('button', { name: 'Start', exact: true }).click()
  await expect(dialog).toBeHidden()
  const again = (await weir.tasks()).find((task) => task.id !== id)!
  expect((await weir.task(again.id, 'cloud')).detail.meta['asked']).toEqual({
    app: 'weirdemo/landscape',
    infra: 'private',
    session: 'new',
    session_timeout: 120,
    cancel_after: 900,
  })

  // What an app needs first is a list with what to do.
  await page.getByRole('button', { name: 'New task' }).click()
  await dialog.getByRole('combobox', { name: 'App' }).fill('weirdemo/vault')
  await dialog.getByRole('button', { name: 'Start', exact: true }).click()
  const needs = dialog.getByRole('alert').getByRole('listitem')
  await expect(needs).toHaveCount(3)
  await expect(needs.first()).toHaveText(/Secret VAULT_TOKEN is not set\. Add the secret VAULT_TOKEN/)
  await expect(needs.last()).toContainText('Asked for: See files in Drive')
})
