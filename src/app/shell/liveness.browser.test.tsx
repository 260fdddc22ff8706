import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createMemoryHistory, createRootRoute, createRouter, RouterProvider } from '@tanstack/react-router'
import { beforeEach, expect, test } from 'vitest'
import { page } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { TasksPage } from '#features/tasks/tasks-page.tsx'
import { sampleTask } from '#features/tasks/sample-task.ts'
import { ManualClock } from '#lib/clock.ts'
import { USUAL_RECONNECT, type Source } from '#model/source.ts'
import { NO_STREAM } from '#model/stream-state.ts'
import { StreamLine } from '#panels/task/stream-line.tsx'
import { WeirClient } from '#protocols/weir/client.ts'
import type { Connection, ConnectionEvents } from '#streams/connection.ts'
import { StreamsProvider, useNow } from '#streams/react.tsx'
import { Streams } from '#streams/streams.ts'
import { WeirProvider } from '#streams/weir-client.tsx'
import { sampleSource } from '#testing/sample-source.ts'
import { SourcePills } from './source-pills.tsx'
import { usePageTitle } from './use-page-title.ts'

/*
 * What stops when nobody gives a sign of life: the relay for 3 s or for good, or one source (DESIGN.md, "How soon
 * something looks dead"). That these states come in time is tested where they are made.
 */

let clock: ManualClock
let relay: ConnectionEvents
let told = 0

const source = (name: string, part: Partial<Source> = {}): Source =>
  sampleSource(name, {
    since: clock.now(),
    tasksReadAt: clock.now(),
    devicesReadAt: clock.now(),
    reconnect: USUAL_RECONNECT,
    ...part,
  })

const stream = { ...NO_STREAM, name: 'open', reason: 'receiving' } as const

/** At a steady pace: half of it is done, after 50 s. */
function running(id: string, of: string) {
  const at = clock.now()
  return sampleTask(id, {
    source: of,
    startedAt: at - 50_000,
    firstSeenAt: at - 50_000,
    statusAt: at - 50_000,
    eventAt: at,
    stream,
    progress: { step: 500, total: 1_000, percent: 50, at },
    pace: {
      unit: 'step',
      advances: 500,
      firstAt: at - 50_000,
      firstValue: 0,
      olderAt: at - 20_000,
      olderValue: 300,
      newerAt: at - 10_000,
      newerValue: 400,
      lastAt: at,
      lastValue: 500,
      usualMs: 100_000,
    },
  })
}

function begin(t: string, s: unknown[]): void {
  relay.batch(JSON.stringify([{ t, s }]), `e-${++told}`)
}

function tell(t: string, e: unknown[]): void {
  relay.batch(JSON.stringify([{ t, e }]), `e-${++told}`)
}

function alive(): void {
  relay.heartbeat(JSON.stringify({ now: clock.now() }), clock.now())
}

function Page() {
  usePageTitle()
  return (
    <>
      <SourcePills />
      <output>{useNow(100)}</output>
      <StreamLine stream={stream} now={0} />
      <TasksPage search={{}} onSearch={() => undefined} />
    </>
  )
}

beforeEach(async () => {
  clock = new ManualClock()
  const connection: Connection = {
    open: (events) => (relay = events),
    setTopics: () => undefined,
    setShown: () => undefined,
    wake: () => undefined,
    pause: () => undefined,
    close: () => undefined,
  }
  const streams = new Streams({
    version: 'test',
    clock,
    scheduler: {
      request: (work) => {
        work()
      },
    },
  })
  streams.watchList('tasks')
  streams.watchList('sources')
  streams.open(connection)
  relay.state('open', false)
  relay.hello(JSON.stringify({ session: 's', epoch: 'e', version: 'test', now: clock.now() }), clock.now())
  begin('sources', [source('lab'), source('cloud')])
  begin('tasks', [running('sweep', 'lab'), running('draw', 'cloud')])
  begin('batches', [])
  const root = createRootRoute({ component: Page })
  const router = createRouter({ routeTree: root, history: createMemoryHistory() })
  await render(
    <QueryClientProvider client={new QueryClient()}>
      <StreamsProvider streams={streams}>
        <WeirProvider client={new WeirClient('')}>
          <RouterProvider router={router as never} />
        </WeirProvider>
      </StreamsProvider>
    </QueryClientProvider>,
  )
})

