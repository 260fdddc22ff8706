import { formatCount } from '#lib/format.ts'
import type { ReactNode } from 'react'
import { isNumber } from '#lib/exact-json.ts'
import { uncheckedPattern } from './schema-pattern.ts'
import type { Bound, Path, Schema } from './schema.ts'

/** What every control of a form is given. */
export interface PartProps {
  label: string
  name: string
  schema: Schema
  path: Path
  value: unknown
  required: boolean
}

/** One field of a form. */
export interface FieldProps {
  name: string
  schema: Schema
  path: Path
  value: unknown
  required: boolean
  /** In a list: "Masks 2". */
  label?: string
}

/** Draws a field below another one: given along, because fields and what holds them need each other. */
export type DrawField = (props: FieldProps) => ReactNode

/** "1 to 60", "at least 3"; empty without bounds. */
function boundsText(schema: Schema): string {
  const { minimum: from, maximum: to } = schema
  if (from !== undefined && to !== undefined) return `${boundText(from)} to ${boundText(to)}`
  if (from !== undefined) return `at least ${boundText(from)}`
  return to === undefined ? '' : `at most ${boundText(to)}`
}

function boundText(bound: Bound): string {
  if (typeof bound === 'number') return formatCount(bound)
  return /^-?\d+$/.test(bound.literal) ? bound.literal.replace(/\B(?=(?:\d{3})+$)/g, ',') : bound.literal
}

/** The hint under a control: that it must be given, the description, the bounds. */
export function hintOf(props: Pick<PartProps, 'schema' | 'required' | 'path'>): string | undefined {
  const { schema, path } = props
  // An item of a list is there because it was added.
  const required = props.required && typeof path.at(-1) !== 'number'
  const bounds = boundsText(schema)
  const words = [
    required && 'Required.',
    schema.description,
    schema.pattern && uncheckedPattern(schema.pattern),
    bounds && `${bounds.charAt(0).toUpperCase()}${bounds.slice(1)}.`,
  ]
  return words.filter(Boolean).join(' ') || undefined
}

export function exampleOf(schema: Schema): string | undefined {
  const example = schema.examples?.[0]
  return typeof example === 'string' || isNumber(example) ? String(example).slice(0, 200) : undefined
}
