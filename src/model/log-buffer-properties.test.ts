import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fuzzRuns } from '#testing/fuzz-runs.ts'
import { LOG_LINE_KINDS, LogBuffer, OPEN_LINES, type LogLine } from './log-buffer.ts'

/*
 * A log beside a plain array of its lines, and a page's copy of it beside the relay's.
 */

const ROOMY = { maxLines: 1_000_000, maxBytes: 1e9 }
/** Chunks of 16 lines, so that a few hundred lines are in many of them. */
const SMALL = { maxLines: 128, maxBytes: 1e9 }

const said = fc.record({
  at: fc.nat(1_000),
  kind: fc.constantFrom(...LOG_LINE_KINDS),
  text: fc.oneof(
    { weight: 6, arbitrary: fc.string({ maxLength: 20 }) },
    { weight: 2, arbitrary: fc.string({ unit: 'grapheme', maxLength: 6 }) },
    // What programs do: bars that are drawn again, some rows up, colours that go on.
    fc.constantFrom(
      '\r10 %',
      '\r\u001b[Kdone',
      '\u001b[A\u001b[2Kx',
      '\u001b[3A\rrow\n\n\n',
      'a\nb\n',
      '\u001b[31mred',
      '\u001b[0m',
    ),
  ),
})
const talk = fc.array(said, { maxLength: 400, size: 'max' })

function speak(log: LogBuffer, texts: readonly { at: number; kind: LogLine['kind']; text: string }[]): void {
  for (const { at, kind, text } of texts) log.append(at, kind, text)
}

/** Every line that is loaded, by its number. */
function linesOf(log: LogBuffer): Map<number, LogLine> {
  const lines = new Map<number, LogLine>()
  for (let n = log.first; n < log.total; n++) {
    const line = log.line(n)
    if (line) lines.set(n, line)
  }
  return lines
}

test('what leaves a log and how it is cut into chunks changes no line that stays', () => {
  fc.assert(
    fc.property(talk, fc.integer({ min: 40, max: 300 }), (texts, maxLines) => {
      const all = new LogBuffer(ROOMY)
      const bounded = new LogBuffer({ maxLines, maxBytes: 1e9 })
      speak(all, texts)
      speak(bounded, texts)
      expect(bounded.total).toBe(all.total)
      // Whole chunks leave; the lines that may still be replaced stay in any case.
      expect(bounded.total - bounded.first).toBeLessThanOrEqual(Math.max(maxLines, OPEN_LINES + 16))
      const kept = linesOf(bounded)
      expect(kept.size).toBe(bounded.total - bounded.first)
      for (const [n, line] of kept) expect(line).toEqual(all.line(n))
    }),
    { numRuns: fuzzRuns(100) },
  )
})

test('lines without habits of terminals are an array, whichever way they are read', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          at: fc.nat(),
          kind: said.map(({ kind }) => kind),
          text: fc.stringMatching(/^[a-z]{0,9}$/),
        }),
        {
          maxLength: 400,
          size: 'max',
        },
      ),
      fc.integer({ min: -5, max: 420 }),
      fc.integer({ min: -5, max: 420 }),
      fc.nat(60),
      (texts, from, to, chars) => {
        const log = new LogBuffer(SMALL)
        speak(log, texts)
        const inside = texts.slice(Math.max(from, log.first, 0), Math.max(0, to))
        const range = log.range(from, to)
        if (inside.length > 0) expect(range.first).toBe(Math.max(from, log.first))
        expect(range.texts).toEqual(inside.map(({ text }) => text))
        expect(range.at).toEqual(inside.map(({ at }) => at))
        expect(range.kinds.map((code) => LOG_LINE_KINDS[code])).toEqual(inside.map(({ kind }) => kind))
        expect(log.text(from, to)).toBe(inside.map(({ text }) => text).join('\n'))
        expect(log.missing(from, to)).toEqual([])
        // As many as fit into so many characters, and one in any case.
        const short = log.range(from, to, chars)
        let fit = 0
        let sum = 0
        for (const { text } of inside) {
          sum += text.length
          if (sum > chars && fit > 0) break
          fit += 1
        }
        expect(short.texts).toEqual(range.texts.slice(0, fit))
        for (const n of [from, to]) {
          const line = n >= log.first ? texts[n] : undefined
          expect(log.line(n)).toEqual(line)
          expect(log.textOf(n)).toBe(line?.text)
          expect(log.has(n)).toBe(line !== undefined)
        }
      },
    ),
    { numRuns: fuzzRuns(200) },
  )
})

