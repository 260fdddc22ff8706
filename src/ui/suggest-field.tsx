import { useState, type ReactNode } from 'react'
import { classes } from './classes.ts'
import { isComposing } from './composing.ts'
import { Field, FIELD } from './field.tsx'
import { Icon } from './icon.tsx'
import { ListboxOption } from './listbox-option.tsx'
import { useListbox } from './use-listbox.ts'

/** Free text, and a list of what it may be. */
export function SuggestField<T>(props: {
  label: string
  value: string
  onChange: (value: string) => void
  options: readonly T[]
  /** What picking an option writes. */
  textOf: (option: T) => string
  /** An option as it is shown. */
  children: (option: T) => ReactNode
  /**
   * Says by which text to offer: what was typed; nothing right after opening, when all are offered whatever the
   * field holds.
   */
  onAsk: (text: string) => void
  /** Name of the list; the label unless given. */
  listLabel?: string
  /** In place of options, where there are none. */
  empty?: ReactNode
  /** The options are being asked for. */
  busy?: boolean
  hint?: ReactNode
  error?: string | null
  placeholder?: string
  /** The focus of a dialog begins here. */
  first?: boolean
  /** Enter takes the first option unless the text is whole by itself, and never sends the form. */
  picks?: boolean
  isWhole?: (text: string) => boolean
}) {
  const { label, value, onChange, options, textOf, children, onAsk, listLabel = label, empty } = props
  const { busy = false, hint, error, placeholder, first = false, picks = false } = props
  const { isWhole = () => false } = props
  const [open, setOpen] = useState(false)
  const shown = open && (options.length > 0 || Boolean(empty))
  const pick = (index: number) => {
    const chosen = options[index]
    if (chosen !== undefined) onChange(textOf(chosen))
    setOpen(false)
    list.setActive(-1)
  }
  const list = useListbox({ count: options.length, open: shown, onPick: pick })
  return (
    <Field label={label} hint={hint} error={error}>
      {(ids) => (
        <div className="relative">
          <input
            {...ids}
            {...list.inputProps}
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            data-autofocus={first || undefined}
            placeholder={placeholder}
            value={value}
            onChange={(event) => {
              onChange(event.target.value)
              onAsk(event.target.value)
              setOpen(true)
              list.setActive(-1)
            }}
            onFocus={() => {
              onAsk('')
            }}
            onPointerDown={() => {
              onAsk('')
              setOpen(true)
            }}
            onBlur={() => {
              setOpen(false)
            }}
            onKeyDown={(event) => {
              if (isComposing(event)) return
              const plain = !event.ctrlKey && !event.metaKey
              if (event.key === 'Escape' && shown) {
                event.preventDefault()
                event.stopPropagation()
                setOpen(false)
              } else if (list.onKey(event)) {
                if (event.key === 'Enter') return
                if (!open) onAsk('')
                setOpen(true)
              } else if (event.key === 'Enter' && plain && (picks || shown)) {
                // It means the list, not the form.
                event.preventDefault()
                if (shown && picks && !busy && options.length > 0 && !isWhole(value)) pick(0)
                else setOpen(false)
              }
            }}
            className={classes(FIELD, 'h-8')}
          />
          {busy && open && (
            <Icon name="spinner" size={14} turning className="absolute top-2 right-2 text-faint" />
          )}
          <div
            className={classes(
              'absolute inset-x-0 top-full z-10 mt-1 max-h-72 overflow-y-auto rounded-md border border-line2 bg-raise p-1 shadow-cast2',
              !shown && 'hidden',
            )}
          >
            <div id={list.listId} role="listbox" aria-label={listLabel}>
              {shown &&
                options.map((option, index) => (
                  <ListboxOption
                    key={textOf(option)}
                    id={list.optionId(index)}
                    active={index === list.active}
                    onPick={() => {
                      pick(index)
                    }}
                    onPoint={() => {
                      list.setActive(index)
                    }}
                    className="rounded-sm px-2 py-1"
                  >
                    {children(option)}
                  </ListboxOption>
                ))}
            </div>
            {shown && options.length === 0 && (
              <div className="px-2 py-1 text-sm text-faint" role="status">
                {empty}
              </div>
            )}
          </div>
        </div>
      )}
    </Field>
  )
}
