import { describe, expect, it } from 'vitest'
import { EncodeError, PyOpaque, dumpRest, dumpStream, float } from './python-json.ts'
import { DecodeError, parsePython } from './python-parse.ts'

describe('writing as Python does (LabDaemon wire contract §4)', () => {
  it.each([
    [0, '0.0'],
    [-0, '-0.0'],
    [1.5, '1.5'],
    [0.7000000000000001, '0.7000000000000001'],
    [1e-4, '0.0001'],
    [1e-5, '1e-05'],
    [1.5e-7, '1.5e-07'],
    [123456789012345680, '1.2345678901234568e+17'],
    [1e15, '1000000000000000.0'],
    [1e16, '1e+16'],
    [1e100, '1e+100'],
    [NaN, 'NaN'],
    [-Infinity, '-Infinity'],
  ])('the float %d', (value, text) => {
    expect(dumpStream(float(value))).toBe(text)
  })

  it('streams are ASCII with spaces, REST is compact UTF-8', () => {
    const value = { λ: [1, float(2), 'é\u2028\u007f"\\\n', true, null], n: 2n ** 60n }
    expect(dumpStream(value)).toBe(
      '{"\\u03bb": [1, 2.0, "\\u00e9\\u2028\\u007f\\"\\\\\\n", true, null], "n": 1152921504606846976}',
    )
    expect(dumpRest(value)).toBe('{"λ":[1,2.0,"é\u2028\u007f\\"\\\\\\n",true,null],"n":1152921504606846976}')
  })

  it('lone surrogates pass in streams only, as NaN does', () => {
    expect(dumpStream('\ud83d')).toBe('"\\ud83d"')
    expect(() => dumpRest('\ud83d')).toThrow(EncodeError)
    expect(() => dumpRest([float(NaN)])).toThrow(EncodeError)
    expect(() => dumpStream(new PyOpaque('float32'))).toThrow(
      'Object of type float32 is not JSON serializable',
    )
  })
})

describe('reading as Python does', () => {
  it.each([
    '{"a": [1, 2.0, -3e2, true, null, "x\\u00e9\\n"], "__proto__": {}}',
    '[]',
    '{}',
    ' "a" ',
    '1e5',
    'NaN',
  ])('what it writes: %s', (text) => {
    const written = dumpStream(parsePython(text))
    expect(dumpStream(parsePython(written))).toBe(written)
  })

  it.each([
    ['{bad', 'Expecting property name enclosed in double quotes', 1],
    ['{"a" 1}', "Expecting ':' delimiter", 5],
    ['[1 2]', "Expecting ',' delimiter", 3],
    ['"abc', 'Unterminated string starting at', 0],
    ['nope', 'Expecting value', 0],
    ['{} x', 'Extra data', 3],
    ['"\\x"', 'Invalid \\escape', 1],
  ])('%s', (text, message, position) => {
    const error = (() => {
      try {
        return parsePython(text)
      } catch (thrown) {
        return thrown
      }
    })()
    expect(error).toBeInstanceOf(DecodeError)
    expect(error).toMatchObject({ message, position })
  })
})
