import { fieldsOf, othersIn } from './field-kind.ts'
import { useIssue } from './form-context.ts'
import type { DrawField, PartProps } from './part.ts'
import { isObject, own } from './schema.ts'

/** Fields that belong together. */
export function ObjectPart(props: PartProps & { draw: DrawField }) {
  const { label, schema, path, value, draw } = props
  const object = isObject(value) ? value : {}
  const issue = useIssue(path)
  return (
    <fieldset className="min-w-0 rounded-md border border-line px-3 pt-1 pb-3 sm:col-span-2">
      <legend className="px-1 text-sm text-mute">{label}</legend>
      {schema.description && <p className="mb-2 text-sm text-faint">{schema.description}</p>}
      <div className="grid grid-cols-[minmax(0,1fr)] gap-3 sm:grid-cols-2">
        {fieldsOf(schema).map(({ name, schema: part, required }) =>
          draw({ name, schema: part, path: [...path, name], value: own(object, name), required }),
        )}
        {othersIn(schema, object).map((name) =>
          draw({ name, schema: {}, path: [...path, name], value: own(object, name), required: false }),
        )}
      </div>
      {issue && <div className="mt-2 text-sm text-bad">{issue}</div>}
    </fieldset>
  )
}
