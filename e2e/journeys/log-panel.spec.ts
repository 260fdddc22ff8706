import { readFileSync } from 'node:fs'
import type { Page } from '@playwright/test'
import { expect, test } from '../fixtures.ts'
import type { LabServer } from '../helpers/lab-server.ts'
import type { RelayProcess } from '../helpers/relay-process.ts'
import { expectStatus, logLines, logOf, openTask, taskOf } from '../helpers/screens.ts'

/** Opens the log of a task that has said 200 lines and no more. */
async function openEnded(page: Page, relay: RelayProcess, lab: LabServer): Promise<void> {
  await lab.start('talker', 'PausableTask', { steps: 200, delay: 0.02, start_delay: 4 })
  await openTask(page, relay, 'talker')
  await expectStatus(taskOf(page, 'talker'), 'completed', { timeout: 30_000 })
  await expect.poll(() => logLines(logOf(page))).toContainEqual(expect.stringContaining('first: step 199'))
}

test('the log follows its end, stops when one scrolls up, counts what comes, and End follows again', async ({
  page,
  relay,
  lab,
}) => {
  await lab.start('talker', 'PausableTask', { steps: 20_000, delay: 0.03 })
  await openTask(page, relay, 'talker')
  const log = logOf(page)
  const follow = page.getByRole('switch', { name: 'Follow' })
  const last = async () => Number(/step (\d+)/.exec((await logLines(log)).at(-1) ?? '')?.[1] ?? -1)
  await expect(follow).toBeChecked()
  await expect.poll(last).toBeGreaterThan(60)

  await log.hover()
  await page.mouse.wheel(0, -600)
  await expect(follow).not.toBeChecked()
  const held = await logLines(log)
  const jump = page.getByRole('button', { name: /new lines?/ })
  const count = async () => Number(/[\d,]+/.exec(await jump.innerText())?.[0]?.replace(',', '') ?? 0)
  await expect(jump).toBeVisible()
  const before = await count()
  await expect.poll(count).toBeGreaterThan(before + 20)
  expect(await logLines(log)).toEqual(held)

  await log.press('End')
  await expect(follow).toBeChecked()
  await expect(jump).toBeHidden()
  const end = await last()
  await expect.poll(last).toBeGreaterThan(end)

  await follow.click()
  await expect(follow).not.toBeChecked()
  await expect(jump).toBeVisible()
  await jump.click()
  await expect(follow).toBeChecked()
})

test('search goes to the next and the previous hit, and shows matching lines alone', async ({
  page,
  relay,
  lab,
}) => {
  await openEnded(page, relay, lab)
  const search = page.getByRole('searchbox', { name: 'Search log' })
  const found = search.locator('..').getByRole('status')
  await search.fill('step 5')
  // 5 and 50 to 59.
  await expect(found).toHaveText(/11/)
  await search.press('Enter')
  const place = async () => Number(/(\d+) of 11/.exec(await found.innerText())?.[1] ?? 0)
  await expect.poll(place).toBeGreaterThan(0)
  const first = await place()
  await page.getByRole('button', { name: 'Next hit' }).click()
  await expect.poll(place).toBe((first % 11) + 1)
  await page.getByRole('button', { name: 'Previous hit' }).click()
  await expect.poll(place).toBe(first)
  await expect(logOf(page).locator('mark').first()).toBeVisible()

  await page.getByRole('button', { name: 'Only matching lines' }).click()
  await expect.poll(async () => (await logLines(logOf(page))).length).toBe(11)
  for (const line of await logLines(logOf(page))) expect(line).toContain('step 5')
  await page.getByRole('button', { name: 'Regular expression' }).click()
  await search.fill('step 5[23]$')
  await expect.poll(async () => (await logLines(logOf(page))).length).toBe(2)
  await search.fill('step [')
  await expect(search).toHaveAttribute('aria-invalid', 'true')
  await page.getByRole('button', { name: 'Clear search' }).click()
  await expect.poll(async () => (await logLines(logOf(page))).length).toBeGreaterThan(11)
})

test('copy takes all lines or the chosen ones; download is the whole log', async ({ page, relay, lab }) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await openEnded(page, relay, lab)
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText())
  await page.getByRole('button', { name: 'Copy', exact: true }).click()
  await expect.poll(async () => (await clipboard()).match(/first: step \d+/g)?.length).toBe(200)

  const log = logOf(page)
  // A press on a line's time takes the line.
  const line = (step: number) => log.locator('.log-row').filter({ hasText: `first: step ${step}` })
  await line(198).click({ position: { x: 20, y: 9 } })
  await line(199).click({ position: { x: 20, y: 9 }, modifiers: ['Shift'] })
  await page.getByRole('button', { name: 'Copy', exact: true }).click()
  await expect
    .poll(async () => (await clipboard()).match(/first: step \d+/g))
    .toEqual(['first: step 198', 'first: step 199'])

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download' }).click(),
  ])
  expect(download.suggestedFilename()).toMatch(/talker.*\.(log|txt)$/)
  const text = readFileSync(await download.path(), 'utf8')
  expect(text.match(/first: step \d+/g)).toHaveLength(200)
  expect(text).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/)
})

test('carriage returns fold a progress bar to one line, colours are shown without their codes', async ({
  page,
  relay,
  lab,
}) => {
  await lab.start('import', 'FileImportTask', { steps: 60, delay: 0.05, start_delay: 4 })
  await openTask(page, relay, 'import')
  await expect.poll(async () => (await logLines(logOf(page))).length, { timeout: 15_000 }).toBeGreaterThan(5)
  await expectStatus(taskOf(page, 'import'), 'completed', { timeout: 15_000 })
  const lines = (await logLines(logOf(page))).join('\n')
  // oxlint-disable-next-line no-control-regex
  expect(lines).not.toMatch(/[\u001b\r]/)
  expect(lines).not.toMatch(/\[\d+(;\d+)*m/)
})

test('on paper the whole log stands, dark on white, without controls', async ({ page, relay, lab }) => {
  await page.emulateMedia({ colorScheme: 'dark' })
  await openEnded(page, relay, lab)
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await page.emulateMedia({ media: 'print' })
  const paper = page.getByRole('main')
  for (const step of [60, 120, 180, 199]) await expect(paper).toContainText(`first: step ${step}`)
  await expect(page.getByRole('main').getByRole('button')).toHaveCount(0)
  await expect(page.getByRole('navigation')).toHaveCount(0)
  const { tall, background } = await page.evaluate(() => ({
    tall: document.documentElement.scrollHeight,
    background: getComputedStyle(document.body).backgroundColor,
  }))
  // Not one screen of it: lines of 13 px, but for what was said before the stream was there.
  expect(tall).toBeGreaterThan(140 * 13)
  expect(background).toBe('rgb(245, 246, 248)')
  await page.emulateMedia({ media: 'screen' })
  await expect(page.getByRole('log')).toBeVisible()
})
