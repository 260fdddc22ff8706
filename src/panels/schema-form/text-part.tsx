import { classes } from '#ui/classes.ts'
import { Field, FIELD, TextField } from '#ui/field.tsx'
import { useForm, useIssue } from './form-context.ts'
import { exampleOf, hintOf, type PartProps } from './part.ts'

export function TextPart(props: PartProps & { secret?: boolean }) {
  const { label, schema, path, value, required, secret = false } = props
  const { change } = useForm()
  return (
    <TextField
      label={label}
      {...(secret ? { type: 'password', autoComplete: 'new-password' } : {})}
      value={typeof value === 'string' ? value : ''}
      required={required}
      placeholder={exampleOf(schema)}
      hint={hintOf(props)}
      error={useIssue(path)}
      onChange={(text) => {
        change(path, () => textValue(text, required))
      }}
    />
  )
}

/** Empty stands for "left out", unless it must be given: then it is the empty text, and judged as one. */
export function textValue(text: string, required: boolean): string | undefined {
  return text === '' && !required ? undefined : text
}

export function LongTextPart(props: PartProps) {
  const { label, schema, path, value, required } = props
  const { change } = useForm()
  return (
    <Field label={label} hint={hintOf(props)} error={useIssue(path)} className="sm:col-span-2">
      {(ids) => (
        <textarea
          {...ids}
          rows={2}
          required={required}
          value={typeof value === 'string' ? value : ''}
          placeholder={exampleOf(schema)}
          onChange={(event) => {
            const text = event.target.value
            change(path, () => textValue(text, required))
          }}
          className={classes(FIELD, 'field-sizing-content block max-h-64 min-h-14 resize-y py-1.5')}
        />
      )}
    </Field>
  )
}

/** A moment in local time, sent as RFC 3339. */
export function MomentPart(props: PartProps) {
  const { label, path, value } = props
  const { change } = useForm()
  return (
    <TextField
      label={label}
      type="datetime-local"
      step={1}
      value={localOf(value)}
      hint={hintOf(props) ?? 'Local time.'}
      error={useIssue(path)}
      onChange={(text) => {
        const at = Date.parse(text)
        change(path, () => (Number.isNaN(at) ? undefined : new Date(at).toISOString()))
      }}
    />
  )
}

function localOf(value: unknown): string {
  const at = typeof value === 'string' ? new Date(value) : null
  if (!at || Number.isNaN(at.getTime())) return ''
  const two = (part: number) => String(part).padStart(2, '0')
  return (
    `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}` +
    `T${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`
  )
}
