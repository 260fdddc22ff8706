import { Checkbox } from '#ui/field.tsx'
import { useForm, useIssue } from './form-context.ts'
import type { PartProps } from './part.ts'

export function TickPart(props: PartProps) {
  const { label, schema, path, value } = props
  const { change } = useForm()
  const issue = useIssue(path)
  return (
    <div className="self-center py-1">
      <Checkbox
        label={label}
        checked={value === true}
        {...(schema.description ? { hint: schema.description } : {})}
        onChange={(on) => {
          change(path, () => on)
        }}
      />
      {issue && <div className="pl-5.5 text-sm text-bad">{issue}</div>}
    </div>
  )
}
