import { classes } from '#ui/classes.ts'
import { Field, FIELD } from '#ui/field.tsx'
import { useForm, useIssue } from './form-context.ts'
import { hintOf, type PartProps } from './part.ts'
import { textValue } from './text-part.tsx'

/** A colour as text, with the platform's own chooser beside it. */
export function ColorPart(props: PartProps) {
  const { label, path, value, required } = props
  const { change } = useForm()
  const text = typeof value === 'string' ? value : ''
  return (
    <Field label={label} hint={hintOf(props)} error={useIssue(path)}>
      {(ids) => (
        <div className="flex gap-1.5">
          <input
            type="color"
            aria-label="Pick from the palette"
            value={/^#[\da-f]{6}$/i.test(text) ? text : '#000000'}
            onChange={(event) => {
              const next = event.target.value
              change(path, () => next)
            }}
            className="h-8 w-10 shrink-0 cursor-pointer rounded-md border border-edge bg-bg p-1"
          />
          <input
            {...ids}
            type="text"
            autoComplete="off"
            spellCheck={false}
            placeholder="#2a7fb8"
            value={text}
            onChange={(event) => {
              const next = event.target.value
              change(path, () => textValue(next, required))
            }}
            className={classes(FIELD, 'h-8 font-mono text-sm')}
          />
        </div>
      )}
    </Field>
  )
}
