import { expect, test } from 'vitest'
import type { Gap } from '#model/gap.ts'
import { Track } from '#model/track.ts'
import { GapSpans, gapSpan, gapWords } from './gap-spans.ts'

const gap: Gap = { at: 9_000, cause: 'disconnected', text: 'the stream was cut', missed: null }

test('a gap reaches from the last sample before it to the first after it', () => {
  const a = new Track()
  const b = new Track()
  a.append([1_000, 2_000], [1, 1])
  b.append([1_000, 3_000], [1, 1])
  for (const track of [a, b]) track.breakAt(9_000)
  expect(gapSpan([a, b], gap)).toEqual({ from: 3_000, to: null, gap })
  a.append([10_000], [1])
  b.append([11_000], [1])
  const span = gapSpan([a, b], gap)!
  expect(span).toEqual({ from: 3_000, to: 10_000, gap })
  expect(gapWords(span)).toBe('gap of 7.0s: the stream was cut')
  expect(gapWords({ ...span, to: null })).toBe('gap: the stream was cut')
})

test('without lines there is nothing to show', () => {
  expect(gapSpan([new Track()], gap)).toBeNull()
})

test('closed gaps are looked up once', () => {
  const track = new Track()
  track.append([1_000, 9_000, 10_000], [1, Number.NaN, 2])
  const spans = new GapSpans()
  expect(spans.of([gap], () => [track])).toEqual([{ from: 1_000, to: 10_000, gap }])
  expect(
    spans.of([gap], () => {
      throw new Error('asked again')
    }),
  ).toHaveLength(1)
})
