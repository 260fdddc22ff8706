import { formatRoughly } from '#lib/format.ts'
import { Select } from '#ui/field.tsx'
import { KEEP_CHOICES } from '../device-words.ts'

/** How long a stream is kept when nobody watches, ms; null: until stopped. */
export function KeepSelect(props: {
  label: string
  value: number | null
  onChange: (keepMs: number | null) => void
  shape?: 'line' | 'field'
  disabled?: boolean
}) {
  const { label, value, onChange, shape = 'line', disabled = false } = props
  const known = KEEP_CHOICES.some(({ ms }) => ms === value)
  const choices = known ? KEEP_CHOICES : [...KEEP_CHOICES, { ms: value, label: formatRoughly(value) }]
  return (
    <Select
      label={label}
      shape={shape}
      disabled={disabled}
      value={String(value)}
      options={choices.map(({ ms, label: words }) => ({ value: String(ms), label: words }))}
      onChange={(chosen) => {
        onChange(chosen === 'null' ? null : Number(chosen))
      }}
    />
  )
}
