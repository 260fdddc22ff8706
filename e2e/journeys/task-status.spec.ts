import { expect, test } from '../fixtures.ts'
import { gate } from '../helpers/lab-server.ts'
import { expectKnown, expectStatus, taskOf } from '../helpers/screens.ts'

/** Every status a LabDaemon task can be shown in, each by its cause. */

test('running, paused, completed, failed and cancelled', async ({ page, relay, lab }) => {
  await lab.start('runs', 'PausableTask', { steps: 600, delay: 0.1 })
  await lab.start('completes', 'ResultTask', {})
  await lab.start('fails', 'FailingTask', { steps: 10, delay: 0.05, fail_at: 3 })
  await lab.start('raises', 'RaisingCancelTask', { enable_streaming: true, steps: 300, delay: 0.1 })
  await expectKnown(relay, 'runs', 'completes', 'fails', 'raises')
  await page.goto(relay.url)

  await expectStatus(taskOf(page, 'runs'), 'running')
  await expectStatus(taskOf(page, 'completes'), 'completed')
  await expect(taskOf(page, 'completes').getByRole('progressbar')).toHaveAttribute('aria-valuenow', '100')
  const failed = taskOf(page, 'fails')
  await expectStatus(failed, 'failed')
  await expect(failed).toContainText('RuntimeError: lock lost at 1552.1 nm: <i>photodiode</i> saturated')
  await expect(failed.getByRole('progressbar')).not.toHaveAttribute('aria-valuenow', '100')

  const raises = taskOf(page, 'raises')
  await raises.getByRole('button', { name: 'Cancel' }).click()
  await expectStatus(raises, 'cancelled')

  const runs = taskOf(page, 'runs')
  await runs.getByRole('button', { name: 'Pause' }).click()
  await expectStatus(runs, 'paused')
  await expect(runs).toContainText(/requested \d\d:\d\d/)
  await expect(runs.getByRole('button', { name: 'Resume' })).toBeVisible()
})

test('cancelling, as long as a task does not listen; it completes all the same', async ({
  page,
  relay,
  lab,
}) => {
  await lab.start('stubborn', 'StubbornTask', { enable_streaming: true, duration: 6 })
  await page.goto(relay.url)
  const task = taskOf(page, 'stubborn')
  await task.getByRole('button', { name: 'Cancel' }).click()
  await expectStatus(task, 'cancelling')
  await expect(task).toContainText(/requested \d\d:\d\d/)
  await expect(task.getByRole('button', { name: 'Cancel' })).toBeDisabled()
  await expectStatus(task, 'completed')
})

test('cancelled, inferred: a task that ends without a word after a cancel', async ({ page, relay, lab }) => {
  await lab.start('silent', 'SlowTask', { enable_streaming: true, duration: 60 })
  await page.goto(relay.url)
  const task = taskOf(page, 'silent')
  await task.getByRole('button', { name: 'Cancel' }).click()
  await expectStatus(task, 'cancelled')
  await expect(task).toContainText('inferred')
})

test('lost, not failed: its server was killed and came back without it', async ({ page, relay, lab }) => {
  await lab.start('unlucky', 'PausableTask', { steps: 600, delay: 0.1 })
  await page.goto(relay.url)
  const task = taskOf(page, 'unlucky')
  await expectStatus(task, 'running')
  await lab.kill()
  await expect(page.getByRole('status', { name: 'Sources' })).toContainText(/lab.*unreachable/)
  await expect(task).toContainText(/last seen running/)
  await lab.restart()
  await expectStatus(task, 'lost', { timeout: 15_000 })
  await expect(page.getByRole('status', { name: 'Sources' })).toBeEmpty()
  await task.getByRole('link', { name: 'unlucky' }).click()
  await page.getByRole('tab', { name: 'Timeline' }).click()
  await expect(page.getByRole('tabpanel')).toContainText(/restarted or forgot it/)
})

test('unknown, until the outcome of a task that was found ended can be read', async ({
  page,
  relay,
  lab,
}) => {
  const { opened, open } = gate()
  lab.fault((request, next) => (request.url.endsWith('/tasks/mystery') ? opened.then(next) : undefined))
  await page.goto(relay.url)
  await lab.start('mystery', 'InstantTask')
  const task = taskOf(page, 'mystery')
  await expectStatus(task, 'unknown')
  await expect(task.getByRole('progressbar')).not.toHaveAttribute('aria-valuenow')
  open()
  await expectStatus(task, 'completed')
})
