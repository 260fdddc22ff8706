import { useState } from 'react'
import { parseJson } from '#lib/json.ts'
import { useForm, useIssue } from './form-context.ts'
import { JsonText } from './json-text.tsx'
import { hintOf, type PartProps } from './part.ts'
import { textOf, Unreadable } from './value.ts'

/** A part that no control fits, as JSON. Empty leaves it out. */
export function JsonPart(props: PartProps) {
  const { label, path, value } = props
  const { change } = useForm()
  // The text stays as it was written while it means the value; another value from outside replaces it.
  const [typed, setTyped] = useState<{ text: string; value: unknown } | null>(null)
  const issue = useIssue(path)
  const text = typed?.value === value && typed ? typed.text : shown(value)
  return (
    <div className="sm:col-span-2">
      <JsonText
        label={label}
        rows={Math.min(8, Math.max(2, text.split('\n').length))}
        value={text}
        error={value instanceof Unreadable ? null : issue}
        hint={[hintOf(props), 'As JSON.'].filter(Boolean).join(' ')}
        onChange={(next) => {
          const read = readPart(next)
          setTyped({ text: next, value: read })
          change(path, () => read)
        }}
      />
    </div>
  )
}

function readPart(text: string): unknown {
  if (text.trim() === '') return undefined
  const result = parseJson(text)
  return result.ok ? result.value : new Unreadable(text)
}

function shown(value: unknown): string {
  if (value === undefined) return ''
  return value instanceof Unreadable ? value.text : textOf(value)
}
