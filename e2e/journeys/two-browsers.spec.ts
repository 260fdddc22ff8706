import type { Page } from '@playwright/test'
import { expect, test } from '../fixtures.ts'
import { commandsOf, expectStatus, logLines, logOf, openTask, progressOf } from '../helpers/screens.ts'
import type { RelayProcess } from '../helpers/relay-process.ts'

/** Everything a person reads on a task's page, but how long ago it was and who is looking. */
async function factsOf(page: Page, relay: RelayProcess, id: string) {
  const task = await openTask(page, relay, id, 'log')
  const log = logOf(page)
  await expect.poll(async () => (await logLines(log)).length).toBeGreaterThan(3)
  const lines = await logLines(log)
  const commands = await commandsOf(page).allInnerTexts()
  const gaps = await page.getByRole('list', { name: 'Gaps' }).getByRole('listitem').allInnerTexts()
  await page.getByRole('tab', { name: 'Timeline' }).click()
  const rows = page.getByRole('tabpanel').getByRole('row')
  await expect(rows.first()).toBeVisible()
  const phases = await rows.evaluateAll((all) =>
    all.map((row) => [...row.children].map((cell) => cell.textContent)),
  )
  return {
    status: await task.getAttribute('data-task-status'),
    progress: await progressOf(task),
    lines,
    gaps,
    commands: commands.map((text) => text.replace(/by (you|another browser)/, '').trim()),
    // The running phase grows while one reads: its length is left out.
    phases: phases.map(([status, since, , known]) => [status, since, known]),
  }
}

test('a browser opened later, with the first one closed, reads the same of a task', async ({
  page,
  relay,
  lab,
  another,
}) => {
  await lab.start('shared-1', 'PausableTask', { steps: 400, delay: 0.1 })
  const task = await openTask(page, relay, 'shared-1')
  await expect.poll(() => progressOf(task)).toBeGreaterThan(1)
  lab.cut('mid-line')
  await expect(page.getByRole('list', { name: 'Gaps' })).toContainText('cut inside a message')
  await expect.poll(async () => (await relay.task('shared-1')).stream.name).toBe('open')
  const before = await progressOf(task)
  await expect.poll(() => progressOf(task)).toBeGreaterThan(before)

  await task.getByRole('button', { name: 'Pause' }).click()
  await expectStatus(task, 'paused')
  await expect(commandsOf(page).filter({ hasText: /pause/i })).toContainText('effective')
  const first = await factsOf(page, relay, 'shared-1')
  expect(first.status).toBe('paused')
  expect(first.progress).toBeGreaterThan(0)
  expect(first.gaps.length).toBeGreaterThan(0)
  expect(first.commands).toHaveLength(1)
  await page.context().close()

  const later = await another()
  expect(await factsOf(later, relay, 'shared-1')).toEqual(first)
})

test('two browsers show one task at the same time, and what one asks the other sees', async ({
  page,
  relay,
  lab,
  another,
}) => {
  await lab.start('shared-2', 'PausableTask', { steps: 400, delay: 0.1 })
  const mine = await openTask(page, relay, 'shared-2')
  const other = await another()
  const theirs = await openTask(other, relay, 'shared-2')
  await mine.getByRole('button', { name: 'Pause' }).click()
  await expectStatus(theirs, 'paused')
  await expect(commandsOf(other)).toContainText(['by another browser'])
  await expect(commandsOf(page)).toContainText(['by you'])
  await expect.poll(async () => (await progressOf(theirs)) === (await progressOf(mine))).toBe(true)
  expect(lab.lab.openStreams()).toHaveLength(1)
})
