import { expect, test } from 'vitest'
import { LogBuffer } from '#model/log-buffer.ts'
import { ChannelLines } from './channel-lines.ts'

function shown(chunks: readonly string[]): string {
  const lines = new ChannelLines()
  const log = new LogBuffer({ maxLines: 1_000, maxBytes: 1e6 })
  for (const chunk of chunks) for (const text of lines.append(chunk, 0)) log.append(0, 'out', text)
  for (const text of lines.flush(0)) log.append(0, 'out', text)
  return log.text(0, 1_000)
}

test.each([
  [['one\ntwo\n'], 'one\ntwo'],
  [['on', 'e\ntw', 'o\nthree'], 'one\ntwo\nthree'],
  [['a\n', '\n', 'b\n'], 'a\n\nb'],
  [['0 %\r', '50 %\r', '100 %\n', 'done\n'], '100 %\ndone'],
  [['start\n\r 10 %', '\r 20 %', '\r100 %\nend\n'], 'start\n100 %\nend'],
  [['a', '', 'b\n'], 'ab'],
])('%j shows %j', (chunks, text) => {
  expect(shown(chunks)).toBe(text)
})

test('however it is cut, the same lines', () => {
  const whole = 'load 1\nbar: 1\rbar: 2\rbar: 3\nlast\n'
  for (let i = 1; i < whole.length; i++)
    expect(shown([whole.slice(0, i), whole.slice(i)])).toBe(shown([whole]))
})

test('a long line that grows piece by piece is told a few times a second, not with every piece', () => {
  const lines = new ChannelLines()
  const log = new LogBuffer({ maxLines: 1_000, maxBytes: 1e7 })
  let told = 0
  const take = (texts: string[]) => {
    for (const text of texts) {
      told += text.length
      log.append(0, 'out', text)
    }
  }
  const piece = 'x'.repeat(10)
  const pieces = 5_000
  // One piece every ms: five seconds.
  for (let at = 0; at < pieces; at++) take(lines.append(piece, at))
  expect(lines.isHolding).toBe(true)
  take(lines.flush(pieces))
  expect(lines.isHolding).toBe(false)
  expect(log.text(0, 10)).toBe(piece.repeat(pieces))
  // With every piece it would be its length times half the pieces.
  expect(told).toBeLessThan((piece.length * pieces * pieces) / 100)
})

test('what is held back comes with the end of its line, and is forgotten with its channel', () => {
  const lines = new ChannelLines()
  const long = 'y'.repeat(600)
  expect(lines.append(long, 0)).toEqual([long])
  expect(lines.append('z', 1)).toEqual([])
  expect(lines.append('!\nnext\n', 2)).toEqual([`\r${long}z!`, 'next'])
  expect([lines.append(long, 3), lines.flush(4)].flat()).toEqual([long])
  lines.append('z', 5)
  lines.reset()
  expect(lines.flush(6)).toEqual([])
  expect(lines.append('new\n', 7)).toEqual(['new'])
})
