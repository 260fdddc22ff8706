import { useState, type ReactNode } from 'react'
import { classes } from './classes.ts'
import { Field, FIELD } from './field.tsx'
import { ListboxOption } from './listbox-option.tsx'
import { useListbox } from './use-listbox.ts'

/** Free text with suggestions. */
export function Combobox(props: {
  label: string
  value: string
  onChange: (value: string) => void
  suggestions: readonly string[]
  hint?: ReactNode
  error?: string | null
  placeholder?: string
  /** The focus of a dialog begins here. */
  first?: boolean
}) {
  const { label, value, onChange, suggestions, hint, error, placeholder, first = false } = props
  const [open, setOpen] = useState(false)
  // Right after opening all are offered, whatever the field holds; typing narrows.
  const [typed, setTyped] = useState(false)
  const word = value.trim().toLowerCase()
  const offered = typed ? suggestions.filter((each) => each.toLowerCase().includes(word)) : suggestions
  const shown = open && offered.length > 0 && !(offered.length === 1 && offered[0] === value)
  const pick = (index: number) => {
    const chosen = offered[index]
    if (chosen !== undefined) onChange(chosen)
    setOpen(false)
    list.setActive(-1)
  }
  const list = useListbox({ count: offered.length, open: shown, onPick: pick })
  return (
    <Field label={label} hint={hint} error={error}>
      {(ids) => (
        <div className="relative">
          <input
            {...ids}
            {...list.inputProps}
            autoComplete="off"
            spellCheck={false}
            data-autofocus={first || undefined}
            placeholder={placeholder}
            value={value}
            onChange={(event) => {
              onChange(event.target.value)
              setTyped(true)
              setOpen(true)
              list.setActive(-1)
            }}
            onPointerDown={() => {
              setTyped(false)
              setOpen(true)
            }}
            onBlur={() => {
              setOpen(false)
            }}
            onKeyDown={(event) => {
              if (event.key === 'Escape' && shown) {
                event.preventDefault()
                event.stopPropagation()
                setOpen(false)
              } else if (list.onKey(event) && event.key !== 'Enter') {
                if (!open) setTyped(false)
                setOpen(true)
              }
            }}
            className={classes(FIELD, 'h-8')}
          />
          <div
            id={list.listId}
            role="listbox"
            aria-label={label}
            hidden={!shown}
            className="absolute inset-x-0 top-full z-10 mt-1 max-h-56 overflow-y-auto rounded-md border border-line2 bg-raise p-1 shadow-cast2"
          >
            {shown &&
              offered.map((each, index) => (
                <ListboxOption
                  key={each}
                  id={list.optionId(index)}
                  active={index === list.active}
                  onPick={() => {
                    pick(index)
                  }}
                  onPoint={() => {
                    list.setActive(index)
                  }}
                  className="said-line rounded-sm px-2 py-1"
                >
                  {each}
                </ListboxOption>
              ))}
          </div>
        </div>
      )}
    </Field>
  )
}
