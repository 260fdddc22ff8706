import { sameNumber } from '#lib/exact-compare.ts'
import { stringifyExact } from '#lib/exact-json.ts'
import { Field, SELECT } from '#ui/field.tsx'
import { choicesOf } from './field-kind.ts'
import { useForm, useIssue } from './form-context.ts'
import { hintOf, type PartProps } from './part.ts'

export function ChoicePart(props: PartProps) {
  const { label, schema, path, value, required } = props
  const { change } = useForm()
  const choices = choicesOf(schema)
  const at = choices.findIndex((choice) => sameNumber(choice, value))
  const isOdd = at < 0 && value !== undefined && value !== null
  const mayBeNone = !required || at < 0
  return (
    <Field label={label} hint={hintOf(props)} error={useIssue(path)}>
      {(ids) => (
        <select
          {...ids}
          value={at < 0 ? '' : String(at)}
          required={required}
          onChange={(event) => {
            const index = event.target.value
            change(path, () => (index === '' ? undefined : choices[Number(index)]))
          }}
          className={SELECT}
        >
          {mayBeNone && (
            <option value="" className="bg-panel text-ink">
              {isOdd ? stringifyExact(value) : required ? 'Choose' : 'not set'}
            </option>
          )}
          {choices.map((choice, index) => (
            <option key={index} value={String(index)} className="bg-panel text-ink">
              {choice === true ? 'yes' : choice === false ? 'no' : String(choice)}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}
