import { expect, test } from 'vitest'
import { ManualClock } from '#lib/clock.ts'
import { ProcessLog } from './process-log.ts'

function started() {
  const lines: string[] = []
  const clock = new ManualClock(Date.UTC(2026, 4, 6, 7, 8, 9, 12))
  const log = new ProcessLog((text) => lines.push(text), clock)
  return { lines, clock, log }
}

test('a line has its time, its level and what it is about', () => {
  const { lines, log } = started()
  log.write('info', 'source lab', 'answers')
  log.write('warn', 'source lab', 'cannot be reached')
  expect(lines).toEqual([
    '2026-05-06T07:08:09.012Z info  source lab: answers\n',
    '2026-05-06T07:08:09.012Z warn  source lab: cannot be reached\n',
  ])
})

test('what a source writes makes no second line, steers no terminal, and is not of any length', () => {
  const { lines, log } = started()
  log.write('warn', 'source a\nb', 'x\r\n\u001b[2J\u009b\u2028\u202e ü漢')
  log.write('warn', 'command', 'y'.repeat(5_000))
  expect(lines[0]).toBe(
    '2026-05-06T07:08:09.012Z warn  source a\\u{a}b: x\\u{d}\\u{a}\\u{1b}[2J\\u{9b}\\u{2028}\\u{202e} ü漢\n',
  )
  expect(lines[1]!.length).toBeLessThan(1_100)
})

test('what comes too often is counted, and does not silence the rest', async () => {
  const { lines, clock, log } = started()
  for (let n = 1; n <= 100; n++) log.write('warn', 'source flaps', `${n}`)
  log.write('info', 'source calm', 'answers')
  expect(lines).toHaveLength(21)
  await clock.advance(30_000)
  log.write('info', 'source flaps', 'answers')
  log.write('info', 'source flaps', 'once more')
  expect(lines).toHaveLength(22)
  expect(lines.at(-1)).toContain('source flaps: answers (left out before this: 80)\n')
  await clock.advance(3_600_000)
  for (let n = 1; n <= 100; n++) log.write('warn', 'source flaps', `${n}`)
  expect(lines).toHaveLength(42)
  expect(lines[22]).toContain('source flaps: 1 (left out before this: 1)\n')
  expect(lines[23]).toContain('source flaps: 2\n')
})

test('a fault is told with its place in the code, and whatever was thrown is', () => {
  const { lines, log } = started()
  log.fault(new TypeError('no such\u001b thing'))
  expect(lines[0]).toMatch(/ error weir: TypeError: no such\\u\{1b\} thing\n {4}at .*process-log\.test\.ts/)
  log.fault('thrown')
  expect(lines[1]).toMatch(/ error weir: 'thrown'\n$/)
  log.fault(Object.create(null))
  expect(lines[2]).toMatch(/ error weir: .*null prototype/)
})
