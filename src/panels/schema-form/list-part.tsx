import { Button, IconButton } from '#ui/button.tsx'
import { kindOf, startValue } from './field-kind.ts'
import { UploadButton } from './file-part.tsx'
import { useForm, useIssue } from './form-context.ts'
import type { DrawField, PartProps } from './part.ts'
import type { Schema } from './schema.ts'

/** Items one below the other, to add and to take away. */
export function ListPart(props: PartProps & { draw: DrawField }) {
  const { label, schema, path, value, name, draw } = props
  const { change } = useForm()
  const issue = useIssue(path)
  const items = Array.isArray(value) ? (value as unknown[]) : []
  const item: Schema = schema.items ?? {}
  const isFull = schema.maxItems !== undefined && items.length >= schema.maxItems
  const add = (next: unknown) => {
    change(path, (before) => [...(Array.isArray(before) ? (before as unknown[]) : []), next])
  }
  return (
    <fieldset className="grid min-w-0 content-start gap-1.5 sm:col-span-2">
      <legend className="mb-1 text-sm text-mute">
        {label}
        {schema.maxItems !== undefined && (
          <span className="text-faint">
            {' '}
            · {items.length} of at most {schema.maxItems}
          </span>
        )}
      </legend>
      {schema.description && <p className="text-sm text-faint">{schema.description}</p>}
      {items.map((each, index) => (
        <div key={index} className="flex items-start gap-1.5">
          <div className="grid min-w-0 flex-1 grid-cols-[minmax(0,1fr)]">
            {draw({
              name,
              label: `${label} ${index + 1}`,
              schema: item,
              path: [...path, index],
              value: each,
              required: true,
            })}
          </div>
          <IconButton
            icon="cross"
            label={`Remove item ${index + 1}`}
            className="mt-[22px] h-8"
            onClick={() => {
              change(path, (before) =>
                Array.isArray(before) ? (before as unknown[]).filter((_, at) => at !== index) : before,
              )
            }}
          />
        </div>
      ))}
      <div className="flex flex-wrap gap-2">
        <Button
          icon="plus"
          disabled={isFull}
          title={isFull ? `At most ${schema.maxItems}` : undefined}
          onClick={() => {
            add(startValue(item) ?? emptyOf(item))
          }}
        >
          Add to {label}
        </Button>
        {kindOf(item, name) === 'file' && (
          <UploadButton label={label} many onUploaded={add} disabled={isFull} />
        )}
      </div>
      {issue && <div className="text-sm text-bad">{issue}</div>}
    </fieldset>
  )
}

/** A list has no holes: an item begins as the empty value of its kind, and is judged as one. */
function emptyOf(schema: Schema): unknown {
  switch (kindOf(schema)) {
    case 'object':
      return {}
    case 'boolean':
      return false
    case 'number':
      return null
    default:
      return ''
  }
}
