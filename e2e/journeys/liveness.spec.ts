import { expect, test } from '../cloud-fixtures.ts'
import { KEY, run } from '../cloud-fixtures.ts'
import { RELAY_AWAY } from '../helpers/console-watch.ts'
import { expectProgress, expectStatus, openTask, taskOf } from '../helpers/screens.ts'

/*
 * Nothing goes on looking alive: what a page shows of a run while the relay, or a source, stands still. How soon is
 * tested with clocks that are moved by hand.
 */

test('a relay that stands still: clock, rate, time left, title and count stop, and go on with it', async ({
  page,
  relay,
  lab,
  another,
}) => {
  await lab.start('run-1', 'PausableTask', { steps: 6_000, delay: 0.05 })
  const other = await another()
  const task = await openTask(page, relay, 'run-1')
  await expectProgress(task)
  const stream = task.locator('[data-stream-state]').first()
  await expect(stream).toHaveText(/^Open receiving/)
  await other.goto(relay.url)
  const card = taskOf(other, 'run-1')
  await expect(card).toContainText(/\/s/)
  await expect(other).toHaveTitle(/^1 running · /)
  const running = other.getByRole('group', { name: 'Status' }).getByRole('button', { name: /^Running/ })

  relay.signal('SIGSTOP')
  await expect(page.getByRole('status', { name: 'Connection' })).toContainText('No word from Weir since')
  await expect(task).toHaveAttribute('data-stalled')
  await expect(stream).toHaveText(/^Last seen open/)
  await expect(task.getByRole('region', { name: 'Progress' })).toContainText(/Last seen running .* ago/)
  await expect(card).toHaveAttribute('data-stalled')
  await expect(card).toContainText(/last seen running/)
  await expect(card).not.toContainText(/\/s|ends/)
  await expect(other).toHaveTitle('no word · Weir')
  await expect(running).toHaveText(/1\?$/)

  relay.signal('SIGCONT')
  await expect(task).not.toHaveAttribute('data-stalled')
  await expectProgress(task)
  await expect(stream).toHaveText(/^Open receiving/)
  await expect(other).toHaveTitle(/^1 running · /)
})

test('a relay that was killed: nothing counts on', async ({ page, relay, lab, console }) => {
  // The page may be fetching what it has not shown yet.
  console.allow(RELAY_AWAY)
  await lab.start('run-1', 'PausableTask', { steps: 6_000, delay: 0.05 })
  await page.goto(relay.url)
  const card = taskOf(page, 'run-1')
  await expectProgress(card)
  await relay.stop('SIGKILL')
  await expect(card).toHaveAttribute('data-stalled')
  await expect(card).toContainText(/last seen running/)
  await expect(page).toHaveTitle('no word · Weir')
  await relay.start()
  await expectProgress(card)
  await expect(card).not.toHaveAttribute('data-stalled')
  // The killed relay could not take its leave.
  lab.pardon()
})

test('an inference.sh that stands still is said to, by its runs and by itself', async ({
  page,
  cloud,
  startRelay,
}) => {
  const weir = await startRelay(['--source', `cloud=inference:${cloud.url}`], { INFERENCE_API_KEY: KEY })
  const id = await run(weir, 'weirdemo/sleeper', { seconds: 600 })
  await page.goto(weir.url)
  const card = taskOf(page, id)
  await expectStatus(card, 'running')
  cloud.cloud.silence()
  await expect(card).toHaveAttribute('data-stalled', 'true', { timeout: 25_000 })
  await expect(card).toContainText(/last seen running/)
  await expect(page).toHaveTitle('Weir')
  cloud.cloud.silence(false)
  await expect(card).not.toHaveAttribute('data-stalled', { timeout: 15_000 })
  await expect(page).toHaveTitle(/^1 running · /)
})
