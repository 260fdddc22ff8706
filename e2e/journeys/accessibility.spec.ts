import { expect, test } from '../fixtures.ts'
import { expectAccessible } from '../helpers/accessible.ts'
import { answered } from '../helpers/console-watch.ts'
import type { LabServer } from '../helpers/lab-server.ts'
import type { RelayProcess } from '../helpers/relay-process.ts'
import { expectKnown, expectStatus, fillNewTask, taskOf } from '../helpers/screens.ts'

/** Nothing that axe finds in any main screen, in both themes. */

async function startSome(lab: LabServer, relay: RelayProcess): Promise<void> {
  await lab.start('runs', 'PausableTask', { steps: 600, delay: 0.1 })
  await lab.start('fails', 'FailingTask', { steps: 10, delay: 0.05, fail_at: 3 })
  await lab.start('done', 'ResultTask', {})
  await lab.start('mute', 'LongRunningTask', { steps: 600 })
  await expectKnown(relay, 'runs', 'fails', 'done', 'mute')
}

const SCREENS = {
  'the lists': [
    { path: '/', ready: 'runs' },
    { path: '/?view=table', ready: 'runs' },
    { path: '/devices', ready: 'laser1' },
    { path: '/sources', ready: 'Latency' },
  ],
  'a task that runs': [
    { path: '/tasks/lab/runs?tab=log', ready: /\d line/ },
    { path: '/tasks/lab/runs?tab=timeline', ready: 'How it is known' },
    { path: '/tasks/lab/runs?tab=raw', ready: 'device_data' },
    { path: '/tasks/lab/runs?tab=parameters', ready: 'Started with' },
  ],
  'a task that has ended, and the wall': [
    { path: '/tasks/lab/fails?tab=output', ready: 'lock lost' },
    { path: '/tasks/lab/done?tab=output', ready: 'Completed' },
    { path: '/tasks/lab/none', ready: 'No such task' },
    { path: '/wall?panels=log:lab/runs:6x8,progress:lab/runs:3x4,output:lab/done:6x8', ready: 'runs' },
  ],
}

for (const [what, screens] of Object.entries(SCREENS))
  test(`accessible in both themes: ${what}`, async ({ page, relay, lab, console }) => {
    // The task that nobody knows is asked for at the lab.
    console.allow(answered(404))
    await startSome(lab, relay)
    for (const { path, ready } of screens) {
      await page.goto(relay.at(path))
      await expect(page.getByRole('main').getByText(ready).first()).toBeVisible()
      await expectAccessible(page, path)
    }
  })

test('accessible in both themes: dialogs and banners', async ({ page, relay, lab }) => {
  await startSome(lab, relay)
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
