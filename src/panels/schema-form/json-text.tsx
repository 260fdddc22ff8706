import { isComposing } from '#ui/composing.ts'
import { useRef } from 'react'
import { stringifyExact } from '#lib/exact-json.ts'
import { parseJson } from '#lib/json.ts'
import { classes } from '#ui/classes.ts'
import { Field, FIELD } from '#ui/field.tsx'

/** Something that is wrong in a text, with its place. */
export interface TextFault {
  message: string
  line: number
  column: number
  offset: number
}

/** Where and why a text is no JSON; nothing is wrong with an empty one. */
function faultIn(text: string): TextFault | null {
  if (text.trim() === '') return null
  const result = parseJson(text)
  return result.ok ? null : result.error
}

/** A JSON text that may be empty. Each complaint says where, and takes the caret there. */
export function JsonText(props: {
  label: string
  value: string
  onChange: (text: string) => void
  rows: number
  hint?: string | undefined
  /** Complaints beyond syntax, which comes first. */
  faults?: readonly TextFault[]
  error?: string | null
  onSubmit?: (() => void) | undefined
}) {
  const { label, value, onChange, rows, hint, faults = [], onSubmit } = props
  const ref = useRef<HTMLTextAreaElement>(null)
  const broken = faultIn(value)
  const shown = (broken ? [broken] : faults).slice(0, 6)
  const error =
    shown.length > 0 ? (
      <span className="grid justify-items-start gap-0.5">
        {shown.map((fault) => (
          <button
            key={`${fault.offset} ${fault.message}`}
            type="button"
            className="said text-left text-bad hover:underline"
            title="Go there"
            onClick={() => {
              ref.current?.focus()
              ref.current?.setSelectionRange(fault.offset, fault.offset + 1)
            }}
          >
            Line {fault.line}, column {fault.column}: {fault.message}
          </button>
        ))}
      </span>
    ) : null
  return (
    <div className="grid gap-1">
      <Field label={label} hint={shown.length > 0 ? undefined : hint} error={props.error ?? null}>
        {(ids) => (
          <textarea
            {...ids}
            ref={ref}
            rows={rows}
            value={value}
            spellCheck={false}
            autoCapitalize="off"
            aria-invalid={shown.length > 0 || props.error ? true : undefined}
            onKeyDown={(event) => {
              if (isComposing(event)) return
              if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && onSubmit) {
                event.preventDefault()
                onSubmit()
              } else if (event.altKey && event.shiftKey && event.code === 'KeyF' && !broken) {
                const result = parseJson(value)
                event.preventDefault()
                if (result.ok) onChange(stringifyExact(result.value, 2))
              }
            }}
            onChange={(event) => {
              onChange(event.target.value)
            }}
            className={classes(FIELD, 'block resize-y py-1.5 font-mono text-sm')}
          />
        )}
      </Field>
      {error && (
        <div role="status" className="text-sm text-bad">
          {error}
        </div>
      )}
    </div>
  )
}
