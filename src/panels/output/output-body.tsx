import { useMemo, useState, type ReactNode } from 'react'
import { Segmented } from '#ui/segmented.tsx'
import { OutputField } from './output-field.tsx'
import { fieldsOf, isWorthFields, type OutputField as Field } from './output-fields.ts'
import { ResultBody } from './result-body.tsx'

/**
 * An output by the types of its fields, or as the data it is.
 * @param rich shows fields even where there are no files
 */
export function OutputBody(props: {
  json: string
  /** The app's, where it is known. */
  schema?: unknown
  rich: boolean
  changed: readonly string[]
  fill: boolean
  actions: ReactNode
  /** Puts the tools in a row of the caller's. */
  bar?: (tools: ReactNode, fields: readonly Field[]) => ReactNode
}) {
  const { json, schema, rich, changed, fill, actions, bar } = props
  const [view, setView] = useState<'fields' | 'data'>('fields')
  const fields = useMemo(() => fieldsOf(json, location.origin, schema), [json, schema])
  const fielded = fields !== null && fields.length > 0 && (rich || isWorthFields(fields))
  const tools = (
    <>
      {fielded && (
        <Segmented
          label="Show as"
          value={view}
          options={[
            { value: 'fields', label: 'Fields' },
            { value: 'data', label: 'Data' },
          ]}
          onChange={setView}
        />
      )}
      {actions}
    </>
  )
  if (!fielded || view === 'data')
    return (
      <>
        {bar?.(tools, [])}
        <ResultBody text={json} fill={fill} actions={bar ? null : tools} />
      </>
    )
  return (
    <>
      {bar ? (
        bar(tools, fields)
      ) : (
        <div className="flex min-h-9 flex-wrap items-center justify-end gap-2 border-b border-line px-3 py-1 text-sm text-faint">
          {tools}
        </div>
      )}
      <div className="grid grid-cols-[minmax(0,1fr)] gap-y-1 py-1.5">
        {fields.map((field, i) => (
          <OutputField key={`${i} ${field.key}`} field={field} changed={changed.includes(field.key)} />
        ))}
      </div>
    </>
  )
}
