import { useId, type ComponentProps, type ReactNode } from 'react'
import { classes } from './classes.ts'

export const FIELD =
  'w-full min-w-0 rounded-md border border-edge bg-bg px-2.5 text-ink transition-colors duration-100 ' +
  'hover:border-mute focus-visible:border-accent focus-visible:outline-1 focus-visible:outline-offset-0 ' +
  'aria-invalid:border-bad disabled:opacity-55'

/** A select leaves room for its triangle (`theme.css`). */
export const SELECT = `${FIELD} h-8 pr-6`

/** Label, control, hint and error in the same places everywhere. The control gets its ids from `children`. */
export function Field(props: {
  label: string
  hint?: ReactNode
  error?: string | null | undefined
  className?: string | undefined
  children: (ids: {
    id: string
    'aria-describedby': string | undefined
    'aria-invalid': true | undefined
  }) => ReactNode
}) {
  const id = useId()
  const noteId = `${id}-note`
  const note = props.error ?? props.hint
  return (
    <div className={classes('grid min-w-0 content-start gap-1', props.className)}>
      <label htmlFor={id} className="text-sm text-mute">
        {props.label}
      </label>
      {props.children({
        id,
        'aria-describedby': note ? noteId : undefined,
        'aria-invalid': props.error ? true : undefined,
      })}
      {note && (
        <div id={noteId} className={classes('text-sm', props.error ? 'text-bad' : 'text-faint')}>
          {note}
        </div>
      )}
    </div>
  )
}

export interface TextFieldProps extends Omit<ComponentProps<'input'>, 'onChange' | 'className'> {
  label: string
  value: string
  onChange: (value: string) => void
  hint?: ReactNode
  error?: string | null
  mono?: boolean
  className?: string
}

export function TextField(props: TextFieldProps) {
  const { label, value, onChange, hint, error, mono = false, className, ...rest } = props
  return (
    <Field label={label} hint={hint} error={error} className={className}>
      {(ids) => (
        <input
          type="text"
          autoComplete="off"
          spellCheck={false}
          {...rest}
          {...ids}
          value={value}
          onChange={(event) => {
            onChange(event.target.value)
          }}
          className={classes(FIELD, 'h-8', mono && 'font-mono text-sm')}
        />
      )}
    </Field>
  )
}

/** A native select with its label inside the line: `Source: all`. */
export function Select<V extends string>(props: {
  label: string
  value: V
  options: readonly { value: V; label: string }[]
  onChange: (value: V) => void
  /** `line`: small, for tool bars; `field`: with a label above, for forms. */
  shape?: 'line' | 'field'
  disabled?: boolean
  className?: string
}) {
  const { label, value, options, onChange, shape = 'field', disabled, className } = props
  const select = (extra: ComponentProps<'select'>) => (
    <select
      {...extra}
      value={value}
      disabled={disabled}
      onChange={(event) => {
        onChange(event.target.value as V)
      }}
    >
      {options.map((option) => (
        <option key={option.value} value={option.value} className="bg-panel text-ink">
          {option.label}
        </option>
      ))}
    </select>
  )
  if (shape === 'field')
    return (
      <Field label={label} className={className}>
        {(ids) => select({ ...ids, className: SELECT })}
      </Field>
    )
  return (
    <label
      className={classes(
        'inline-flex h-7 min-w-0 items-center gap-1 rounded-md border border-line2 bg-raise pl-2.5 text-mute hover:border-edge has-focus-visible:outline-2 has-focus-visible:outline-accent',
        className,
      )}
    >
      <span className="shrink-0">{label}</span>
      {select({
        'aria-label': label,
        className:
          'h-full min-w-0 field-sizing-content truncate rounded-md bg-transparent pr-5 pl-0 text-ink outline-none',
      })}
    </label>
  )
}

export function Checkbox(props: {
  label: ReactNode
  checked: boolean
  onChange: (checked: boolean) => void
  hint?: string
  disabled?: boolean
}) {
  const id = useId()
  return (
    <div className="flex items-start gap-2">
      <input
        id={id}
        type="checkbox"
        checked={props.checked}
        disabled={props.disabled}
        aria-describedby={props.hint ? `${id}-hint` : undefined}
        onChange={(event) => {
          props.onChange(event.target.checked)
        }}
        className="mt-[3px] size-3.5 shrink-0 accent-accent"
      />
      <div className="min-w-0">
        <label htmlFor={id}>{props.label}</label>
        {props.hint && (
          <div id={`${id}-hint`} className="text-sm text-faint">
            {props.hint}
          </div>
        )}
      </div>
    </div>
  )
}

/** On or off, at once. */
export function Switch(props: { label: string; checked: boolean; onChange: (checked: boolean) => void }) {
  return (
    <button
      type="button"
      role="switch"
      aria-checked={props.checked}
      onClick={() => {
        props.onChange(!props.checked)
      }}
      className="group inline-flex h-7 shrink-0 items-center gap-2 rounded-md px-1 text-mute select-none hover:text-ink"
    >
      <span
        className={classes(
          'relative h-4 w-7 rounded-full border transition-colors duration-100',
          props.checked ? 'border-accent bg-accent' : 'border-edge bg-track',
        )}
      >
        <i
          className={classes(
            'absolute top-[2px] size-2.5 rounded-full transition-[left] duration-100',
            props.checked ? 'left-[14px] bg-on-accent' : 'left-[2px] bg-edge',
          )}
        />
      </span>
      {props.label}
    </button>
  )
}
