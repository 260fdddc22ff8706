import { expect, test } from 'vitest'
import { beginAgain, goOn } from './keep-lines.ts'
import { LogBuffer } from './log-buffer.ts'

const between = { at: 5, text: 'between' }

function logOf(lines: number): LogBuffer {
  const log = new LogBuffer({ maxLines: 1e6, maxBytes: 1e9 })
  for (let n = 0; n < lines; n++) log.append(1, 'out', `l${n}`)
  return log
}

function tail(log: LogBuffer, from: number): void {
  const texts = Array.from({ length: log.total - from }, (_, k) => `told ${from + k}`)
  log.fill(
    from,
    texts.map(() => 2),
    texts.map(() => 0),
    texts,
  )
}

test('lines that are held stay; the newest are told again, what lies between is read later', () => {
  const log = logOf(3_000)
  goOn(log, { first: 0, total: 5_000, tailFirst: 4_000 }, between)
  tail(log, 4_000)
  expect([log.first, log.total]).toEqual([0, 5_000])
  expect(log.textOf(2_500)).toBe('l2500')
  expect(log.textOf(4_999)).toBe('told 4999')
  // Of the last lines that were held some may have been rewritten.
  expect(log.missing(0, 5_000)).toEqual([{ from: 2_872, to: 4_000 }])
  log.append(3, 'out', 'next')
  expect(log.textOf(5_000)).toBe('next')
})

test('lines that the relay has let go of stay under their numbers', () => {
  const log = logOf(3_000)
  goOn(log, { first: 2_000, total: 3_100, tailFirst: 2_100 }, between)
  tail(log, 2_100)
  expect([log.first, log.textOf(0), log.textOf(2_050), log.textOf(3_000)]).toEqual([
    0,
    'l0',
    'l2050',
    'told 3000',
  ])
  expect(log.missing(0, 3_100)).toEqual([])
})

test('where lines were let go of that nobody has, the older ones stand before a line that says so', () => {
  const log = logOf(100)
  goOn(log, { first: 500, total: 900, tailFirst: 500 }, between)
  tail(log, 500)
  expect(log.total - log.first).toBe(501)
  expect(log.line(499)).toEqual({ at: 5, kind: 'gap', text: 'between' })
  expect([log.textOf(498), log.textOf(log.first)]).toEqual(['l99', 'l0'])
  expect(log.missing(log.first, 900)).toEqual([])
  // Once more: they stay where they are.
  goOn(log, { first: 500, total: 950, tailFirst: 500 }, between)
  expect([log.textOf(498), log.textOf(499), log.textOf(log.first)]).toEqual(['l99', 'between', 'l0'])
})

test('another record begins at its own numbers, what was held stands before it', () => {
  const log = logOf(1_500)
  beginAgain(log, { first: 0, total: 2, tailFirst: 0 }, between)
  tail(log, 0)
  expect([log.first, log.total]).toEqual([-1_501, 2])
  expect(log.text(-3, 2)).toBe('l1498\nl1499\nbetween\ntold 0\ntold 1')
  expect(log.missing(log.first, 2)).toEqual([])
  beginAgain(log, { first: 0, total: 0, tailFirst: 0 }, { ...between, text: 'again' })
  expect(log.text(-5, 0)).toBe('l1499\nbetween\ntold 0\ntold 1\nagain')
  log.append(9, 'out', 'new')
  expect([log.textOf(0), log.textOf(log.first)]).toEqual(['new', 'l0'])
})

test('what was never read of an old record is said to be missing', () => {
  const log = logOf(0)
  log.reset(50, 0)
  log.fill(0, [1, 1], [0, 0], ['a', 'b'])
  log.fill(48, [1, 1], [0, 0], ['y', 'z'])
  beginAgain(log, { first: 0, total: 0, tailFirst: 0 }, between)
  expect(log.text(log.first, 0)).toBe('a\nb\n46 lines were not read in time\ny\nz\nbetween')
})

test('an empty log has nothing to keep', () => {
  const log = logOf(0)
  beginAgain(log, { first: 3, total: 9, tailFirst: 3 }, between)
  expect([log.first, log.total]).toEqual([3, 9])
})
