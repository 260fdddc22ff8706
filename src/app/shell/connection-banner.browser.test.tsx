import { beforeEach, expect, test } from 'vitest'
import { page } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { ManualClock } from '#lib/clock.ts'
import type { Connection, ConnectionEvents } from '#streams/connection.ts'
import { StreamsProvider } from '#streams/react.tsx'
import { Streams } from '#streams/streams.ts'
import { ConnectionBanner } from './connection-banner.tsx'

let clock: ManualClock
let relay: ConnectionEvents

const FULL = { text: 'The disk is full; make room.', since: Date.UTC(2026, 4, 6, 12, 5) }

const hello = (version: string) => {
  relay.hello(JSON.stringify({ session: 's', epoch: 'e', version, now: clock.now() }), clock.now())
}
const heartbeat = async (news: object = {}) => {
  await clock.advance(1_000)
  relay.heartbeat(JSON.stringify({ now: clock.now(), ...news }), clock.now())
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
  const streams = new Streams({ version: '1', clock, scheduler: { request: () => undefined } })
  streams.open(connection)
  relay.state('open', false)
  hello('1')
  await render(
    <StreamsProvider streams={streams}>
      <ConnectionBanner />
      <main>the screen</main>
    </StreamsProvider>,
  )
})

const record = () => page.getByRole('alert', { name: 'Record' })
const connection = () => page.getByRole('status', { name: 'Connection' })
const screenTop = () => page.getByRole('main').element().getBoundingClientRect().top

test('a record that is not written is said, with the reason and since when, until it is written again', async () => {
  await expect.element(record()).not.toBeInTheDocument()
  await heartbeat({ notWritten: FULL })
  await expect.element(record()).toHaveTextContent(/^Not written to disk since \S/)
  await expect.element(record()).toHaveTextContent(FULL.text)
  await expect.element(record()).toHaveTextContent(/goes on in memory/)
  await expect.element(record().getByRole('time')).toHaveAttribute('datetime', '2026-05-06T12:05:00.000Z')
  await heartbeat()
  await expect.element(record()).not.toBeInTheDocument()
})

test('a relay that goes away is the one thing said, in the place of the record', async () => {
  await heartbeat({ notWritten: FULL })
  await expect.element(record()).toBeVisible()
  relay.state('reconnecting', false)
  await expect.element(record()).not.toBeInTheDocument()
  await expect.element(connection()).toHaveTextContent(/^Reconnecting to Weir/)
  relay.state('lost', false)
  await expect.element(connection()).toHaveTextContent(/^Weir has not answered/)
  relay.state('open', false)
  await expect.element(record()).toBeVisible()
  await expect.element(connection()).toHaveTextContent('')
})

test('an update is offered after "Reconnected", in its place', async () => {
  relay.state('reconnecting', false)
  await expect.element(connection()).toHaveTextContent(/^Reconnecting/)
  const top = screenTop()
  relay.state('open', false)
  hello('2')
  await expect.element(connection()).toHaveTextContent(/^Reconnected$/)
  expect(screenTop()).toBe(top)
  await expect.element(connection()).toHaveTextContent(/^Weir was updated/)
  await expect.element(connection().getByRole('button', { name: 'Reload' })).toBeVisible()
  expect(screenTop()).toBe(top)
})
