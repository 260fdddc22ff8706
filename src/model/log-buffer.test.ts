import { describe, expect, it } from 'vitest'
import { LogBuffer } from './log-buffer.ts'
import { MAX_LINE_CHARS } from './terminal-row.ts'

const ROOMY = { maxLines: 1_000_000, maxBytes: 1e9 }

function filled(lines: number, bounds = ROOMY): LogBuffer {
  const log = new LogBuffer(bounds)
  for (let i = 0; i < lines; i++) log.append(1_000 + i, 'out', `line ${i}`)
  return log
}

function texts(log: LogBuffer): string[] {
  return log.range(0, log.total).texts
}

describe('append', () => {
  it('numbers lines from 0 and keeps time and kind', () => {
    const log = new LogBuffer(ROOMY)
    log.append(5, 'out', 'a')
    log.append(6.5, 'gap', 'steps 2 to 4 not received')
    expect([log.first, log.total]).toEqual([0, 2])
    expect(log.line(1)).toEqual({ at: 6.5, kind: 'gap', text: 'steps 2 to 4 not received' })
    expect(log.line(2)).toBeUndefined()
  })

  it('finds every line again after chunks were sealed', () => {
    const log = filled(5_000)
    for (const i of [0, 1_023, 1_024, 4_095, 4_999]) expect(log.line(i)?.text).toBe(`line ${i}`)
    expect(log.line(4_096)).toEqual({ at: 5_096, kind: 'out', text: 'line 4096' })
  })

  it('splits at line feeds, one at the end being no line of its own', () => {
    const log = new LogBuffer(ROOMY)
    log.append(0, 'out', 'a\nb\r\n\nc\n')
    log.append(0, 'out', '')
    log.append(0, 'out', '\n')
    expect(texts(log)).toEqual(['a', 'b', '', 'c', '', ''])
  })

  it('keeps what stands after the last carriage return', () => {
    const log = new LogBuffer(ROOMY)
    log.append(0, 'out', '10 %\r50 %\r99 %\r')
    expect(texts(log)).toEqual(['99 %'])
  })

  it('replaces the last line when a text begins with a carriage return', () => {
    const log = new LogBuffer(ROOMY)
    log.append(1, 'out', 'start')
    log.append(2, 'out', '10 %')
    const version = log.version
    log.append(3, 'out', '\r20 %')
    log.append(4, 'out', '\r30 %\nnext')
    log.append(5, 'out', '\r')
    expect(texts(log)).toEqual(['start', '30 %', 'next'])
    expect(log.line(1)?.at).toBe(4)
    expect(log.version).toBeGreaterThan(version)
  })

  it('replaces at the edge of a chunk as well', () => {
    const log = filled(1_024)
    log.append(0, 'out', '\rlast of the first chunk')
    log.append(0, 'out', 'next')
    log.append(0, 'out', '\rnext, again')
    expect(log.total).toBe(1_025)
    expect(log.textOf(1_023)).toBe('last of the first chunk')
    expect(log.textOf(1_024)).toBe('next, again')
  })

  it('never replaces a gap, an error or a note', () => {
    const log = new LogBuffer(ROOMY)
    log.append(0, 'gap', 'hole')
    log.append(0, 'out', '\r20 %')
    log.append(0, 'note', '\rWeir says')
    expect(texts(log)).toEqual(['hole', '20 %', 'Weir says'])
  })

  it('cuts very long lines and says so', () => {
    const log = new LogBuffer(ROOMY)
    log.append(0, 'out', 'x'.repeat(MAX_LINE_CHARS + 12_345))
    const text = log.textOf(0) ?? ''
    expect(text).toHaveLength(MAX_LINE_CHARS + ' … [12,345 more characters cut]'.length)
    expect(text.endsWith('x … [12,345 more characters cut]')).toBe(true)
  })

  it('does not cut through a pair of surrogates', () => {
    const log = new LogBuffer(ROOMY)
    log.append(0, 'out', `${'x'.repeat(MAX_LINE_CHARS - 1)}😀😀`)
    expect(log.textOf(0)).toContain('x … [4 more characters cut]')
  })
})

