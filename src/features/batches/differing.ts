import { stringifyExact } from '#lib/exact-json.ts'

/** The fields in which inputs differ, in the order they come in. */
export function differingFields(inputs: readonly Readonly<Record<string, unknown>>[]): string[] {
  const first = inputs[0]
  if (!first || inputs.length < 2) return []
  const names = new Set(inputs.flatMap((input) => Object.keys(input)))
  const texts = new Map([...names].map((name) => [name, stringifyExact(first[name])]))
  return [...names].filter((name) => inputs.some((input) => stringifyExact(input[name]) !== texts.get(name)))
}

const LONGEST = 60

/** "seed 4, size wide": what tells this input from the others. */
export function captionOf(
  input: Readonly<Record<string, unknown>> | undefined,
  fields: readonly string[],
): string {
  if (!input) return ''
  return fields
    .filter((name) => input[name] !== undefined)
    .map((name) => `${name} ${say(input[name])}`)
    .join(', ')
}

function say(value: unknown): string {
  const text = typeof value === 'string' ? value : (stringifyExact(value) ?? '')
  const line = text.replaceAll(/\s+/g, ' ')
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line
}
