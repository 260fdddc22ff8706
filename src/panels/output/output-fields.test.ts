import { describe, expect, test } from 'vitest'
import { fieldsOf, isWorthFields, looksLikeMarkdown } from './output-fields.ts'

const ORIGIN = 'http://127.0.0.1:4680'
const CDN = 'https://cloud.inference.sh/app/files/t/abcdefgh/12345678.png'

describe('the fields of an output', () => {
  test('come in order, with their kinds, and numbers as they were sent', () => {
    const fields = fieldsOf(
      `{"image":"${CDN}","seed":12345678901234567890,"ok":true,"odd":NaN,"no":null}`,
      ORIGIN,
    )
    expect(fields?.map(({ key, kind, raw }) => [key, kind, raw])).toEqual([
      ['image', 'image', `"${CDN}"`],
      ['seed', 'number', '12345678901234567890'],
      ['ok', 'boolean', 'true'],
      ['odd', 'markdown', 'NaN'],
      ['no', 'empty', 'null'],
    ])
    expect(isWorthFields(fields ?? [])).toBe(true)
  })

  test('a list of files is a gallery, whatever else is in it', () => {
    const [field] = fieldsOf(JSON.stringify({ all: [CDN, { uri: CDN, size: 12 }, 'none'] }), ORIGIN) ?? []
    expect(field?.kind).toBe('list')
    expect(field?.files.map((file) => file.size)).toEqual([null, 12])
  })

  test('files inside data are found, by the schema too', () => {
    const schema = {
      properties: {
        clip: { type: 'string', format: 'file', contentMediaType: 'video/mp4' },
        scenes: { items: { properties: { shot: { type: 'string', format: 'file' } } } },
      },
    }
    const made = 'https://files.example/made/1'
    const json = JSON.stringify({ clip: made, scenes: [{ shot: made, n: 1 }, { shot: 'javascript:1' }] })
    const [clip, scenes] = fieldsOf(json, ORIGIN, schema) ?? []
    expect([clip?.kind, clip?.files.length]).toEqual(['video', 1])
    expect([scenes?.kind, scenes?.files.map(({ url }) => url)]).toEqual(['nested', [made]])
    expect(fieldsOf(json, ORIGIN)?.map(({ kind }) => kind)).toEqual(['link', 'json'])
  })

  test("the relay's own files are found by their path", () => {
    const [a, b] =
      fieldsOf('{"a":"/api/files/cloud/x.png","b":{"uri":"/api/files/cloud/y.mp4"}}', ORIGIN) ?? []
    expect(a?.files[0]?.url).toBe(`${ORIGIN}/api/files/cloud/x.png`)
    expect(b?.kind).toBe('video')
  })

  test('an address that may not be opened is text', () => {
    const [a, b] =
      fieldsOf('{"a":"javascript:alert(1)//x.png","b":{"uri":"data:text/html,hi"}}', ORIGIN) ?? []
    expect([a?.kind, a?.files, b?.kind, b?.files]).toEqual(['markdown', [], 'json', []])
  })

  test('one value alone is a field without a name; what is no JSON has none', () => {
    expect(fieldsOf('"done"', ORIGIN)).toMatchObject([{ key: '', kind: 'markdown', value: 'done' }])
    expect(fieldsOf('{"a":', ORIGIN)).toBeNull()
    expect(fieldsOf(`"${'x'.repeat(2_000_001)}"`, ORIGIN)).toBeNull()
  })
})

test.each([
  ['# Title', true],
  ['- one\n- two', true],
  ['see [here](https://a.example)', true],
  ['some **bold** words', true],
  ['`code`', true],
  ['A plain sentence, 2 * 3 = 6, snake_case_name.', false],
  ['', false],
])('%j as Markdown: %s', (text, expected) => {
  expect(looksLikeMarkdown(text)).toBe(expected)
})
