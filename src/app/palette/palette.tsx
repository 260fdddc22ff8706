import { useMemo, useState } from 'react'
import { Dialog } from '#ui/dialog.tsx'
import { Icon } from '#ui/icon.tsx'
import { ListboxOption } from '#ui/listbox-option.tsx'
import { useListbox } from '#ui/use-listbox.ts'
import { findItems, type PaletteItem } from './palette-items.ts'
import { usePaletteItems } from './use-palette-items.ts'

/** Ctrl-K: go anywhere, do anything, by its name. */
export function Palette(props: { onClose: () => void; onKeys: () => void }) {
  const { onClose, onKeys } = props
  const items = usePaletteItems(onKeys)
  const [query, setQuery] = useState('')
  const found = useMemo(() => findItems(items, query), [items, query])
  const run = (item: PaletteItem | undefined) => {
    if (!item) return
    onClose()
    // After the dialog has given the focus back.
    setTimeout(item.run)
  }
  const list = useListbox({
    count: found.length,
    open: true,
    onPick: (index) => {
      run(found[index])
    },
  })
  return (
    <Dialog title="Commands" onClose={onClose} bare wide>
      <div className="flex items-center gap-2.5 border-b border-line px-4">
        <Icon name="search" className="text-faint" />
        <input
          {...list.inputProps}
          aria-label="Find a task or command"
          placeholder="Find a task, a device, a screen or a command"
          data-autofocus
          autoComplete="off"
          spellCheck={false}
          value={query}
          onChange={(event) => {
            setQuery(event.target.value)
            list.setActive(event.target.value.trim() ? 0 : -1)
          }}
          onKeyDown={(event) => {
            list.onKey(event)
          }}
          className="h-12 min-w-0 flex-1 bg-transparent text-[15px] outline-none"
        />
      </div>
      <div
        id={list.listId}
        role="listbox"
        aria-label="Commands"
        className="max-h-[min(420px,60vh)] overflow-y-auto p-1.5"
      >
        {found.map((item, index) => (
          <div key={item.key} role="presentation">
            {item.group !== found[index - 1]?.group && (
              <div role="presentation" className="px-2.5 pt-2 pb-1 text-xs text-faint">
                {item.group}
              </div>
            )}
            <ListboxOption
              id={list.optionId(index)}
              active={index === list.active}
              onPick={() => {
                run(item)
              }}
              onPoint={() => {
                list.setActive(index)
              }}
              className="flex items-center gap-2.5 rounded-md px-2.5 py-1.5"
            >
              <Icon name={item.icon} size={14} className="text-faint" />
              <span className="said-line">{item.label}</span>
              <span className="said-line ml-auto shrink-[2] text-sm text-faint">{item.hint}</span>
            </ListboxOption>
          </div>
        ))}
      </div>
      <p role="status" className={found.length > 0 ? 'sr-only' : 'px-4 pb-4 text-mute'}>
        {found.length > 0 ? `${found.length} found` : 'Nothing has that name.'}
      </p>
    </Dialog>
  )
}
