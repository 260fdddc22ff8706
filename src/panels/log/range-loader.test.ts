import { expect, it, vi } from 'vitest'
import { LogBuffer } from '#model/log-buffer.ts'
import { RangeLoader } from './range-loader.ts'

function sparse(loadRange: (from: number, to: number) => void) {
  const buffer = new LogBuffer({ maxLines: 1e6, maxBytes: 1e9 })
  buffer.reset(50_000, 0)
  const load = vi.fn(async (from: number, to: number) => loadRange(from, to))
  const fill = (from: number, to: number) => {
    buffer.fill(
      from,
      [],
      [],
      Array.from({ length: to - from }, (_, k) => `line ${from + k}`),
    )
  }
  return {
    buffer,
    fill,
    load,
    loader: new RangeLoader({ buffer, subscribe: () => () => {}, name: 'x', loadRange: load }),
  }
}

it('asks for what is on screen with its surroundings', async () => {
  const log = sparse((from, to) => log.fill(from, to))
  expect(await log.loader.around(30_500, 30_540)).toBe(true)
  expect(log.load).toHaveBeenCalledExactlyOnceWith(30_000, 31_000)
  expect(log.loader.around(30_600, 30_640)).toBeNull()
})

it('loads all, newest first, in blocks', async () => {
  const log = sparse((from, to) => log.fill(from, to))
  expect(await log.loader.all(0, 50_000)).toBe(true)
  expect(log.load.mock.calls[0]).toEqual([40_000, 50_000])
  expect(log.load).toHaveBeenCalledTimes(5)
})

it('gives up when an answer brings nothing, and says why', async () => {
  const log = sparse(() => {})
  expect(await log.loader.all(0, 50_000)).toBe(false)
  expect(log.load).toHaveBeenCalledTimes(1)
  expect(log.loader.error).toBe('the relay did not send them')
})

it('rests after a failure', async () => {
  const log = sparse(() => {
    throw new Error('HTTP 503')
  })
  expect(await log.loader.around(0, 10)).toBe(false)
  expect(log.loader.error).toBe('HTTP 503')
  expect(log.loader.around(0, 10)).toBeNull()
})