test('who copies what changed since the last time has the log', () => {
  fc.assert(
    fc.property(fc.array(talk, { maxLength: 12 }), (turns) => {
      const log = new LogBuffer(SMALL)
      const copy = new Map<number, LogLine>()
      for (const texts of turns) {
        speak(log, texts)
        const changed = log.takeChanged()
        if (changed === null) continue
        for (let n = changed; n < log.total; n++) copy.set(n, log.line(n)!)
      }
      for (const [n, line] of linesOf(log)) expect(copy.get(n)).toEqual(line)
      expect(log.takeChanged()).toBeNull()
    }),
    { numRuns: fuzzRuns(60) },
  )
})

/** What a page does with its copy: reads a range, lets go of what is old, hears what is said next. */
const act = fc.oneof(
  fc.record({
    how: fc.constant('read' as const),
    from: fc.nat(500),
    count: fc.integer({ min: 1, max: 200 }),
  }),
  fc.record({ how: fc.constant('unload' as const), line: fc.nat(500) }),
  fc.record({ how: fc.constant('hear' as const), texts: fc.array(said, { maxLength: 30 }) }),
)

test('a copy that begins with a snapshot and is read in any pieces says of each line what the relay says', () => {
  fc.assert(
    fc.property(
      talk,
      fc.array(act, { maxLength: 20 }),
      fc.integer({ min: OPEN_LINES, max: 150 }),
      (before, acts, tail) => {
        const relay = new LogBuffer(ROOMY)
        const page = new LogBuffer(ROOMY)
        speak(relay, before)
        const read = (from: number, to: number) => {
          const { first, at, kinds, texts } = relay.range(from, to)
          page.fill(first, at, kinds, texts)
        }
        page.reset(relay.total, relay.first)
        expect(page.missing(0, relay.total)).toEqual(relay.total > 0 ? [{ from: 0, to: relay.total }] : [])
        read(relay.total - tail, relay.total)
        for (const each of acts) {
          if (each.how === 'read') read(each.from, each.from + each.count)
          else if (each.how === 'unload') page.unload(each.line)
          else {
            speak(relay, each.texts)
            speak(page, each.texts)
          }
          expect(page.total).toBe(relay.total)
          const loaded = linesOf(page)
          for (const [n, line] of loaded) expect(line).toEqual(relay.line(n))
          // What is not loaded is missing, and nothing else.
          const missing = page
            .missing(0, page.total)
            .flatMap(({ from, to }) => Array.from({ length: to - from }, (_, i) => from + i))
          expect(missing).toEqual(
            Array.from({ length: page.total }, (_, n) => n).filter((n) => !loaded.has(n)),
          )
        }
        read(0, relay.total)
        expect(page.missing(0, page.total)).toEqual([])
        expect(page.text(0, page.total)).toBe(relay.text(0, relay.total))
      },
    ),
    { numRuns: fuzzRuns(60) },
  )
})

test('the memory it counts is that of what it holds, whatever came and went', () => {
  const size = (log: LogBuffer) => {
    const open = log.range(log.openFirst, log.total).texts
    const sealed = log.chunks.reduce((sum, { bytes }) => sum + bytes, 0)
    return sealed + open.reduce((sum, { length }) => sum + length + 48, 0)
  }
  fc.assert(
    fc.property(talk, talk, fc.nat(500), fc.nat(500), (before, after, gone, unloaded) => {
      const log = new LogBuffer(SMALL)
      speak(log, before)
      expect(log.bytes).toBe(size(log))
      log.dropBefore(Math.min(gone, log.openFirst))
      log.unload(unloaded)
      expect(log.bytes).toBe(size(log))
      speak(log, after)
      expect(log.bytes).toBe(size(log))
      log.reset(0, 0)
      expect(log.bytes).toBe(0)
    }),
    { numRuns: fuzzRuns(100) },
  )
})
