import { compareNumbers } from '#lib/exact-compare.ts'
import { numberFromLiteral, stringifyExact } from '#lib/exact-json.ts'
import type { CodeSamples } from '#model/capabilities.ts'

/** A run as it could be started from elsewhere. */
export interface RunCall {
  /** How its service is called. */
  service: CodeSamples
  /** Where the source answers; null for the public service. */
  baseUrl: string | null
  app: string
  input: unknown
  /** Beside app and input, by the service's own names: function, infra, setup … */
  options: Readonly<Record<string, unknown>>
}

/** A shell command for the same run; the key comes from the environment. */
export function curlOf(call: RunCall): string {
  const { url, startPath, keyVariable } = call.service
  return [
    `curl -X POST ${quoted(`${(call.baseUrl ?? url).replace(/\/+$/, '')}${startPath}`)}`,
    `  -H "Authorization: Bearer $${keyVariable}"`,
    "  -H 'Content-Type: application/json'",
    `  -d ${quoted(stringifyExact(bodyOf(call), 2))}`,
  ].join(' \\\n')
}

/**
 * The same with the official JavaScript SDK.
 * @param proxyUrl Weir's own proxy, which keeps the key; null asks the service with a key of the environment
 */
export function sdkCodeOf(call: RunCall, proxyUrl: string | null): string {
  const { sdk, keyVariable } = call.service
  const config =
    proxyUrl === null
      ? [
          `apiKey: process.env.${keyVariable}`,
          ...(call.baseUrl === null ? [] : [`baseUrl: ${JSON.stringify(call.baseUrl)}`]),
        ]
      : [`proxyUrl: ${JSON.stringify(proxyUrl)}`]
  return [
    `import { ${sdk.name} } from '${sdk.package}'`,
    '',
    `const result = await ${sdk.name}({ ${config.join(', ')} }).run(${codeOf(bodyOf(call))})`,
    'console.log(result.output)',
    '',
  ].join('\n')
}

function bodyOf({ app, input, options }: RunCall): Record<string, unknown> {
  return { app, input: input ?? {}, ...options }
}

const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g

/** A value as JavaScript, which would round some numbers: those are given by their text (Node 22 and newer). */
function codeOf(value: unknown): string {
  return stringifyExact(value, 2).replaceAll(TOKEN, (token) => {
    if (token.startsWith('"')) return token
    return isRounded(token) ? `JSON.rawJSON('${token}')` : token
  })
}

function isRounded(literal: string): boolean {
  return compareNumbers(Number(literal), numberFromLiteral(literal)) !== 0
}

/** One word of a shell, whatever is in it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