describe('bounds', () => {
  it('lets whole chunks go from the front', () => {
    const log = filled(10_000, { maxLines: 4_000, maxBytes: 1e9 })
    expect(log.total).toBe(10_000)
    expect(log.total - log.first).toBeLessThanOrEqual(4_000)
    expect(log.total - log.first).toBeGreaterThan(3_000)
    expect(log.line(log.first)?.text).toBe(`line ${log.first}`)
    expect(log.line(log.first - 1)).toBeUndefined()
  })

  it('holds the bound on memory, two bytes a character where needed', () => {
    const log = new LogBuffer({ maxLines: 1e6, maxBytes: 1_000_000 })
    for (let i = 0; i < 20_000; i++) log.append(i, 'out', 'ж'.repeat(100))
    expect(log.bytes).toBeLessThanOrEqual(1_000_000)
    expect(log.total - log.first).toBeGreaterThan(3_000)
    expect(log.total - log.first).toBeLessThan(5_000)
  })

  it('counts a million lines of 100 characters below 120 MB', () => {
    const log = new LogBuffer({ maxLines: 1e6, maxBytes: 1e9 })
    for (let i = 0; i < 50_000; i++) log.append(i, 'out', 'x'.repeat(100))
    expect(log.bytes * 20).toBeLessThan(120e6)
  })

  it('drops what is gone elsewhere', () => {
    const log = filled(5_000)
    log.dropBefore(3_000)
    expect(log.first).toBe(2_048)
    expect(log.has(2_047)).toBe(false)
    log.dropBefore(100)
    expect(log.first).toBe(2_048)
  })
})

describe('a sparse copy', () => {
  function copyOf(source: LogBuffer, tail: number): LogBuffer {
    const copy = new LogBuffer(ROOMY)
    copy.reset(source.total, source.first)
    load(copy, source, source.total - tail, source.total)
    return copy
  }
  function load(copy: LogBuffer, source: LogBuffer, from: number, to: number): void {
    const columns = source.range(from, to)
    copy.fill(columns.first, columns.at, columns.kinds, columns.texts)
  }

  it('knows what is loaded and what is not', () => {
    const copy = copyOf(filled(10_000), 500)
    expect([copy.first, copy.total]).toEqual([0, 10_000])
    expect([copy.has(9_499), copy.has(9_500), copy.has(9_999), copy.has(10_000)]).toEqual([
      false,
      true,
      true,
      false,
    ])
    expect(copy.missing(9_000, 10_000)).toEqual([{ from: 9_000, to: 9_500 }])
    expect(copy.line(3)).toBeUndefined()
  })

  it('numbers and folds as the source does from the snapshot on', () => {
    const source = filled(3_000)
    const copy = copyOf(source, 1)
    for (const text of ['\rreplaced', 'a\nb', '\rc', 'd\r']) {
      source.append(1, 'out', text)
      copy.append(1, 'out', text)
    }
    load(copy, source, 0, source.total)
    expect(copy.total).toBe(source.total)
    expect(texts(copy)).toEqual(texts(source))
  })

  it('fills holes in any order and leaves what is loaded alone', () => {
    const source = filled(10_000)
    const copy = copyOf(source, 10)
    load(copy, source, 5_000, 6_000)
    load(copy, source, 1_000, 2_000)
    expect(copy.missing(0, 10_000)).toEqual([
      { from: 0, to: 1_000 },
      { from: 2_000, to: 5_000 },
      { from: 6_000, to: 9_990 },
    ])
    const version = copy.version
    copy.fill(5_500, [0], [0], ['other'])
    expect(copy.version).toBe(version)
    load(copy, source, 500, 9_999)
    load(copy, source, 0, 10_000)
    expect(copy.missing(0, 10_000)).toEqual([])
    expect(texts(copy)).toEqual(texts(source))
  })

  it('takes nothing beyond the lines that exist', () => {
    const copy = new LogBuffer(ROOMY)
    copy.reset(10, 5)
    copy.fill(
      0,
      [],
      [],
      Array.from({ length: 20 }, (_, i) => `line ${i}`),
    )
    expect([copy.first, copy.total]).toEqual([5, 10])
    expect(copy.range(0, 20)).toMatchObject({
      first: 5,
      texts: ['line 5', 'line 6', 'line 7', 'line 8', 'line 9'],
    })
  })

  it('gives the lines up to a hole, and names the hole in a text', () => {
    const source = filled(4_000)
    const copy = copyOf(source, 2)
    load(copy, source, 10, 12)
    expect(copy.range(10, 20)).toMatchObject({ first: 10, texts: ['line 10', 'line 11'] })
    expect(copy.range(3_000, 4_000)).toMatchObject({ first: 3_998, texts: ['line 3998', 'line 3999'] })
    expect(copy.text(11, 4_000)).toBe(
      'line 11\n# [weir gap] lines 13 to 3,998 are not loaded\nline 3998\nline 3999',
    )
  })

  it('starts anew with a reset', () => {
    const log = filled(3_000)
    const { generation } = log
    log.reset(7, 7)
    expect([log.first, log.total, log.missing(0, 100), log.generation]).toEqual([7, 7, [], generation + 1])
    log.append(0, 'out', 'eighth')
    expect(log.line(7)?.text).toBe('eighth')
  })

  it('keeps its number when a line it has not loaded is replaced', () => {
    const copy = new LogBuffer(ROOMY)
    copy.reset(10, 0)
    copy.append(0, 'out', '\rreplaced')
    expect(copy.total).toBe(10)
    expect(copy.has(9)).toBe(false)
  })

  it('raises first through a hole when there are too many lines', () => {
    const log = new LogBuffer({ maxLines: 1_000, maxBytes: 1e9 })
    log.reset(1_000, 0)
    for (let i = 0; i < 300; i++) log.append(0, 'out', 'x')
    expect(log.first).toBe(300)
  })
})

