import { expect, test } from '../fixtures.ts'
import { expectKnown, progressOf } from '../helpers/screens.ts'

test('ten reloads of a page with four streaming tasks: the lab answers as before and no task loses a step', async ({
  page,
  relay,
  lab,
  another,
}) => {
  const ids = ['run-1', 'run-2', 'run-3', 'run-4']
  for (const id of ids) await lab.start(id, 'PausableTask', { steps: 5_000, delay: 0.05 })
  await expectKnown(relay, ...ids)
  const wall = relay.at(`/wall?panels=${ids.map((id) => `progress:lab/${id}:6x5`).join(',')}`)
  // A second browser watches the same streams all the while.
  const other = await another()
  await other.goto(wall)
  const opened = lab.lab.openStreams().map(({ openedAt }) => openedAt)
  await page.goto(wall)
  for (let time = 0; time < 10; time++) {
    await page.reload()
    for (const id of ids)
      await expect(
        page.getByRole('region', { name: `Progress of ${id}` }).getByRole('progressbar'),
      ).toHaveAttribute('aria-valuenow', /\d/)
  }
  for (const watcher of [page, other])
    for (const id of ids) {
      const region = watcher.getByRole('region', { name: `Progress of ${id}` })
      const before = await progressOf(region)
      await expect.poll(() => progressOf(region)).toBeGreaterThan(before)
    }
  expect(lab.lab.hung).toBe(false)
  expect(await lab.ask('/health')).toMatchObject({ status: 'healthy' })
  // The very streams that were open before.
  expect(lab.lab.openStreams().map(({ openedAt }) => openedAt)).toEqual(opened)
  for (const task of await relay.tasks()) {
    expect(task.stream.name, task.id).toBe('open')
    expect(task.stepsMissed, task.id).toBe(0)
  }
})
