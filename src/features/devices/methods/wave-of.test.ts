import { expect, test } from 'vitest'
import { waveOf } from './wave-of.ts'

test('a list is drawn as it is; of very many, the extremes of each stretch at their places', () => {
  expect(waveOf([3, 1, 2])).toEqual({ n: 3, index: null, values: Float64Array.of(3, 1, 2) })
  const values = Array.from({ length: 1_000 }, (_, i) => i % 10)
  values[777] = 99
  const wave = waveOf(values, 100)
  expect(wave.n).toBe(1_000)
  expect(wave.values.length).toBeLessThanOrEqual(100)
  expect(wave.values).toHaveLength(wave.index!.length)
  expect(wave.index!.every((at, i) => values[at] === wave.values[i])).toBe(true)
  expect(wave.index!.every((at, i) => i === 0 || at > wave.index![i - 1]!)).toBe(true)
  expect(wave.index).toContain(777)
})
