import { expect, test } from 'vitest'
import { skewWords } from './source-words.ts'

test.each([
  [undefined, null],
  [5_000, null],
  [7_200_000, "clock 2 h 0 min ahead of Weir's"],
  [-7_260_400, "clock 2 h 1 min behind Weir's"],
  [93_600_000, "clock 26 h 0 min ahead of Weir's"],
  [-90_000, "clock 1 min 30 s behind Weir's"],
  [6_000, "clock 6 s ahead of Weir's"],
])('%j ms: %j', (clockAheadMs, words) => {
  const said = skewWords(clockAheadMs === undefined ? {} : { clockAheadMs })
  expect(said?.split(':')[0] ?? null).toBe(words)
})
