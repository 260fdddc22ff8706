import { useCallback, useMemo, useState } from 'react'
import { Segmented } from '#ui/segmented.tsx'
import type { Issue } from './check-value.ts'
import type { FormTools } from './form-context.ts'
import { turnDraft, type InputDraft } from './input-draft.ts'
import { JsonText, type TextFault } from './json-text.tsx'
import { locate } from './locate.ts'
import { isObject, pathText, type Schema } from './schema.ts'
import { SchemaForm } from './schema-form.tsx'
import { setAt } from './value.ts'

/** An input as a form or as JSON, whichever one likes better; the values go along. */
export function InputEditor(props: {
  title: string
  /** Name of the text field, where it is JSON. */
  textLabel: string
  /** None: JSON only. */
  schema: Schema | null
  draft: InputDraft
  onChange: (change: (before: InputDraft) => InputDraft) => void
  issues: readonly Issue[]
  error: string | null
  upload: FormTools['upload']
  hint?: string
  onSubmit?: () => void
}) {
  const { title, textLabel, schema, draft, onChange, issues, error, upload, hint, onSubmit } = props
  const [stuck, setStuck] = useState<string | null>(null)
  const change = useCallback<FormTools['change']>(
    (path, at) => {
      onChange((before) => {
        if (before.as !== 'form') return before
        const value = setAt(before.value, path, at)
        return { as: 'form', value: isObject(value) ? value : {} }
      })
    },
    [onChange],
  )
  const text = draft.as === 'json' ? draft.text : null
  const faults = useMemo(() => (text === null ? [] : faultsOf(text, issues)), [text, issues])
  return (
    <section aria-label={title} className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-2.5">
      <div className="flex min-h-7 items-center justify-between gap-2">
        <h3 className="font-medium">{title}</h3>
        {schema && (
          <Segmented
            label={`${title} as`}
            value={draft.as}
            options={[
              { value: 'form', label: 'Form' },
              { value: 'json', label: 'JSON' },
            ]}
            onChange={(as) => {
              const turned = turnDraft(draft, as)
              setStuck(typeof turned === 'string' ? `A form cannot show this. ${turned}` : null)
              if (typeof turned !== 'string') onChange(() => turned)
            }}
          />
        )}
      </div>
      {draft.as === 'form' && schema ? (
        <SchemaForm schema={schema} value={draft.value} onChange={change} issues={issues} upload={upload} />
      ) : (
        <JsonText
          label={textLabel}
          rows={9}
          value={text ?? ''}
          hint={hint}
          faults={faults}
          error={stuck ?? (faults.length > 0 || isPlaced(error) ? null : error)}
          onSubmit={onSubmit}
          onChange={(next) => {
            setStuck(null)
            onChange(() => ({ as: 'json', text: next }))
          }}
        />
      )}
    </section>
  )
}

/** The text itself says so already. */
function isPlaced(error: string | null): boolean {
  return error?.startsWith('Line ') === true
}

function faultsOf(text: string, issues: readonly Issue[]): TextFault[] {
  return issues.map(({ path, message }) => ({
    ...locate(text, path),
    message: path.length > 0 ? `${pathText(path)}: ${message}` : message,
  }))
}
