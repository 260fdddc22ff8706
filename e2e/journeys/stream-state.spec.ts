import type { Locator, Page } from '@playwright/test'
import { expect, test } from '../fixtures.ts'
import { gate } from '../helpers/lab-server.ts'
import { expectProgress, logLines, logOf, openTask, recordAttribute, taskOf } from '../helpers/screens.ts'

/** Every state the relay's upstream can be shown in, each by its cause. */

function streamOf(page: Page, id: string): Locator {
  return taskOf(page, id).locator('[data-stream-state]').first()
}

async function expectStream(page: Page, id: string, state: string, words: RegExp | string): Promise<void> {
  const stream = streamOf(page, id)
  await expect(stream).toHaveAttribute('data-stream-state', state, { timeout: 15_000 })
  await expect(stream).toContainText(words)
}

const ENDLESS = { steps: 5_000, delay: 0.1 }

test('none: the task was started without progress', async ({ page, relay, lab }) => {
  await lab.start('mute', 'LongRunningTask', { steps: 600 })
  await openTask(page, relay, 'mute')
  await expectStream(page, 'mute', 'none', /No stream.*the task has not made one/)
})

test('connecting, while the server has not answered; then open', async ({ page, relay, lab }) => {
  const { opened, open } = gate()
  lab.fault((request, next) => (request.url.includes('/stream/devices/') ? opened.then(next) : undefined))
  await lab.start('slow', 'PausableTask', ENDLESS)
  await openTask(page, relay, 'slow')
  await expectStream(page, 'slow', 'connecting', /Connecting.*opening the stream/)
  open()
  await expectStream(page, 'slow', 'open', /Open.*receiving/)
  await expectProgress(taskOf(page, 'slow'))
})

test('stalled, while something slow holds the server up; the stream is kept', async ({
  page,
  relay,
  lab,
}) => {
  await lab.start('held-up', 'PausableTask', ENDLESS)
  const task = await openTask(page, relay, 'held-up')
  await expectStream(page, 'held-up', 'open', 'receiving')
  lab.lab.block(6_000)
  await expectStream(page, 'held-up', 'stalled', /Stalled.*no sign of life/)
  await expect(task).toContainText(/last seen running/i)
  await expectStream(page, 'held-up', 'open', 'receiving')
  await expectProgress(task)
  const { sources } = await relay.api<{ sources: { reconnects: number }[] }>('/sources')
  expect(sources[0]?.reconnects).toBe(0)
})

test('in use: another client holds it, until it leaves and a person tries again', async ({
  page,
  lab,
  startRelay,
}) => {
  await lab.start('taken', 'PausableTask', ENDLESS)
  const client = await lab.hold('taken')
  const relay = await startRelay(['--source', `lab=labdaemon:${lab.url}`])
  const task = await openTask(page, relay, 'taken')
  await expectStream(page, 'taken', 'in_use', /In use.*held by another client.*next try in/)
  await client.leave()
  await task.getByRole('button', { name: 'Retry now' }).click()
  await expectStream(page, 'taken', 'open', 'receiving')
  await expect(page.getByRole('list', { name: 'Gaps' })).toContainText(/not recorded before step \d+/)
})

test('reconnecting: the line is cut, and what was missed is a gap', async ({ page, relay, lab }) => {
  const recorded = await recordAttribute(page, 'data-stream-state')
  await lab.start('cut', 'PausableTask', { steps: 5_000, delay: 0.05 })
  const task = await openTask(page, relay, 'cut')
  await expectStream(page, 'cut', 'open', 'receiving')
  // How its steps are counted has to be known before what is missing can be.
  await expect.poll(async () => (await logLines(logOf(page))).length).toBeGreaterThan(5)
  // A cut between two steps, mended at once, misses none.
  await expect(async () => {
    lab.cut('error')
    await expect(page.getByRole('list', { name: 'Gaps' })).toContainText(
      /steps? \d+.*not received: the stream was interrupted/,
      { timeout: 5_000 },
    )
  }).toPass()
  await expectStream(page, 'cut', 'open', 'receiving')
  expect(await recorded()).toContainEqual(expect.stringMatching(/^reconnecting: .*the connection was lost/))
  await expect(task).toContainText(/\d+ steps? missed/)
})

