import { useRef, type KeyboardEvent } from 'react'
import { stringifyExact } from '#lib/exact-json.ts'
import { parseJson, type JsonError } from '#lib/json.ts'
import { classes } from './classes.ts'
import { isComposing } from './composing.ts'
import { Field, FIELD } from './field.tsx'

/** In one line, with its place. */
function complaint(error: JsonError): string {
  return `Line ${error.line}, column ${error.column}: ${error.message}`
}

/** A JSON text, checked as it is written; pressing the complaint puts the caret where it is wrong. */
export function JsonField(props: {
  label: string
  value: string
  onChange: (value: string) => void
  /** A complaint beyond syntax ("must be an object"). */
  error?: string | null
  hint?: string
  rows?: number
  /** Ctrl-Enter, Command-Enter: Enter alone makes a new line. */
  onSubmit?: () => void
}) {
  const { label, value, onChange, hint, rows = 7, onSubmit } = props
  const ref = useRef<HTMLTextAreaElement>(null)
  const result = parseJson(value)
  const fault = result.ok ? null : result.error
  const error = fault ? complaint(fault) : (props.error ?? null)

  const press = (event: KeyboardEvent) => {
    if (isComposing(event)) return
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault()
      onSubmit?.()
    } else if (event.altKey && event.shiftKey && event.code === 'KeyF' && result.ok) {
      event.preventDefault()
      onChange(stringifyExact(result.value, 2))
    }
  }
  return (
    <Field label={label} error={error} hint={hint}>
      {(ids) => (
        <div className="relative">
          <textarea
            {...ids}
            ref={ref}
            rows={rows}
            value={value}
            spellCheck={false}
            autoCapitalize="off"
            onKeyDown={press}
            onChange={(event) => {
              onChange(event.target.value)
            }}
            className={classes(FIELD, 'block resize-y py-1.5 font-mono text-sm')}
          />
          {fault && (
            <button
              type="button"
              onClick={() => {
                ref.current?.focus()
                ref.current?.setSelectionRange(fault.offset, fault.offset + 1)
              }}
              className="absolute right-2 bottom-2 min-h-6 rounded-sm border border-line2 bg-raise px-1.5 text-xs text-bad hover:border-bad"
            >
              Go to {fault.line}:{fault.column}
            </button>
          )}
        </div>
      )}
    </Field>
  )
}