const card = (id: string) => page.getByRole('article', { name: id, exact: true })
const count = () => page.getByRole('group', { name: 'Status' }).getByRole('button', { name: /^Running/ })
const shownNow = () => Number(page.getByRole('status').first().element().textContent)

async function expectLive(id: string): Promise<void> {
  await expect.element(card(id)).not.toHaveAttribute('data-stalled')
  await expect.element(card(id)).toHaveTextContent(/· 10\/s.*ends ≈/)
}

async function expectStalled(id: string): Promise<void> {
  await expect.element(card(id)).toHaveAttribute('data-stalled')
  await expect.element(card(id)).toHaveTextContent(/last seen running/)
  await expect.element(card(id)).not.toHaveTextContent(/10\/s|ends ≈/)
  await expect
    .element(card(id).getByRole('progressbar'))
    .toHaveAttribute('aria-valuetext', expect.stringMatching(/last seen/) as string)
}

test('all is live while everybody gives signs of life', async () => {
  await clock.advance(1_000)
  alive()
  await expectLive('sweep')
  await expectLive('draw')
  await expect.element(count()).toHaveTextContent(/^Running2$/)
  await expect.poll(() => document.title).toBe('2 running · 50 % · Weir')
  await expect.element(page.getByRole('link', { name: /^Connections: lab answering/ })).toBeVisible()
})

test.each(['stalled', 'reconnecting', 'lost'] as const)(
  'a relay that is %s stops clock, rate, time left, title and counts; all go on with its next word',
  async (name) => {
    await expectLive('sweep')
    const heard = clock.now()
    relay.state(name, false)
    await clock.advance(30_000)
    await expectStalled('sweep')
    await expectStalled('draw')
    await expect.element(count()).toHaveTextContent(/^Running2\?$/)
    await expect.poll(() => document.title).toBe('no word · Weir')
    await expect.element(page.getByRole('link', { name: /^Connections: lab not known/ })).toBeVisible()
    await expect.element(page.getByText('Last seen open')).toBeVisible()
    await expect.poll(shownNow).toBe(heard)

    relay.state('open', false)
    alive()
    await expect.poll(shownNow).toBe(clock.now())
    tell('tasks', [{ k: 'patch', key: 'lab/sweep', patch: running('sweep', 'lab') }])
    await expectLive('sweep')
    await expect.element(count()).toHaveTextContent(/^Running2$/)
    await expect.element(page.getByText('Last seen open')).not.toBeInTheDocument()
  },
)

test('a source that is silent stops its own tasks, and no others', async () => {
  await clock.advance(5_000)
  alive()
  tell('sources', [
    { k: 'patch', key: 'cloud', patch: { state: 'not_answering', detail: 'Nothing has come' } },
  ])
  await expectStalled('draw')
  await expect.element(card('sweep')).not.toHaveAttribute('data-stalled')
  await expect.element(count()).toHaveTextContent(/^Running2\?$/)
  await expect.poll(() => document.title).toBe('1 running · 50 % · Weir')
  tell('sources', [{ k: 'patch', key: 'lab', patch: { state: 'unreachable', detail: 'Connection refused' } }])
  await expectStalled('sweep')
  await expect.poll(() => document.title).toBe('Weir')
})

test('a stream that stalled stops its task', async () => {
  tell('tasks', [
    {
      k: 'patch',
      key: 'cloud/draw',
      patch: { stream: { ...stream, name: 'stalled', reason: 'nothing for 12 s' } },
    },
  ])
  await expectStalled('draw')
  await expectLive('sweep')
  await expect.poll(() => document.title).toBe('1 running · 50 % · Weir')
})
