import { fuzzRuns } from '#testing/fuzz-runs.ts'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { idOfSegment, pathSegment, segmentOf } from './segment.ts'

/** Any text, lone surrogates included, with the characters that paths trip over more often than chance has them. */
const anyId = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 })
    .map((units) => String.fromCharCode(...units)),
  fc.string({
    unit: fc.constantFrom('.', '~', '/', '%', '2', 'e', 'F', 'd', '8', '0', '\ud800', '\udc00', '?', '#'),
  }),
)

test('any id comes back from its segment, also through a URL', () => {
  fc.assert(
    fc.property(anyId, (id) => {
      expect(idOfSegment(segmentOf(id))).toBe(id)
      const { pathname } = new URL(`http://weir.test/api/tasks/lab/${pathSegment(id)}/log`)
      expect(idOfSegment(decodeURIComponent(pathname.split('/')[4]!))).toBe(id)
      expect(pathname.split('/')).toHaveLength(6)
    }),
    { numRuns: fuzzRuns(1_000) },
  )
})

test('different ids have different segments', () => {
  fc.assert(
    fc.property(anyId, anyId, (a, b) => {
      expect(segmentOf(a) === segmentOf(b)).toBe(a === b)
    }),
    { numRuns: fuzzRuns(1_000) },
  )
})

test.each([
  ['run-1', 'run-1'],
  ['a/b', 'a%2Fb'],
  ['a~b', 'a~b'],
  ['a~~b', 'a~~~~b'],
  ['', '~'],
  ['.', '~.'],
  ['..', '~..'],
  ['...', '...'],
  ['~.', '~~.'],
  ['~', '~~'],
  ['\ud800x', '~d800x'],
  ['~d800', '~~d800'],
  ['😀', '%F0%9F%98%80'],
  ['__proto__', '__proto__'],
])('%j is %s in a path', (id, path) => {
  expect(pathSegment(id)).toBe(path)
})
