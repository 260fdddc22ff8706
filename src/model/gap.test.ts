import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { addGap, spanOf, type Gap, type GapCause } from './gap.ts'

const away = (from: number, to: number): Gap => ({
  at: to,
  from,
  to,
  cause: 'weir-away',
  text: `away from ${from} to ${to}`,
  missed: null,
})
const cut = (at: number, missed: number | null = null): Gap => ({
  at,
  cause: 'disconnected',
  text: `cut, seen at ${at}`,
  missed,
})

test('a stream that was cut because Weir was away is one gap with that', () => {
  expect(addGap([away(100, 200)], cut(203, 7), 95)).toEqual({
    gaps: [
      {
        at: 203,
        from: 95,
        to: 203,
        cause: 'weir-away',
        text: 'away from 100 to 200; cut, seen at 203',
        missed: 7,
      },
    ],
    absorbed: 1,
  })
})

test('a Weir that was away twice before the stream came back is one gap, too', () => {
  const before = [cut(50), away(100, 200), away(210, 300)]
  const { gaps, absorbed } = addGap(before, cut(310), 95)
  expect(absorbed).toBe(2)
  expect(gaps).toMatchObject([cut(50), { from: 95, to: 310 }])
})

test.each([
  ['the stream was cut after more had come', [away(100, 200)], cut(500), 450],
  ['Weir was not away', [cut(100)], cut(203), 95],
  ['steps were dropped', [away(100, 200)], { ...cut(200), cause: 'dropped' as const }, 95],
])('a gap stays one of its own where %s', (_when, before, gap, heardAt) => {
  expect(addGap(before, gap, heardAt)).toEqual({ gaps: [...before, gap], absorbed: 0 })
})

const gap: fc.Arbitrary<Gap> = fc
  .record({
    from: fc.nat(300),
    ms: fc.nat(100),
    cause: fc.constantFrom<GapCause[]>('weir-away', 'disconnected', 'dropped', 'late'),
    knowsSpan: fc.boolean(),
    missed: fc.option(fc.nat(9)),
  })
  .map(({ from, ms, cause, knowsSpan, missed }) => ({
    at: from + ms,
    ...(knowsSpan ? { from, to: from + ms } : {}),
    cause,
    text: cause,
    missed,
  }))

test('whatever is merged, no time, no step and no other gap is lost, and none is counted twice', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(gap, fc.option(fc.nat(300)))), (entered) => {
      let gaps: Gap[] = []
      let count = 0
      for (const [each, heardAt] of entered) {
        const added = addGap(gaps, each, heardAt)
        ;({ gaps } = added)
        count += 1 - added.absorbed
      }
      expect(gaps).toHaveLength(count)
      const missed = (all: readonly Gap[]) => all.reduce((sum, each) => sum + (each.missed ?? 0), 0)
      expect(missed(gaps)).toBe(missed(entered.map(([each]) => each)))
      const merges = (cause: GapCause) => cause === 'weir-away' || cause === 'disconnected'
      for (const [each] of entered) {
        const { from, to } = spanOf(each)
        const holder = gaps.find((one) => {
          const span = spanOf(one)
          return span.from <= from && span.to >= to && merges(one.cause) === merges(each.cause)
        })
        expect(holder).toBeDefined()
      }
    }),
  )
})
