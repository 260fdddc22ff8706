import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LogBuffer, type LogLineKind } from '#model/log-buffer.ts'
import { Terminal } from '#model/terminal.ts'
import { ChannelLines, ToldLines } from './channel-lines.ts'

function shown(chunks: readonly string[]): string {
  const lines = new ChannelLines('out', new ToldLines())
  const log = new LogBuffer({ maxLines: 1_000, maxBytes: 1e6 })
  for (const chunk of chunks) for (const text of lines.append(chunk, 0)) log.append(0, 'out', text)
  for (const text of lines.end(0)) log.append(0, 'out', text)
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
  const lines = new ChannelLines('out', new ToldLines())
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
  const lines = new ChannelLines('out', new ToldLines())
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

const recordings = Object.values(
  import.meta.glob<string>('../../../testing/terminal/*.txt', {
    query: '?raw',
    import: 'default',
    eager: true,
  }),
)

/** What a terminal shows of a text in the end. */
function rowsOf(text: string): string[] {
  const terminal = new Terminal()
  terminal.write(text)
  terminal.end()
  const rows: string[] = []
  for (const edit of terminal.take()) rows[edit.row] = edit.text
  return rows
}

test('bars of two channels at once are rewritten each in its place, the same in a page that came later', () => {
  const piece = fc.record({
    channel: fc.nat(1),
    length: fc.integer({ min: 1, max: 400 }),
    note: fc.boolean(),
  })
  const text = fc.constantFrom(...recordings)
  fc.assert(
    fc.property(
      text,
      text,
      fc.array(piece, { maxLength: 30 }),
      fc.nat(30),
      (first, second, pieces, joins) => {
        const told = new ToldLines()
        const kinds: LogLineKind[] = ['out', 'build']
        const channels = kinds.map((kind) => new ChannelLines(kind, told))
        const left = [first, second]
        const bounds = { maxLines: 10_000, maxBytes: 1e7 }
        const relay = new LogBuffer(bounds)
        const page = new LogBuffer(bounds)
        let notes = 0
        let joined = false
        const append = (kind: LogLineKind, line: string) => {
          relay.append(0, kind, line)
          if (joined) page.append(0, kind, line)
        }
        const say = (channel: number, length: number) => {
          const part = left[channel]!.slice(0, length)
          left[channel] = left[channel]!.slice(length)
          for (const line of channels[channel]!.append(part, 0)) append(kinds[channel]!, line)
        }
        for (const [k, { channel, length, note }] of pieces.entries()) {
          if (k === joins % (pieces.length + 1)) {
            page.reset(relay.total, relay.first)
            const tail = relay.range(relay.total - 500, relay.total)
            page.fill(tail.first, tail.at, tail.kinds, tail.texts)
            joined = true
          }
          say(channel, length)
          if (!note) continue
          notes += 1
          append('note', 'Weir says')
          told.tell('note', 1)
        }
        for (const channel of [0, 1]) {
          say(channel, Infinity)
          for (const line of channels[channel]!.end(0)) append(kinds[channel]!, line)
        }
        const lines = Array.from({ length: relay.total }, (_, line) => relay.line(line)!)
        const of = (kind: LogLineKind) => lines.filter((line) => line.kind === kind).map((line) => line.text)
        expect(of('out')).toEqual(rowsOf(first))
        expect(of('build')).toEqual(rowsOf(second))
        expect(of('note')).toHaveLength(notes)
        if (joined) expect(page.range(0, page.total)).toEqual(relay.range(0, relay.total))
      },
    ),
  )
})

test('a bar that too much was said after goes on as a line of its own', () => {
  const told = new ToldLines()
  const [bar, other] = [new ChannelLines('out', told), new ChannelLines('build', told)]
  const log = new LogBuffer({ maxLines: 1_000, maxBytes: 1e6 })
  const say = (channel: ChannelLines, kind: LogLineKind, text: string) => {
    for (const line of channel.append(text, 0)) log.append(0, kind, line)
  }
  say(bar, 'out', 'bar 10 %')
  say(other, 'build', 'noise\n'.repeat(100))
  say(bar, 'out', '\rbar 20 %')
  say(other, 'build', 'noise\n')
  say(bar, 'out', '\rbar 30 %')
  expect(log.textOf(0)).toBe('bar 10 %')
  expect([log.total, log.textOf(101)]).toEqual([103, 'bar 30 %'])
})