describe('text', () => {
  it('joins across chunks and into the open one', () => {
    const log = filled(2_500)
    const expected = Array.from({ length: 1_490 }, (_, i) => `line ${i + 1_000}`).join('\n')
    expect(log.text(1_000, 2_490)).toBe(expected)
    expect(log.text(1_020, 1_030).split('\n')).toHaveLength(10)
    expect(log.text(2_048, 2_050)).toBe('line 2048\nline 2049')
  })

  it('keeps empty lines', () => {
    const log = new LogBuffer(ROOMY)
    log.append(0, 'out', 'a\n\n')
    log.append(0, 'out', 'b')
    expect(log.text(0, 3)).toBe('a\n\nb')
  })
})

describe('what terminals do', () => {
  const folded = (...said: string[]) => {
    const log = new LogBuffer(ROOMY)
    for (const text of said) log.append(0, 'out', text)
    return texts(log)
  }

  it('a colour that is not taken back goes on in the next line', () => {
    expect(folded('\x1b[31mred', 'still', '\x1b[0mnot', 'nor this')).toEqual([
      '\x1b[31mred',
      '\x1b[31mstill',
      '\x1b[31m\x1b[0mnot',
      'nor this',
    ])
    expect(folded('\x1b[31mred\nand\x1b[0m\nnot', 'nor this')).toEqual([
      '\x1b[31mred\x1b[0m',
      '\x1b[31mand\x1b[0m',
      'not',
      'nor this',
    ])
  })

  it('but not in what another says', () => {
    const log = new LogBuffer(ROOMY)
    log.append(0, 'out', '\x1b[31mred')
    log.append(0, 'note', 'Weir says')
    log.append(0, 'build', 'a build says')
    log.append(0, 'out', 'still')
    expect(texts(log)).toEqual(['\x1b[31mred', 'Weir says', 'a build says', '\x1b[31mstill'])
  })

  it('a page that came later knows the colour that goes on', () => {
    const source = new LogBuffer(ROOMY)
    source.append(0, 'out', '\x1b[31mred')
    const copy = new LogBuffer(ROOMY)
    copy.reset(source.total, 0)
    const tail = source.range(0, 1)
    copy.fill(0, tail.at, tail.kinds, tail.texts)
    for (const log of [source, copy]) log.append(0, 'out', 'still')
    expect(texts(copy)).toEqual(texts(source))
    expect(texts(copy)[1]).toBe('\x1b[31mstill')
  })

  it('returns, backspaces and unfinished sequences lose nothing that a terminal shows', () => {
    expect(folded('50%\r100%', 'text\r\n', 'first part\rsecond', '/ \b\b- \b\bdone', '\x1b]0;title')).toEqual(
      ['100%', 'text', 'secondpart', 'done', '␛]0;title'],
    )
  })

  it('a text may replace a line above the last one of its kind, whatever was said in between', () => {
    const log = new LogBuffer(ROOMY)
    for (const text of ['a', 'b', 'c']) log.append(0, 'out', text)
    log.append(0, 'gap', 'hole')
    log.append(9, 'out', '\x1b[2FA')
    log.append(9, 'out', '\x1b[0F')
    log.append(9, 'out', '\rC')
    expect(texts(log)).toEqual(['A', 'b', 'C', 'hole'])
    expect(log.line(0)?.at).toBe(9)
  })

  it('only among the newest lines: older ones are sealed', () => {
    const log = filled(2_000)
    log.append(0, 'out', '\x1b[79FX')
    log.append(0, 'out', '\x1b[80FY')
    expect([log.total, log.textOf(1_920), log.textOf(1_919)]).toEqual([2_000, 'X', 'line 1919'])
    expect(log.chunks.at(-1)!.end).toBeLessThanOrEqual(1_920)
  })
})

it('a range ends before it has too many characters, and has one line at least', () => {
  const log = new LogBuffer({ maxLines: 10_000, maxBytes: 1e9 })
  for (let i = 0; i < 3_000; i++) log.append(i, 'out', `${i} ${'x'.repeat(100)}`)
  for (const from of [0, 1_000, 2_950]) {
    const { first, at, kinds, texts } = log.range(from, 3_000, 1_050)
    expect(first).toBe(from)
    expect(texts.map((text) => Number.parseInt(text, 10))).toEqual(
      Array.from({ length: 10 }, (_, i) => from + i),
    )
    expect([at.length, kinds.length]).toEqual([10, 10])
    expect(log.range(from, 3_000, 5).texts).toHaveLength(1)
  }
})