test('reconnecting, with a way to try at once, while the server is gone; closed when the task is lost', async ({
  page,
  relay,
  lab,
}) => {
  await lab.start('gone', 'PausableTask', ENDLESS)
  const task = await openTask(page, relay, 'gone')
  await expectStream(page, 'gone', 'open', 'receiving')
  await lab.kill()
  await expectStream(page, 'gone', 'reconnecting', /Reconnecting/)
  await expect(task.getByRole('button', { name: 'Retry now' })).toBeVisible()
  await lab.restart()
  await expectStream(page, 'gone', 'closed', /Closed.*lost with its server/)
})

test('reconnecting: someone else stopped the stream; it is opened again', async ({ page, relay, lab }) => {
  const recorded = await recordAttribute(page, 'data-stream-state')
  await lab.start('stopped', 'PausableTask', ENDLESS)
  const task = await openTask(page, relay, 'stopped')
  await expectStream(page, 'stopped', 'open', 'receiving')
  await lab.ask('/devices/stream-stopped/stream/stop', {})
  await expect
    .poll(recorded)
    .toContainEqual(expect.stringMatching(/^reconnecting: .*the server ended the stream/))
  await expectStream(page, 'stopped', 'open', 'receiving')
  await expectProgress(task)
})

test.describe('silenced', () => {
  // The seed decides when the server cleans up after the client that left: after 6.5 s here.
  test.use({ labOptions: { strict: false, lateCleanup: true, seed: 3128 } })

  test('silenced: the late clean-up of a client that hung up stopped the device; it is opened again', async ({
    page,
    lab,
    startRelay,
  }) => {
    await lab.start('silenced', 'PausableTask', { steps: 5_000, delay: 0.02 })
    const client = await lab.hold('silenced')
    await client.received(40)
    await client.hangUp()
    await expect.poll(() => lab.lab.openStreams()).toMatchObject([{ state: 'orphan' }])
    await lab.ask('/devices/stream-silenced/stream/stop', {})
    const relay = await startRelay(['--source', `lab=labdaemon:${lab.url}`])
    const recorded = await recordAttribute(page, 'data-stream-state')
    const task = await openTask(page, relay, 'silenced')
    await expectStream(page, 'silenced', 'open', 'receiving')
    await expect
      .poll(recorded, { timeout: 20_000 })
      .toContainEqual(expect.stringMatching(/^silenced: .*its device was stopped by someone else/))
    await expectStream(page, 'silenced', 'open', 'receiving')
    await expectProgress(task)
  })
})

test('closed: the task ended', async ({ page, relay, lab }) => {
  // Long enough for a poll to see it run, however busy the machine is.
  await lab.start('short', 'PausableTask', { steps: 60, delay: 0.05 })
  await openTask(page, relay, 'short')
  await expectStream(page, 'short', 'closed', /Closed.*the task ended/)
  expect(lab.lab.openStreams()).toHaveLength(0)
})

test('failed: the server cannot encode what the task sends', async ({ page, relay, lab }) => {
  const error = { type: 'TypeError', message: 'Object of type float32 is not JSON serializable' }
  const data = { device_id: 'stream-odd', timestamp: '2026-11-20T22:46:27+00:00', error }
  await lab.start('odd', 'PausableTask', ENDLESS)
  await openTask(page, relay, 'odd')
  await expectStream(page, 'odd', 'open', 'receiving')
  lab.faultyEvents((event) =>
    event.includes('device_data') ? [`event: stream_error\r\ndata: ${JSON.stringify(data)}`, null] : event,
  )
  await lab.ask('/devices/stream-odd/stream/stop', {})
  await expectStream(page, 'odd', 'failed', /Failed.*TypeError: Object of type float32/)
  // The fault hung up, not Weir.
  lab.pardon()
})
