import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createMemoryHistory, createRootRoute, createRouter, RouterProvider } from '@tanstack/react-router'
import { expect, test, vi } from 'vitest'
import { page } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { taskKey, type TaskSummary } from '#model/task.ts'
import { WeirClient } from '#protocols/weir/client.ts'
import { StreamsProvider } from '#streams/react.tsx'
import { Streams } from '#streams/streams.ts'
import { WeirProvider } from '#streams/weir-client.tsx'
import { EarlierTasks } from './earlier-tasks.tsx'
import { sampleTask } from './sample-task.ts'
import { tasksQuery } from './tasks-query.ts'

const ended = (id: string) => sampleTask(id, { status: 'completed', endedAt: 2_000, startedAt: 1_000 })

/** The screen beside a live list, and what the record gives as earlier. */
async function show(listed: TaskSummary[], earlier: TaskSummary[]) {
  const given = { earlier }
  const client = new WeirClient('')
  const read = vi
    .spyOn(client, 'earlierTasks')
    .mockImplementation(() => Promise.resolve({ tasks: given.earlier, cursor: null }))
  const streams = new Streams({ version: '1' })
  const list = streams.list('tasks')
  list.snapshot(listed)
  list.commit()
  const root = createRootRoute({ component: () => <EarlierTasks query={tasksQuery({})} /> })
  const router = createRouter({ routeTree: root, history: createMemoryHistory() })
  await render(
    <QueryClientProvider client={new QueryClient()}>
      <StreamsProvider streams={streams}>
        <WeirProvider client={client}>
          <RouterProvider router={router as never} />
        </WeirProvider>
      </StreamsProvider>
    </QueryClientProvider>,
  )
  return { given, read, list }
}

const ids = () =>
  page
    .getByRole('region', { name: 'Earlier' })
    .getByRole('link')
    .elements()
    .map((link) => link.textContent)

test('a task that leaves the live list is earlier from then on', async () => {
  const { given, list } = await show([ended('b'), ended('c')], [ended('a')])
  await expect.poll(ids).toEqual(['a'])
  given.earlier = [ended('b'), ended('a')]
  list.push([{ k: 'drop', key: taskKey(ended('b')) }])
  list.commit()
  await expect.poll(ids).toEqual(['b', 'a'])
})

test('one that comes into the live list is no longer among them', async () => {
  const { read, list } = await show([], [ended('b'), ended('a')])
  await expect.poll(ids).toEqual(['b', 'a'])
  list.push([{ k: 'put', key: taskKey(ended('b')), item: sampleTask('b') }])
  list.commit()
  await expect.poll(ids).toEqual(['a'])
  expect(read).toHaveBeenCalledOnce()
})
