import { expect, test } from 'vitest'
import { parseExact } from '#lib/exact-json.ts'
import { curlOf, sdkCodeOf, type RunCall } from './run-code.ts'

const CALL: RunCall = {
  service: {
    url: 'https://api.inference.sh',
    startPath: '/apps/run',
    keyVariable: 'INFERENCE_API_KEY',
    sdk: { package: '@inferencesh/sdk', name: 'inference' },
    proxyPath: '/api/inference/proxy',
  },
  baseUrl: null,
  app: 'weirdemo/landscape',
  input: { prompt: 'it\'s a weir; $(rm -rf /) `x` \\ "q"' },
  options: { function: 'sketch' },
}

test('a shell takes the input as it is', () => {
  expect(curlOf(CALL)).toBe(
    [
      "curl -X POST 'https://api.inference.sh/apps/run' \\",
      '  -H "Authorization: Bearer $INFERENCE_API_KEY" \\',
      "  -H 'Content-Type: application/json' \\",
      `  -d '{`,
      '  "app": "weirdemo/landscape",',
      '  "input": {',
      `    "prompt": "it'\\''s a weir; $(rm -rf /) \`x\` \\\\ \\"q\\""`,
      '  },',
      '  "function": "sketch"',
      "}'",
    ].join('\n'),
  )
  expect(curlOf({ ...CALL, baseUrl: 'http://127.0.0.1:5001/' })).toContain("'http://127.0.0.1:5001/apps/run'")
})

test('the SDK is given a key of the environment, or the proxy', () => {
  expect(sdkCodeOf(CALL, null)).toContain('inference({ apiKey: process.env.INFERENCE_API_KEY }).run({')
  expect(sdkCodeOf({ ...CALL, baseUrl: 'http://127.0.0.1:5001' }, null)).toContain(
    'apiKey: process.env.INFERENCE_API_KEY, baseUrl: "http://127.0.0.1:5001" })',
  )
  expect(sdkCodeOf(CALL, 'http://127.0.0.1:4680/api/inference/proxy')).toContain(
    'inference({ proxyUrl: "http://127.0.0.1:4680/api/inference/proxy" }).run({',
  )
})

test('numbers go along as they were written; JavaScript is given those it would round as text', () => {
  const input = parseExact(
    '{"id":9007199254740993,"gain":1.0,"text":"9007199254740993 \\" 1e400","big":1e400}',
  )
  expect(curlOf({ ...CALL, input })).toContain('"id": 9007199254740993,\n    "gain": 1.0,')
  const code = sdkCodeOf({ ...CALL, input }, null)
  expect(code).toContain(
    `"id": JSON.rawJSON('9007199254740993'),\n    "gain": 1.0,\n    "text": "9007199254740993 \\" 1e400",\n    "big": JSON.rawJSON('1e400')`,
  )
})
