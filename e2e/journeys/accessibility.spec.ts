import { expect, test } from '../fixtures.ts'
import type { LabServer } from '../helpers/lab-server.ts'
import { expectAccessible } from '../helpers/accessible.ts'
import { expectStatus, fillNewTask, taskOf } from '../helpers/screens.ts'

test.use({ contextOptions: { reducedMotion: 'reduce' } })

async function atWork(lab: LabServer): Promise<void> {
  await lab.start('runs', 'PausableTask', { steps: 600, delay: 0.1 })
  await lab.start('fails', 'FailingTask', { steps: 10, delay: 0.05, fail_at: 3 })
  await lab.start('done', 'ResultTask', {})
  await lab.start('mute', 'LongRunningTask', { steps: 600 })
}

for (const { screen, path, ready } of [
  { screen: 'Tasks as a grid', path: '/', ready: 'runs' },
  { screen: 'Tasks as a table', path: '/?view=table', ready: 'runs' },
  { screen: 'a task, its log', path: '/tasks/lab/runs?tab=log', ready: 'first: step' },
  { screen: 'a task, its timeline', path: '/tasks/lab/runs?tab=timeline', ready: 'Running' },
  { screen: 'a task, its data', path: '/tasks/lab/runs?tab=data', ready: 'device_data' },
  { screen: 'a task, its parameters', path: '/tasks/lab/runs?tab=parameters', ready: 'Started with' },
  { screen: 'a task, its error', path: '/tasks/lab/fails?tab=output', ready: 'lock lost' },
  { screen: 'a task, its output', path: '/tasks/lab/done?tab=output', ready: 'Completed' },
  { screen: 'Devices', path: '/devices', ready: 'laser1' },
  {
    screen: 'the wall',
    path: '/wall?panels=log:lab/runs:6x8,progress:lab/runs:3x4,output:lab/done:6x8',
    ready: 'runs',
  },
  { screen: 'Sources', path: '/sources', ready: 'Latency' },
  { screen: 'a task that is not there', path: '/tasks/lab/none', ready: 'No such task' },
])
  test(`${screen}: nothing that axe finds, in both themes`, async ({ page, relay, lab }) => {
    await atWork(lab)
    await page.goto(relay.at(path))
    await expect(page.getByRole('main').getByText(ready).first()).toBeVisible({ timeout: 15_000 })
    await expectAccessible(page, screen)
  })

test('dialogs and banners: nothing that axe finds, in both themes', async ({ page, relay, lab }) => {
  await atWork(lab)
  await page.goto(relay.url)
  await expectStatus(taskOf(page, 'fails'), 'failed')
  const dialog = await fillNewTask(page, { type: 'SweepTask' })
  await dialog.getByRole('textbox', { name: 'Parameters' }).fill('{ "steps": }')
  await expectAccessible(page, 'New task')
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('dialog', { name: 'Commands' })).toBeVisible()
  await expectAccessible(page, 'Commands')
  await page.keyboard.press('Escape')
  await lab.kill()
  await expect(page.getByRole('status', { name: 'Sources' })).toContainText('unreachable')
  await expectAccessible(page, 'a source that is away')
})
