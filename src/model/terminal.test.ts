import { fuzzRuns } from '#testing/fuzz-runs.ts'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Terminal, TERMINAL_ROWS } from './terminal.ts'

const recordings = import.meta.glob<string>('../testing/terminal/*.txt', {
  query: '?raw',
  import: 'default',
  eager: true,
})
const recording = (name: string) => recordings[`../testing/terminal/${name}.txt`]!

/** The rows of pieces, told after each of them. */
function rows(pieces: readonly string[], end = true): string[] {
  const terminal = new Terminal()
  const lines: string[] = []
  const take = () => {
    for (const { row, text } of terminal.take()) {
      // Rows come in order, none is left out.
      expect(row).toBeLessThanOrEqual(lines.length)
      lines[row] = text
    }
  }
  for (const piece of pieces) {
    terminal.write(piece)
    take()
  }
  if (end) terminal.end()
  take()
  return lines
}

const show = (text: string) => rows([text])
/** Without colours and trailing spaces. */
const plain = (text: string) =>
  // oxlint-disable-next-line no-control-regex
  show(text).map((line) => line.replace(/\x1b\[[\d;]*m/g, '').trimEnd())

test.each([
  ['a\nb\r\n\nc', ['a', 'b', '', 'c']],
  ['50%\r100%', ['100%']],
  ['text\r\nmore', ['text', 'more']],
  ['text\r', ['text']],
  ['first part\rsecond', ['secondpart']],
  ['100 %\r 99 %', [' 99 %']],
  ['done     \rok', ['okne']],
  ['abc\b\bX', ['aXc']],
  ['/ \b\b- \b\b\\ \b\bdone', ['done']],
  ['\b\bx', ['x']],
  ['abc\x1b[2Dx', ['axc']],
  ['abc\x1b[1Gx', ['xbc']],
  ['abc\x1b[5Gx', ['abc x']],
  ['abcdef\x1b[3G\x1b[K', ['ab']],
  ['abcdef\x1b[3G\x1b[1K', ['   def']],
  ['abcdef\x1b[2K\rx', ['x']],
  ['abcdef\r\x1b[2Px', ['xdef']],
  ['abcdef\r\x1b[2@x', ['x abcdef']],
  ['abcdef\r\x1b[3X', ['   def']],
  ['a\nb\nc\x1b[2A\rx\x1b[B\ry', ['x', 'y', 'c']],
  ['a\nb\nc\x1b[2Fx', ['x', 'b', 'c']],
  ['a\nb\nc\x1b[A\x1b[J', ['a', 'b', '']],
  ['a\nb\nc\x1b[2A\r\x1b[0J', ['', '', '']],
  ['a\x1b[99Bb', ['ab']],
  ['a\x1b7bc\x1b8x', ['axc']],
  ['a\x1b[sbc\x1b[ux', ['axc']],
  ['a\tb', ['a\tb']],
  ['a\tb\rxy', ['xy      b']],
  ['a\tb\r12345678', ['12345678b']],
  ['日本\rx', ['x 本']],
  ['日本\b\bx', ['日x']],
  ['🌑\b\b🌒', ['🌒']],
  ['e\u0301x\rf', ['fx']],
  ['ab\u0301\b\bx', ['xb\u0301']],
  ['a\x1b[1000000Cb', [`a${' '.repeat(511)}b`]],
  ['bell\x07 and \0nothing', ['bell and nothing']],
  ['a\x01b', ['a\x01b']],
])('%j reads %j', (text, lines) => {
  expect(show(text)).toEqual(lines)
})

describe('sequences that are not for the eye', () => {
  test.each([
    ['\x1b]0;a title\x07text', ['text']],
    ['\x1b]0;a title\x1b\\text', ['text']],
    ['\x1b]8;;http://example.org\x1b\\link\x1b]8;;\x1b\\ after', ['link after']],
    ['\x9d0;a title\x9ctext', ['text']],
    ['\x1bPq#0\x1b\\text', ['text']],
    ['\x1b(B\x1b[?25l\x1b[>4;1mtext\x1b[?25h\x1b=', ['text']],
    ['\x9b31mred\x9b0m', ['\x1b[31mred\x1b[0m']],
    // Unfinished ones take nothing with them.
    ['before \x1b]0;title\nnext', ['before ␛]0;title', 'next']],
    ['before \x9d0;title\nnext', ['before \ufffd0;title', 'next']],
    ['before \x1b[31\nnext', ['before ␛[31', 'next']],
    ['before \x1b]0;title', ['before ␛]0;title']],
    ['before \x1b', ['before ␛']],
    ['before \x1b[12', ['before ␛[12']],
    ['\x1bétat', ['␛état']],
  ])('%j reads %j', (text, lines) => {
    expect(show(text)).toEqual(lines)
  })
})

describe('colours', () => {
  test('go on in the next line until they are taken back', () => {
    expect(show('\x1b[31mred\nstill\x1b[0m\nnot')).toEqual([
      '\x1b[31mred\x1b[0m',
      '\x1b[31mstill\x1b[0m',
      'not',
    ])
  })
  test('come out in one form', () => {
    expect(show('\x1b[38:2::255:128:0mo\x1b[m\x1b[4:3mu\x1b[0m')).toEqual([
      '\x1b[38;2;255;128;0mo\x1b[0;4mu\x1b[0m',
    ])
  })
  test('stay with what they were given to when it is written over', () => {
    expect(show('\x1b[31mred text\x1b[0m\rblue')).toEqual(['blue\x1b[31mtext\x1b[0m'])
  })
})

describe('what was said is not lost to', () => {
  test.each([
    ['clearing the screen', 'a\nb\x1b[2J\x1b[Hc', ['a', 'b', 'c']],
    ['a second screen', 'a\nb\x1b[?1049h\x1b[Hc\nd', ['a', 'b', 'c', 'd']],
    ['going home', 'a\nb\x1b[Hc', ['a', 'b', 'c']],
    ['going up beyond a cleared screen', 'a\nb\x1b[2Jc\x1b[9A\rd', ['a', 'b', 'd']],
  ])('%s', (_, text, lines) => {
    expect(show(text)).toEqual(lines)
  })

  test('and a screen that is painted anew from its top is one screen', () => {
    const frame = (n: number) => `\x1b[Hframe ${n}\x1b[K\nload ${n}\x1b[K\n`
    expect(show(`before\n\x1b[2J${frame(1)}${frame(2)}${frame(3)}`)).toEqual(['before', 'frame 3', 'load 3'])
  })
})

test('only the newest rows may be written on', () => {
  const many = Array.from({ length: 100 }, (_, k) => `row ${k}`)
  const lines = show(`${many.join('\n')}\x1b[500A\rX`)
  expect(lines).toEqual(many.map((line, k) => (k === 100 - TERMINAL_ROWS ? `Xow ${k}` : line)))
})

test('however long, a row is bounded', () => {
  for (const text of ['x'.repeat(200_000), `a\r${'x'.repeat(200_000)}`, 'e' + '\u0301'.repeat(200_000)]) {
    const [line] = show(text)
    expect(line!.length).toBeLessThan(66_000)
  }
})

describe('as recorded', () => {
  test('nested bars of tqdm, the inner one left behind by none', () => {
    const lines = plain(recording('tqdm-nested'))
    expect(lines[0]).toMatch(/^epoch: 100%\|█+\| 3\/3 \[/)
    expect(lines.slice(1)).toEqual(['trained'])
    expect(plain(recording('tqdm-pipe')).map((line) => line.slice(0, 11))).toEqual(['epoch: 100%', 'trained'])
  })
  test('nested bars of tqdm that write in between', () => {
    expect(plain(recording('tqdm-default')).map((line) => line.slice(0, 12))).toEqual([
      'note 0',
      'inner: 100%|',
      'note 1',
      'inner: 100%|',
      'outer: 100%|',
      'done',
    ])
  })
  test('bars of tqdm at positions', () => {
    const lines = plain(recording('tqdm-positions'))
    expect(lines.map((line) => line.slice(0, 8))).toEqual(['w0: 100%', 'w1: 100%', 'w2: 100%', 'all done'])
  })
  test('bars of rich', () => {
    const lines = plain(recording('rich-progress'))
    expect(lines.map((line) => line.replace(/ ━+ /, ' '))).toEqual([
      'careful now',
      'download 100% 0:00:00',
      'unpack   100% 0:00:00',
      'ready',
    ])
  })
  test('pip', () => {
    const lines = plain(recording('pip'))
    expect(lines).toHaveLength(5)
    expect(lines[2]).toMatch(/^ {5}━+ 1\.3\/1\.3 MB .* eta 0:00:00$/)
    expect(lines[4]).toBe('Successfully downloaded pygments')
  })
  test('npm', () => {
    expect(plain(recording('npm'))).toEqual(['', 'added 1 package in 3s', ''])
  })
  test('wget', () => {
    const lines = plain(recording('wget'))
    expect(lines.filter((line) => line.includes('%'))).toEqual([
      '/dev/null           100%[===================>] 292.97K   335KB/s    in 0.9s',
    ])
    expect(lines).toHaveLength(10)
  })
  test('a spinner of backspaces', () => {
    expect(plain(recording('spinner'))).toEqual(['solving environment: done', 'moon 🌕'])
  })
})

test('wherever a text is cut into pieces, the rows are the same', () => {
  const pieces = fc.oneof(
    fc.constantFrom(...Object.values(recordings)),
    fc
      .array(
        fc.constantFrom(
          'word',
          'é',
          '日',
          '😀',
          'e\u0301',
          '👩\u200d🚀',
          ' ',
          '\t',
          '\n',
          '\r',
          '\r\n',
          '\b',
          '\x1b[A',
          '\x1b[2B',
          '\x1b[3C',
          '\x1b[2D',
          '\x1b[K',
          '\x1b[1K',
          '\x1b[2K',
          '\x1b[J',
          '\x1b[2J',
          '\x1b[H',
          '\x1b[3;4H',
          '\x1b[9G',
          '\x1b[31m',
          '\x1b[38:2::1:2:3m',
          '\x1b[0m',
          '\x9b1m',
          '\x1b]0;t\x07',
          '\x1b]0;t',
          '\x1b]8;;u\x1b\\',
          '\x1bP',
          '\x1b',
          '\x1b7',
          '\x1b8',
          '\x1bM',
          '\x85',
          '\x1b[2P',
          '\x1b[@',
          '\0',
          '\x01',
        ),
        { maxLength: 60 },
      )
      .map((parts) => parts.join('')),
    fc.string({ unit: 'binary', maxLength: 60 }),
  )
  fc.assert(
    fc.property(pieces, fc.array(fc.nat(4_000), { maxLength: 40 }), (text, cuts) => {
      const at = [...new Set([0, ...cuts.map((cut) => cut % (text.length + 1)), text.length])].sort(
        (a, b) => a - b,
      )
      expect(rows(at.slice(1).map((end, k) => text.slice(at[k], end)))).toEqual(rows([text]))
    }),
    { numRuns: fuzzRuns(500) },
  )
})

test('what came out goes through once more unchanged', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
      const lines = show(text)
      // The parts of half a character may be told apart by nobody.
      for (const line of lines) expect(line === '' ? [] : show(line)).toEqual(line === '' ? [] : [line])
    }),
  )
})
