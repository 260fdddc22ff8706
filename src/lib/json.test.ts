import { describe, expect, it } from 'vitest'
import { parseJson } from './json.ts'

function faultOf(text: string): string {
  const result = parseJson(text)
  return result.ok ? 'none' : `${result.error.line}:${result.error.column} ${result.error.message}`
}

describe('parseJson', () => {
  it('gives the value of what is JSON', () => {
    expect(parseJson(' {"a": [1, -2.5e+300, true, null, "\\u00e9"]} ')).toEqual({
      ok: true,
      value: { a: [1, -2.5e300, true, null, 'é'] },
    })
  })

  it.each([
    ['', '1:1 the text ends too early: a value is expected'],
    ['{"a": 1', '1:8 the text ends too early: a comma or } is expected'],
    ['{"a": 1,\n  "b": nope}', '2:8 text belongs in double quotes'],
    ['{"a": 1,}', '1:9 no comma before }'],
    ['[1, 2,]', '1:7 no comma before ]'],
    ["{'a': 1}", '1:2 a name in double quotes is expected'],
    ['{"a": \'x\'}', '1:7 JSON uses double quotes'],
    ['{"a" 1}', '1:6 a colon is expected after the name'],
    ['{"a": True}', '1:7 write true, JSON is not Python'],
    ['{"a": None}', '1:7 write null, JSON is not Python'],
    ['{"a": NaN}', '1:7 NaN is not JSON'],
    ['{"a": 01}', '1:8 this number is not written as JSON wants it'],
    ['{"a": -}', '1:7 a digit is expected after the minus'],
    ['{"a": "x\ny"}', '1:9 the string is not closed on its line'],
    ['["a\\x"]', '1:4 this escape is not known in JSON'],
    ['["open]', '1:2 the string is not closed'],
    ['{} {}', '1:4 nothing may follow the value'],
  ])('%j is wrong at %s', (text, fault) => {
    expect(faultOf(text)).toBe(fault)
  })

  it('counts columns in characters, as people do', () => {
    expect(faultOf('{"😀": x}')).toBe('1:7 text belongs in double quotes')
  })

  it('points at the character itself', () => {
    const result = parseJson('{\n  "a": 1\n  "b": 2\n}')
    expect(result).toMatchObject({ ok: false, error: { offset: 13, line: 3, column: 3 } })
  })
})
