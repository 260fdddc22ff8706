import { useState } from 'react'
import { compareNumbers, sameNumber } from '#lib/exact-compare.ts'
import { ExactNumber, isNumber, numberFromLiteral } from '#lib/exact-json.ts'
import { TextField } from '#ui/field.tsx'
import { useForm, useIssue } from './form-context.ts'
import { exampleOf, hintOf, type PartProps } from './part.ts'
import type { Bound, Schema } from './schema.ts'

const LITERAL = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?$/i
const WHOLE = /^-?\d+$/

/** A number. What is typed and is none stays as it was typed, and is judged as the text it is. */
export function NumberPart(props: PartProps) {
  const { label, schema, path, value, required } = props
  const { change } = useForm()
  // "1." and "1e" are on the way to a number: the text is kept while it means the same value.
  const [typed, setTyped] = useState('')
  const text = same(numberOf(typed), value) ? typed : shown(value)
  return (
    <TextField
      label={label}
      inputMode={schema.type?.includes('integer') ? 'numeric' : 'decimal'}
      value={text}
      required={required}
      placeholder={exampleOf(schema)}
      hint={hintOf(props)}
      error={useIssue(path)}
      onChange={(next) => {
        setTyped(next)
        change(path, () => numberOf(next))
      }}
      onKeyDown={(event) => {
        const up = event.key === 'ArrowUp' ? 1 : event.key === 'ArrowDown' ? -1 : 0
        if (up === 0 || (value !== undefined && value !== null && !isNumber(value))) return
        event.preventDefault()
        const held = stepped(value, schema, up * (event.shiftKey ? 10 : 1))
        setTyped(String(held))
        change(path, () => held)
      }}
    />
  )
}

/** As it is written: what JSON would round goes out all the same. A text that is no number stays one. */
export function numberOf(text: string): Bound | string | undefined {
  const trimmed = text.trim()
  if (trimmed === '') return undefined
  const literal = trimmed
    .replace(/^\+/, '')
    .replace(/^(-?)0+(?=\d)/, '$1')
    .replace(/^(-?)\./, '$10.')
    .replace(/\.(?=$|e)/i, '')
  if (LITERAL.test(literal)) return numberFromLiteral(literal)
  const number = Number(trimmed)
  return Number.isSafeInteger(number) && /^[-+]?\d/.test(trimmed) ? number : text
}

/** The next number up or down, within the bounds of its field. */
function stepped(value: unknown, schema: Schema, steps: number): Bound {
  const step = Number(schema.multipleOf ?? (schema.type?.includes('integer') ? 1 : 0.1))
  const from = isNumber(value) ? value : (schema.minimum ?? 0)
  const next =
    from instanceof ExactNumber && WHOLE.test(from.literal) && Number.isInteger(step)
      ? numberFromLiteral(String(BigInt(from.literal) + BigInt(steps * step)))
      : Number((Number(from) + steps * step).toFixed(10))
  if (schema.minimum !== undefined && compareNumbers(next, schema.minimum) < 0) return schema.minimum
  if (schema.maximum !== undefined && compareNumbers(next, schema.maximum) > 0) return schema.maximum
  return next
}

function same(a: unknown, b: unknown): boolean {
  return sameNumber(a, b) || (a === undefined && b === null)
}

function shown(value: unknown): string {
  return isNumber(value) || typeof value === 'string' ? String(value) : ''
}
