import { Select } from '#ui/field.tsx'

/** Where to start it; what is chosen decides which form follows. */
export function SourceSelect(props: {
  source: string
  sources: readonly string[]
  onChange: (source: string) => void
}) {
  return (
    <Select
      label="Source"
      value={props.source}
      options={props.sources.map((name) => ({ value: name, label: name }))}
      onChange={props.onChange}
    />
  )
}
