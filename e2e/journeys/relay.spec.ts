import { expect, test } from '../fixtures.ts'
import { RELAY_AWAY } from '../helpers/console-watch.ts'
import { expectProgress, expectStatus, taskOf } from '../helpers/screens.ts'

test('the relay ends and starts again under an open page, which catches up by itself', async ({
  page,
  relay,
  lab,
  console,
}) => {
  console.allow(RELAY_AWAY)
  await lab.start('run-1', 'PausableTask', { steps: 1_000, delay: 0.1 })
  await page.goto(relay.url)
  const task = taskOf(page, 'run-1')
  await expectProgress(task)
  await page.evaluate(() => Object.assign(window, { same: true }))
  const connection = page.getByRole('status', { name: 'Connection' })
  await expect(connection).toHaveAttribute('data-relay-state', 'open')

  const ended = await relay.stop()
  expect(ended?.code).toBe(0)
  expect(lab.lab.openStreams()).toEqual([])
  await expect(connection).toHaveAttribute('data-relay-state', 'reconnecting')
  await expect(connection).toContainText('Reconnecting to Weir')

  await relay.start()
  await expect(connection).toHaveAttribute('data-relay-state', 'open', { timeout: 20_000 })
  await expect(connection).toContainText('Reconnected')
  await expectStatus(task, 'running')
  await expectProgress(task)
  expect(await page.evaluate(() => 'same' in window)).toBe(true)
})

test('a killed relay that stays away is said to be lost; what is shown is as last seen', async ({
  page,
  relay,
  lab,
  console,
}) => {
  console.allow(RELAY_AWAY)
  await lab.start('run-1', 'PausableTask', { steps: 1_000, delay: 0.1 })
  await page.goto(relay.url)
  const task = taskOf(page, 'run-1')
  await expectProgress(task)
  await relay.stop('SIGKILL')
  // A killed relay cannot take its leave.
  await expect.poll(() => lab.violations.length).toBe(1)
  lab.pardon()
  const connection = page.getByRole('status', { name: 'Connection' })
  await expect(connection).toHaveAttribute('data-relay-state', 'lost', { timeout: 20_000 })
  await expect(connection).toContainText(/Weir (does not answer|has not answered) since/)
  await expect(task).toContainText(/last seen running/)

  await relay.start()
  await connection.getByRole('button', { name: 'Try now' }).click()
  await expect(connection).toHaveAttribute('data-relay-state', 'open', { timeout: 20_000 })
  await expectProgress(task)
})

test('a command while the relay is away is said to be not sent, and is', async ({
  page,
  relay,
  lab,
  console,
}) => {
  console.allow(RELAY_AWAY)
  await lab.start('run-1', 'PausableTask', { steps: 1_000, delay: 0.1 })
  await page.goto(relay.url)
  const task = taskOf(page, 'run-1')
  await expectProgress(task)
  await relay.stop()
  await task.getByRole('button', { name: 'Cancel' }).click()
  await expect(task.getByRole('alert')).toContainText('Cancel not sent')
  expect(await lab.ask('/tasks/run-1')).toMatchObject({ running: true })
})
