import { useId } from 'react'
import { Icon, type IconName } from './icon.tsx'

export interface SegmentedOption<V extends string> {
  value: V
  label: string
  icon?: IconName
}

/** One of a few, all in sight: a radio group. */
export function Segmented<V extends string>(props: {
  label: string
  value: V
  options: readonly SegmentedOption<V>[]
  onChange: (value: V) => void
  /** On phones the icons stand alone. */
  compact?: boolean
}) {
  const name = useId()
  return (
    <div
      role="radiogroup"
      aria-label={props.label}
      className="inline-flex min-h-7 max-w-full flex-wrap rounded-md border border-line2 bg-raise p-0.5"
    >
      {props.options.map((option) => (
        <label
          key={option.value}
          className="relative inline-flex min-h-[22px] cursor-pointer items-center gap-1.5 rounded-sm px-2 text-mute select-none hover:text-ink has-checked:bg-sel has-checked:text-ink has-focus-visible:outline-2 has-focus-visible:outline-accent"
        >
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === props.value}
            onChange={() => {
              props.onChange(option.value)
            }}
            className="absolute inset-0 cursor-pointer opacity-0"
          />
          {option.icon && <Icon name={option.icon} size={14} />}
          <span className={props.compact && option.icon ? 'max-sm:sr-only' : ''}>{option.label}</span>
        </label>
      ))}
    </div>
  )
}
