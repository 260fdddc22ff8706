import { afterEach, expect, test } from 'vitest'
import { ManualClock } from '#lib/clock.ts'
import { createRelay, type Relay } from '../../relay.ts'

let relay: Relay | undefined

afterEach(async () => {
  await relay?.stop()
  relay = undefined
})

/** A lab that answers so; `asked` has when each request began, ms since the start. */
function answering(answer: (path: string) => Promise<Response>) {
  const clock = new ManualClock()
  const asked: { at: number; path: string }[] = []
  relay = createRelay({
    version: 'test',
    clock,
    random: () => 0.5,
    sources: [
      {
        name: 'lab',
        kind: 'labdaemon',
        url: 'http://lab.test:5000',
        fetch: (url) => {
          const { pathname } = new URL(url)
          asked.push({ at: clock.monotonic(), path: pathname })
          return answer(pathname)
        },
      },
    ],
  })
  void relay.start()
  return { clock, asked }
}

const refused = () => {
  const cause = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })
  return Promise.reject(new TypeError('fetch failed', { cause }))
}

/** How long after the one before each began, ms. */
const apart = (asked: readonly { at: number }[]) =>
  asked.map(({ at }, i) => at - (asked[i - 1]?.at ?? 0)).slice(1)

test('a server that cannot be reached is asked ever less often, up to every ten seconds', async () => {
  const { clock, asked } = answering(refused)
  await clock.advance(40_000)
  expect(apart(asked)).toEqual([1_000, 2_000, 4_000, 8_000, 10_000, 10_000])
})

test('a server that answers again is asked at the usual pace, and refused the next time from the start', async () => {
  let isUp = false
  const bodies: Record<string, object> = {
    '/': { name: 'lab', endpoints: {} },
    '/tasks': { tasks: [] },
    '/devices': { devices: [] },
  }
  const { clock, asked } = answering((path) =>
    isUp ? Promise.resolve(Response.json(bodies[path] ?? {})) : refused(),
  )
  await clock.advance(7_000)
  isUp = true
  await clock.advance(14_000)
  isUp = false
  asked.length = 0
  await clock.advance(10_000)
  const lists = asked.filter(({ path }) => path === '/tasks' || path === '/')
  expect(apart(lists).slice(0, 3)).toEqual([1_000, 2_000, 4_000])
})

test('a server that says how long to wait is asked no sooner', async () => {
  const { clock, asked } = answering(() =>
    Promise.resolve(new Response('slow down', { status: 429, headers: { 'retry-after': '7' } })),
  )
  await clock.advance(15_000)
  expect(apart(asked)).toEqual([7_000, 7_000])
})
