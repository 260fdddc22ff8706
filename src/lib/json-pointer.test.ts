import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parsePointer, valueAt } from './json-pointer.ts'

// The examples of RFC 6901, section 5.
const DOCUMENT: unknown = JSON.parse(
  '{"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"i\\\\j":5,"k\\"l":6," ":7,"m~n":8}',
)

test.each([
  ['', DOCUMENT],
  ['/foo', ['bar', 'baz']],
  ['/foo/0', 'bar'],
  ['/', 0],
  ['/a~1b', 1],
  ['/c%d', 2],
  ['/e^f', 3],
  ['/g|h', 4],
  ['/i\\j', 5],
  ['/k"l', 6],
  ['/ ', 7],
  ['/m~0n', 8],
  ['/foo/2', undefined],
  ['/foo/-', undefined],
  ['/foo/00', undefined],
  ['/foo/length', undefined],
  ['/foo/0/0', undefined],
  ['/toString', undefined],
  ['/__proto__/constructor', undefined],
])('%s points to its value', (text, value) => {
  expect(valueAt(DOCUMENT, parsePointer(text)!)).toEqual(value)
})

test.each(['foo', ' /foo', '/a~b', '/~', '#/foo'])('%s is no pointer', (text) => {
  expect(parsePointer(text)).toBeNull()
})

test('any name of any object can be pointed to', () => {
  fc.assert(
    fc.property(fc.string(), fc.jsonValue(), (name, value) => {
      const pointer = parsePointer(`/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`)!
      expect(valueAt(Object.fromEntries([[name, value]]), pointer)).toEqual(value)
    }),
  )
})
