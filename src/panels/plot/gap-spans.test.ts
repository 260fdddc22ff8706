import { expect, test } from 'vitest'
import type { Gap } from '#model/gap.ts'
import { StateTrack } from '#model/state-track.ts'
import { Track } from '#model/track.ts'
import { GapSpans, gapSpan, gapWords } from './gap-spans.ts'

const gap: Gap = { at: 9_000, cause: 'disconnected', text: 'the stream was cut', missed: null }

const VIEW = { from: 0, to: 20_000 }

const sent = (...tracks: Track[]) => ({ tracks, states: [] })

test('a gap reaches from the last sample before it to the first after it', () => {
  const a = new Track()
  const b = new Track()
  a.append([1_000, 2_000], [1, 1])
  b.append([1_000, 3_000], [1, 1])
  for (const track of [a, b]) track.breakAt(9_000)
  expect(gapSpan(sent(a, b), gap)).toEqual({ from: 3_000, to: null, gap })
  a.append([10_000], [1])
  b.append([11_000], [1])
  const span = gapSpan(sent(a, b), gap)!
  expect(span).toEqual({ from: 3_000, to: 10_000, gap })
  expect(gapWords(span)).toBe('gap of 7.0s: the stream was cut')
  expect(gapWords({ ...span, to: null })).toBe('gap: the stream was cut')
})

test('without lines there is nothing to show', () => {
  expect(gapSpan(sent(new Track()), gap)).toBeNull()
})

test('closed gaps are looked up once', () => {
  const track = new Track()
  track.append([1_000, 9_000, 10_000], [1, Number.NaN, 2])
  const spans = new GapSpans()
  expect(spans.of([gap], () => sent(track), VIEW)).toEqual([{ from: 1_000, to: 10_000, gap }])
  expect(
    spans.of(
      [gap],
      () => {
        throw new Error('asked again')
      },
      VIEW,
    ),
  ).toHaveLength(1)
})

test('several gaps in one hole are drawn once', () => {
  const track = new Track()
  track.append([1_000], [1])
  const many = Array.from({ length: 20 }, (_, i) => ({ ...gap, at: 9_000 + i }))
  expect(new GapSpans().of(many, () => sent(track), VIEW)).toHaveLength(1)
})

test('gaps far from the view are not looked at', () => {
  const track = new Track()
  const gaps: Gap[] = []
  for (let k = 0; k < 100; k++) {
    track.append([k * 1_000, k * 1_000 + 400, k * 1_000 + 900], [1, Number.NaN, 1])
    gaps.push({ ...gap, at: k * 1_000 + 400 })
  }
  let asked = 0
  const found = new GapSpans().of(
    gaps,
    () => {
      asked += 1
      return sent(track)
    },
    { from: 50_300, to: 52_950 },
  )
  expect(found.map(({ from }) => from)).toEqual([50_000, 51_000, 52_000])
  expect(asked).toBeLessThan(7)
})

test('a gap ends with what comes after it, be it a state: a channel that vanished has no part in it', () => {
  const vanished = new Track()
  vanished.append([1_000, 2_000], [1, 1])
  vanished.breakAt(9_000)
  const state = new StateTrack()
  state.append(5_000, 'on')
  state.append(9_000, null)
  expect(gapSpan({ tracks: [vanished], states: [state] }, gap)).toEqual({ from: 5_000, to: null, gap })
  state.append(12_000, 'on')
  state.append(15_000, 'off')
  expect(gapSpan({ tracks: [vanished], states: [state] }, gap)).toEqual({ from: 5_000, to: 12_000, gap })
})
