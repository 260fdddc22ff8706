import { expect, test } from 'vitest'
import { LogBuffer } from '#model/log-buffer.ts'
import { ChannelLines } from './channel-lines.ts'

function shown(chunks: readonly string[]): string {
  const lines = new ChannelLines()
  const log = new LogBuffer({ maxLines: 1_000, maxBytes: 1e6 })
  for (const chunk of chunks) for (const text of lines.append(chunk)) log.append(0, 'out', text)
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
