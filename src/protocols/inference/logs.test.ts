import { describe, expect, test, vi } from 'vitest'
import { decodeBase64 } from './base64.ts'
import type { LogChannel } from './changes.ts'
import { CumulativeText } from './cumulative-text.ts'
import { TaskLogs, channelOf, logText, type LogMode } from './logs.ts'
import { LogProgress } from './progress.ts'

vi.mock(import('./base64.ts'), { spy: true })

function encodeBytes(bytes: Uint8Array): string {
  let binary = ''
  for (let at = 0; at < bytes.length; at += 8_192)
    binary += String.fromCharCode(...bytes.subarray(at, at + 8_192))
  return btoa(binary)
}

const recordings = import.meta.glob<string>('../../testing/terminal/*.txt', {
  query: '?raw',
  import: 'default',
  eager: true,
})

const encode = (text: string) => encodeBytes(new TextEncoder().encode(text))

/** Deterministic numbers from 0 to 1. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0
    return (state >>> 0) / 2 ** 32
  }
}

const PIECES = [
  'a',
  'line of a log',
  '\n',
  '\r',
  '\t',
  'é',
  '█',
  '☂',
  '😀',
  '\u001b[31m',
  '"',
  '\0',
  '\ufeff',
  ' 42/100 ',
]

function randomText(next: () => number, longest: number): string {
  const count = Math.floor(next() * longest)
  return Array.from({ length: count }, () => PIECES[Math.floor(next() * PIECES.length)]).join('')
}

class Shown {
  text = ''
  replaced = 0

  take(change: ReturnType<CumulativeText['update']>): void {
    if (change?.kind === 'replaced') {
      this.replaced += 1
      this.text = change.text
    } else this.text += change?.text ?? ''
  }
}

describe('one cumulative text', () => {
  test.each(Array.from({ length: 40 }, (_, seed) => seed))(
    'random growth %d is appended, never replaced',
    (seed) => {
      const next = random(seed)
      const reader = new CumulativeText(true)
      const shown = new Shown()
      let text = ''
      for (let step = 0; step < 60; step++) {
        text += randomText(next, step % 20 === 7 ? 4_000 : 12)
        shown.take(reader.update(encode(text), next() < 0.1))
        expect(shown.text === text).toBe(true)
      }
      expect(shown.replaced).toBe(0)
    },
  )

  test.each(Array.from({ length: 40 }, (_, seed) => seed))(
    'random growth %d cut within characters comes out whole',
    (seed) => {
      const next = random(seed + 1_000)
      const bytes = new TextEncoder().encode(`begun\n${randomText(next, 400)}end`)
      const reader = new CumulativeText(true)
      const shown = new Shown()
      shown.take(reader.update(encodeBytes(bytes.subarray(0, 6)), false))
      for (let at = 6; at < bytes.length; at = Math.min(bytes.length, at + 1 + Math.floor(next() * 7)))
        shown.take(reader.update(encodeBytes(bytes.subarray(0, at)), false))
      shown.take(reader.update(encodeBytes(bytes), false))
      expect(shown.text).toBe(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes))
      expect(shown.replaced).toBe(0)
    },
  )

  test.each(Array.from({ length: 60 }, (_, seed) => seed))(
    'a replaced text %d is seen, whatever was changed',
    (seed) => {
      const next = random(seed + 2_000)
      const before = `begun\n${randomText(next, 3_000)}`
      const at = Math.floor(next() * before.length)
      const reader = new CumulativeText(true)
      const shown = new Shown()
      shown.take(reader.update(encode(before), false))
      const kind = seed % 4
      const after =
        kind === 0
          ? before.slice(0, at) // cut
          : kind === 1
            ? `${before.slice(at)}${randomText(next, 5_000)}` // its beginning let go of
            : kind === 2
              ? `${before.slice(0, at)}#${before.slice(at + 1)}${randomText(next, 50)}` // one character
              : randomText(next, 3_000)
      shown.take(reader.update(encode(after), false))
      expect(shown.text).toBe(
        new TextDecoder('utf-8', { ignoreBOM: true }).decode(new TextEncoder().encode(after)),
      )
    },
  )

  test('plain text grows and is replaced as well', () => {
    const reader = new CumulativeText(false)
    const shown = new Shown()
    for (const text of [
      '',
      'Processing...',
      'Processing...\nhalf way',
      'Processing...\nhalf way',
      'again',
      '',
    ])
      shown.take(reader.update(text, false))
    expect(shown).toMatchObject({ text: '', replaced: 2 })
  })

  test('a word in base64’s alphabet is text, until it turns out to be base64', () => {
    const reader = new CumulativeText(true)
    const shown = new Shown()
    const whole = encode('a log that begins like this\n')
    shown.take(reader.update(whole.slice(0, 5), false))
    expect(shown.text).toBe('YSBsb')
    shown.take(reader.update(whole, false))
    expect(shown.text).toBe('a log that begins like this\n')
    for (const word of ['done', 'abcd', 'AAA', 'AB==', 'A===', '====', 'YQ=', 'Y Q=', 'Y\nQ=', 'YR=='])
      expect(logText(word)).toBe(word)
  })

  test('one byte that is no UTF-8 does not take a readable log away', () => {
    const reader = new CumulativeText(true)
    const shown = new Shown()
    const bytes = new TextEncoder().encode('readable\n')
    shown.take(reader.update(encodeBytes(bytes), false))
    shown.take(reader.update(encodeBytes(new Uint8Array([...bytes, 0xff, 0x0a])), false))
    expect(shown).toMatchObject({ text: 'readable\n\ufffd\n', replaced: 0 })
  })

  test('a change in the middle of a large log is found in turn, or at once by a thorough look', () => {
    const large = `${'x'.repeat(98)}\n`.repeat(21_000)
    const changed = `${large.slice(0, 1_000_000)}#${large.slice(1_000_001)}`
    const [before, after, more] = [encode(large), encode(changed), encode('more.\n')]
    const thorough = new CumulativeText(true)
    thorough.update(before, false)
    expect(thorough.update(after, true)).toMatchObject({ kind: 'replaced', text: changed })
    const inTurn = new CumulativeText(true)
    inTurn.update(before, false)
    const changes = Array.from({ length: 40 }, (_, n) => inTurn.update(after + more.repeat(n), false))
    const at = changes.findIndex((change) => change?.kind === 'replaced')
    expect(at).toBeGreaterThan(-1)
    expect(changes[at]!.text === changed + 'more.\n'.repeat(at)).toBe(true)
    expect(changes.slice(at + 1).every((change) => change?.text === 'more.\n')).toBe(true)
  })

  test('a moved or shortened large log is found at once', () => {
    const lines = Array.from({ length: 40_000 }, (_, n) => `line ${n} of a log\n`)
    const reader = new CumulativeText(true)
    reader.update(encode(lines.join('')), false)
    expect(reader.update(encode(`${lines.slice(7).join('')}${'more\n'.repeat(100)}`), false)?.kind).toBe(
      'replaced',
    )
    expect(reader.update(encode(lines.slice(0, 30_000).join('')), false)?.kind).toBe('replaced')
  })

  test('a line more costs in proportion to the line', () => {
    const text = `${'a line of just one hundred characters '.repeat(3).slice(0, 98)}\n`.repeat(50_000)
    const line = 'one line more.\n'
    const flat = (wire: string) => JSON.parse(JSON.stringify(wire)) as string
    const [begun, more] = [encode(text), encode(line)]
    const reader = new CumulativeText(true)
    const decode = vi.mocked(decodeBase64)
    const updated = (wire: string) => {
      decode.mockClear()
      const change = reader.update(wire, false)
      const bytes = decode.mock.results.reduce((sum, { value }) => sum + (value as Uint8Array).length, 0)
      return { bytes, text: change?.text }
    }
    expect(updated(flat(begun)).bytes).toBe(text.length)
    for (const n of [1, 2, 3, 4, 5, 6]) {
      const grown = updated(flat(begun + more.repeat(n)))
      expect(grown.text).toBe(line)
      // The line, and what of the last group of three bytes was told already.
      expect(grown.bytes).toBeLessThan(line.length + 3)
    }
  })
})

describe('the logs of a task', () => {
  const collect = (updates: [unknown, LogMode?][]) => {
    const logs = new TaskLogs()
    const held = new Map<LogChannel, string>()
    for (const [value, mode] of updates)
      for (const { k, channel, text } of logs.apply(value, mode ?? 'update'))
        held.set(channel, k === 'lines' ? (held.get(channel) ?? '') + text : text)
    return Object.fromEntries(held)
  }
  const entry = (type: unknown, text: string) => ({ log_type: type, content: encode(text) })

  test('types have their channels', () => {
    expect([0, 1, 2, 3, 4, 9, '4', 'setup', -1, 1.5, null, 'x', Number.NaN].map(channelOf)).toEqual([
      'build',
      'run',
      'serve',
      'setup',
      'task',
      'type 9',
      'task',
      'setup',
      null,
      null,
      null,
      null,
      null,
    ])
  })
  test('a type that is not sent keeps its text', () => {
    expect(collect([[[entry(1, 'a\n'), entry(4, 'b\n')]], [[entry(4, 'b\nc\n')]], [[]], [null]])).toEqual({
      run: 'a\n',
      task: 'b\nc\n',
    })
  })
  test('several entries of one type follow each other', () => {
    expect(collect([[[entry(4, 'a\n'), entry(4, 'b\n')]], [[entry(4, 'a\n'), entry(4, 'b\nc\n')]]])).toEqual({
      task: 'a\nb\nc\n',
    })
    expect(collect([[[entry(4, 'a\n'), entry(4, 'b\n')]], [[entry(4, 'x\n'), entry(4, 'b\n')]]])).toEqual({
      task: 'x\nb\n',
    })
  })
  test('lists of lines are collected; repeated lines are lines', () => {
    expect(collect([[['a']], [['a']], [['b', 'b']]])).toEqual({ task: 'a\na\nb\nb\n' })
  })
  test('a full read of lines is all there is', () => {
    expect(collect([[['a']], [['b']], [['a', 'b', 'c'], 'whole']])).toEqual({ task: 'a\nb\nc\n' })
    expect(collect([[['a']], [['b']], [['x'], 'whole']])).toEqual({ task: 'x\n' })
  })
  test('lists that repeat everything are not told twice', () => {
    expect(collect([[['a', 'b']], [['a', 'b', 'c']], [['a', 'b', 'c', 'd']]])).toEqual({
      task: 'a\nb\nc\nd\n',
    })
  })
})

describe('progress bars', () => {
  const read = (...texts: string[]) => {
    const progress = new LogProgress()
    return texts.map((text) => progress.append(text))
  }
  test('are read from the last line, wherever the text is cut', () => {
    expect(
      read('paint:   0%|   | 0/28 [00:00<00:04]\rpaint:  2', '5%|██ ', '| 7/28 [00:01<00:03, 7it/s]'),
    ).toEqual([null, null, { percent: 25, step: 7, total: 28 }])
  })
  test.each([
    ['100%|██████| 1.2M/1.2M [00:01<00:00, 3MB/s]\n', { percent: 100, step: 1_200_000, total: 1_200_000 }],
    ['\u001b[32m 40%|███   | 4/10\u001b[0m', { percent: 40, step: 4, total: 10 }],
    [' 7%|▋', null],
    [' 7%|▋     |', { percent: 7, step: null, total: null }],
    ['999%|x| 5/0 [', { percent: 100, step: null, total: null }],
    ['loss is down 25%\n', null],
    ['50%|█| 1/2 [\nwarning: odd\n', null],
    // One bar is left unfinished, another begins below it.
    ['a: 40%|█| 4/10 [\n\rb: 10%|█| 1/10 [\rb: 20%|█| 2/10 [', { percent: 20, step: 2, total: 10 }],
    ['a: 100%|█| 4/4 [\n\rb: 10%|█| 1/10 [', { percent: 10, step: 1, total: 10 }],
  ])('%j', (text, expected) => {
    expect(read(text)).toEqual([expected])
  })

  test.each(['tqdm-nested', 'tqdm-pipe'])(
    'of bars within each other the outer one is read, however %s is cut',
    (name) => {
      const text = recordings[`../../testing/terminal/${name}.txt`]!
      for (const length of [1, 7, 40, 300]) {
        const progress = new LogProgress()
        const seen: number[] = []
        for (let at = 0; at < text.length; at += length) {
          const reported = progress.append(text.slice(at, at + length))
          if (reported?.step == null || reported.step === seen.at(-1)) continue
          expect(reported.total).toBe(3)
          seen.push(reported.step)
        }
        expect(seen).toEqual(seen.toSorted((a, b) => a - b))
        expect(seen.length).toBeGreaterThan(1)
      }
    },
  )
})

test('base64 is decoded like the platform does', () => {
  const next = random(7)
  for (let length = 0; length < 200; length++) {
    const bytes = Uint8Array.from({ length }, () => Math.floor(next() * 256))
    expect(decodeBase64(encodeBytes(bytes))).toEqual(bytes)
  }
})
