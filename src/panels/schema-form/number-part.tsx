import { useState } from 'react'
import { TextField } from '#ui/field.tsx'
import { useForm, useIssue } from './form-context.ts'
import { exampleOf, hintOf, type PartProps } from './part.ts'

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
        if (up === 0 || (value !== undefined && typeof value !== 'number')) return
        event.preventDefault()
        const step =
          (schema.multipleOf ?? (schema.type?.includes('integer') ? 1 : 0.1)) * (event.shiftKey ? 10 : 1)
        const next = Number(
          ((typeof value === 'number' ? value : (schema.minimum ?? 0)) + up * step).toFixed(10),
        )
        const held = Math.max(schema.minimum ?? -Infinity, Math.min(schema.maximum ?? Infinity, next))
        setTyped(String(held))
        change(path, () => held)
      }}
    />
  )
}

export function numberOf(text: string): number | string | undefined {
  const trimmed = text.trim()
  if (trimmed === '') return undefined
  const number = Number(trimmed)
  return Number.isFinite(number) && /^[-+]?[\d.]/.test(trimmed) ? number : text
}

function same(a: unknown, b: unknown): boolean {
  return a === b || (a === undefined && b === null)
}

function shown(value: unknown): string {
  return typeof value === 'number' || typeof value === 'string' ? String(value) : ''
}
