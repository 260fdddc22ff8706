import { useEffect, useRef, useState, type RefObject } from 'react'
import { Icon } from './icon.tsx'
import { Kbd } from './kbd.tsx'

const TYPING_MS = 150

/** Types at once, filters a moment later. */
export function FilterBox(props: {
  label: string
  value: string
  onChange: (value: string) => void
  filterRef: RefObject<HTMLInputElement | null>
}) {
  const { label, value, onChange, filterRef } = props
  const [draft, setDraft] = useState(value)
  const [from, setFrom] = useState(value)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  // The URL was changed elsewhere: back button, "Clear filters".
  if (value !== from) {
    setFrom(value)
    if (value !== draft.trim()) setDraft(value)
  }
  useEffect(
    () => () => {
      clearTimeout(timer.current)
    },
    [],
  )
  return (
    <div className="relative min-w-[150px] flex-1 max-sm:min-w-0 lg:max-w-[280px]">
      <Icon name="search" size={14} className="pointer-events-none absolute top-[7px] left-2 text-faint" />
      <input
        ref={filterRef}
        type="search"
        aria-label={label}
        placeholder={label}
        autoComplete="off"
        spellCheck={false}
        value={draft}
        onChange={(event) => {
          const text = event.target.value
          setDraft(text)
          clearTimeout(timer.current)
          timer.current = setTimeout(() => {
            onChange(text.trim())
          }, TYPING_MS)
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && draft === '') event.currentTarget.blur()
        }}
        className="h-7 w-full rounded-md border border-line2 bg-raise pr-8 pl-7 hover:border-edge focus-visible:border-accent focus-visible:outline-1 focus-visible:outline-offset-0"
      />
      {draft === '' && (
        <span className="pointer-events-none absolute top-[3px] right-2 pointer-coarse:hidden">
          <Kbd>/</Kbd>
        </span>
      )}
    </div>
  )
}
