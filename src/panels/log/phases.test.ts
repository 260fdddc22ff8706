import { describe, expect, test } from 'vitest'
import { LogBuffer } from '#model/log-buffer.ts'
import { LogSearch } from './log-search.ts'
import { EVERY_LINE, matcherOf, type LineTest } from './matcher.ts'
import { KindCounts, LOG_PHASES, phaseCodes, tagOf, TAG_COLUMNS } from './phases.ts'

const BOUNDS = { maxLines: 100_000, maxBytes: 1e8 }

function filled(): LogBuffer {
  const buffer = new LogBuffer(BOUNDS)
  buffer.append(1, 'setup', 'pulling image\ndone')
  buffer.append(2, 'serve', 'loading weights')
  buffer.append(3, 'gap', '2 s not received')
  for (let k = 0; k < 2_000; k++) buffer.append(4, k % 4 === 0 ? 'run' : 'out', `line ${k}`)
  return buffer
}

describe('the phases of a log', () => {
  test('are counted once, and counted on as lines come', () => {
    const buffer = filled()
    const counts = new KindCounts(buffer)
    counts.update()
    expect(LOG_PHASES.map((phase) => counts.ofPhase(phase))).toEqual([2, 500, 1, 0, 1_500])
    buffer.append(5, 'build', 'layer 1\nlayer 2')
    buffer.append(5, 'out', 'more')
    counts.update()
    counts.update()
    expect(LOG_PHASES.map((phase) => counts.ofPhase(phase))).toEqual([2, 500, 1, 2, 1_501])
    expect(counts.phased).toBe(true)
    buffer.reset(0, 0)
    counts.update()
    expect(LOG_PHASES.map((phase) => counts.ofPhase(phase))).toEqual([0, 0, 0, 0, 0])
    expect(counts.phased).toBe(false)
  })

  test('a log of one program alone has none', () => {
    const buffer = new LogBuffer(BOUNDS)
    buffer.append(1, 'out', 'hello')
    const counts = new KindCounts(buffer)
    counts.update()
    expect(counts.phased).toBe(false)
  })

  test('leave out the lines of others, and keep the holes', () => {
    const buffer = filled()
    const lines = new LogSearch(buffer, EVERY_LINE, phaseCodes('setup'))
    lines.step(Infinity)
    expect([lines.count, lines.nth(0), lines.nth(1), lines.nth(2)]).toEqual([3, 0, 1, 3])
    const found = new LogSearch(
      buffer,
      matcherOf({ text: 'line 1', matchCase: false, regex: false }) as LineTest,
      phaseCodes('run'),
    )
    found.step(Infinity)
    expect([found.nth(0), buffer.textOf(found.nth(0) ?? 0)]).toEqual([16, 'line 12'])
    buffer.append(9, 'setup', 'late')
    lines.step(Infinity)
    expect(lines.nth(3)).toBe(buffer.total - 1)
    buffer.append(9, 'out', 'late')
    lines.step(Infinity)
    expect(lines.count).toBe(4)
  })

  test('tags are of one width', () => {
    expect(['out', 'setup', 'gap', null].map((kind) => tagOf(kind as 'out' | null))).toEqual([
      'task   ',
      'setup  ',
      '       ',
      '       ',
    ])
    expect(tagOf('run')).toHaveLength(TAG_COLUMNS)
  })
})
