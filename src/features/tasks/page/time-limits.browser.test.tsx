import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { expect, test, vi } from 'vitest'
import { page } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { unknownTask, type Task } from '#model/task.ts'
import { stopQuestion } from '#panels/command/stop-question.ts'
import { WeirClient } from '#protocols/weir/client.ts'
import { StreamsProvider } from '#streams/react.tsx'
import { Streams } from '#streams/streams.ts'
import { WeirProvider } from '#streams/weir-client.tsx'
import { ALL_CAPABILITIES, sampleSource } from '#testing/sample-source.ts'
import { TimeLimits } from './time-limits.tsx'

const passed = Date.now() - 20 * 60_000

let client: WeirClient

async function show(part: Partial<Task>, streams = new Streams({ version: '1' })): Promise<void> {
  client = new WeirClient('')
  vi.spyOn(client, 'setTimeoutOf').mockResolvedValue(undefined)
  const task: Task = { ...unknownTask('lab', 'labdaemon', 'sweep', passed), status: 'running', ...part }
  await render(
    <QueryClientProvider client={new QueryClient()}>
      <StreamsProvider streams={streams}>
        <WeirProvider client={client}>
          <TimeLimits task={task} />
        </WeirProvider>
      </StreamsProvider>
    </QueryClientProvider>,
  )
}

const said = () =>
  page.getByText(/The time limit passed at .* while Weir was away; the task was not cancelled\./)

test('a limit that passed while Weir was away says when, and that nothing was done', async () => {
  await show({ limitMissedAt: passed })
  await expect.element(said()).toBeVisible()
  await expect.element(page.getByRole('time')).toHaveAttribute('datetime', new Date(passed).toISOString())
  // A new one may be set in its place.
  await expect.element(page.getByRole('button', { name: 'Apply' })).toBeEnabled()
})

test('it is removed, or the task is cancelled, by a button each', async () => {
  await show({ limitMissedAt: passed })
  await page.getByRole('button', { name: 'Remove limit' }).click()
  expect(client.setTimeoutOf).toHaveBeenCalledWith('lab', 'sweep', null)
  await page.getByRole('button', { name: 'Cancel now' }).click()
  // Of this task nothing is known here, so that Cancel asks first, as everywhere.
  expect(stopQuestion.getState().question).not.toBeNull()
})

test('a task that is being cancelled is not cancelled once more', async () => {
  await show({ limitMissedAt: passed, status: 'cancelling' })
  await expect.element(page.getByRole('button', { name: 'Cancel now' })).toBeDisabled()
})

test('without one nothing is said of it', async () => {
  await show({})
  await expect.element(said()).not.toBeInTheDocument()
})

test('where its source cannot cancel, the reason stands in the place of both', async () => {
  const streams = new Streams({ version: '1' })
  const capabilities = {
    ...ALL_CAPABILITIES,
    cancel: { absent: 'Nobody can.' },
    followLimits: { absent: 'No.' },
  }
  const items = new Map([['lab', sampleSource('lab', { capabilities })]])
  streams.list('sources').store.setState({ ready: true, items })
  await show({ limitMissedAt: passed }, streams)
  await expect.element(page.getByText('Nobody can.')).toBeVisible()
  await expect.element(page.getByRole('button', { name: 'Remove limit' })).toBeVisible()
  for (const name of ['Cancel now', 'Apply'])
    await expect.element(page.getByRole('button', { name })).not.toBeInTheDocument()
})
