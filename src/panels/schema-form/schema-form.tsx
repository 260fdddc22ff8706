import { useMemo } from 'react'
import type { Issue } from './check-value.ts'
import { fieldsOf, othersIn } from './field-kind.ts'
import { FieldView } from './field-view.tsx'
import { FormContext, type FormTools } from './form-context.ts'
import { isObject, own, type Schema } from './schema.ts'

/** A form of an object's schema. Values without a field of their own are kept and shown as JSON. */
export function SchemaForm(props: {
  schema: Schema
  value: unknown
  onChange: FormTools['change']
  issues: readonly Issue[]
  upload: FormTools['upload']
}) {
  const { schema, value, onChange, issues, upload } = props
  const fields = useMemo(() => fieldsOf(schema), [schema])
  const tools = useMemo(() => ({ change: onChange, issues, upload }), [onChange, issues, upload])
  const object = isObject(value) ? value : {}
  return (
    <FormContext value={tools}>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-3.5 sm:grid-cols-2">
        {fields.map(({ name, schema: part, required }) => (
          <FieldView
            key={name}
            name={name}
            schema={part}
            path={[name]}
            value={own(object, name)}
            required={required}
          />
        ))}
        {othersIn(schema, object).map((name) => (
          <FieldView
            key={name}
            name={name}
            schema={{ description: 'Not in the schema of the app; sent as it is.' }}
            path={[name]}
            value={own(object, name)}
            required={false}
          />
        ))}
      </div>
    </FormContext>
  )
}
