import { expect, test } from 'vitest'
import { csvLine, csvSeparator } from './csv.ts'

const cell = (value: string) => csvLine([value]).slice(0, -2)

test.each(['-0.25', '1e-5', '-1E3', '+5', '.5', '0', '12.', 'plain', 'a-b', 'a=b', ''])(
  '%j stays as it is',
  (text) => expect(cell(text)).toBe(text),
)

test.each([
  ['=1+1', "'=1+1"],
  ['+cmd', "'+cmd"],
  ['-2+3', "'-2+3"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['  =1', "'  =1"],
  ['\t=1', `"'\t'=1"`],
  ['\rx', `"'\rx"`],
  ['＝1+1', "'＝1+1"],
  ['=HYPERLINK("x")\nsecond line', `"'=HYPERLINK(""x"")\nsecond line"`],
  ['first\n=1+1', `"first\n'=1+1"`],
  ['first\r\n-2+3', `"first\r\n'-2+3"`],
  ['a;=1', `"a;'=1"`],
  ['a,@x', `"a,'@x"`],
  ['a\t"=1"', `"a\t""'=1"""`],
  ['-', "'-"],
])('%j is run by no spreadsheet', (text, written) => expect(cell(text)).toBe(written))

test.each(['[1,-2,-2.5e3]', '{"a":-1,"b":[-1]}', 'a, -5', 'x;+5'])('%j has numbers inside', (text) => {
  expect(cell(text)).toBe(`"${text.replaceAll('"', '""')}"`)
})

test('a line has its cells in order, what is nothing empty', () => {
  expect(csvLine(['a b', -0.25, null, undefined, true, 'say "x"', 'two\nlines', ' edge'])).toBe(
    'a b,-0.25,,,true,"say ""x""","two\nlines"," edge"\r\n',
  )
})

test.each([
  ['sep=;\na;b', ';', 'a;b'],
  ['\uFEFFsep=;\r\na;b', ';', 'a;b'],
  ['"sep=;"\na;b', ';', 'a;b'],
  ['SEP=\t\na\tb', '\t', 'a\tb'],
  ['sep=,', ',', ''],
  ['\uFEFFa;b', null, 'a;b'],
  ['separate;b', null, 'separate;b'],
])('%j', (text, separator, rest) => expect(csvSeparator(text)).toEqual({ separator, rest }))
