import { useState, type ReactNode } from 'react'
import type { AppSummary } from '#protocols/weir/api.ts'
import { classes } from '#ui/classes.ts'
import { Field, FIELD } from '#ui/field.tsx'
import { Icon } from '#ui/icon.tsx'
import { ListboxOption } from '#ui/listbox-option.tsx'
import { useListbox } from '#ui/use-listbox.ts'
import { isAppRef, useApps } from './use-app.ts'

/** An app by its name, or found by words. */
export function AppField(props: {
  source: string
  value: string
  onChange: (ref: string) => void
  hint?: ReactNode
  error?: string | null
}) {
  const { source, value, onChange, hint, error } = props
  const [open, setOpen] = useState(false)
  // Right after opening all are offered, whatever the field holds; typing searches.
  const [typed, setTyped] = useState(false)
  const [wanted, setWanted] = useState(false)
  const found = useApps(source, typed ? value : '', wanted)
  const apps = found.data ?? []
  // A whole name needs no search that finds it.
  const shown = open && (apps.length > 0 || !isAppRef(value.trim()))
  const pick = (index: number) => {
    const app = apps[index]
    if (app) onChange(app.ref)
    setOpen(false)
    setTyped(false)
    list.setActive(-1)
  }
  const list = useListbox({ count: apps.length, open: shown, onPick: pick })
  return (
    <Field label="App" hint={hint} error={error}>
      {(ids) => (
        <div className="relative">
          <input
            {...ids}
            {...list.inputProps}
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            data-autofocus
            placeholder="Search, or namespace/name"
            value={value}
            onChange={(event) => {
              onChange(event.target.value)
              setTyped(true)
              setWanted(true)
              setOpen(true)
              list.setActive(-1)
            }}
            onFocus={() => {
              setWanted(true)
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
          {found.isFetching && open && (
            <Icon name="spinner" size={14} turning className="absolute top-2 right-2 text-faint" />
          )}
          <div
            className={classes(
              'absolute inset-x-0 top-full z-10 mt-1 max-h-72 overflow-y-auto rounded-md border border-line2 bg-raise p-1 shadow-cast2',
              !shown && 'hidden',
            )}
          >
            <div id={list.listId} role="listbox" aria-label="Apps">
              {shown &&
                apps.map((app, index) => (
                  <ListboxOption
                    key={app.ref}
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
                    <AppLine app={app} />
                  </ListboxOption>
                ))}
            </div>
            {shown && apps.length === 0 && (
              <div className="px-2 py-1 text-sm text-faint" role="status">
                {found.isError
                  ? `The list of apps cannot be read: ${found.error.message}`
                  : found.isPending
                    ? 'Reading the apps …'
                    : 'No app is found by these words. A whole name, namespace/name, can be used all the same.'}
              </div>
            )}
          </div>
        </div>
      )}
    </Field>
  )
}

function AppLine(props: { app: AppSummary }) {
  const { ref, title, description, category } = props.app
  return (
    <>
      <span className="flex items-baseline gap-2">
        <span className="said-line font-medium">{title || ref}</span>
        <span className="said-line font-mono text-xs text-mute">{ref}</span>
        {category && <span className="ml-auto shrink-0 text-xs text-mute">{category}</span>}
      </span>
      {description && <span className="said-line block text-sm text-mute">{description}</span>}
    </>
  )
}
