import { useStore } from 'zustand'
import { selection, selectOnly } from './selection.ts'

export function SelectAll(props: { keys: readonly string[] }) {
  const { keys } = props
  const count = useStore(selection, (state) =>
    keys.reduce((sum, key) => sum + (state.keys.has(key) ? 1 : 0), 0),
  )
  const all = keys.length > 0 && count === keys.length
  return (
    <input
      type="checkbox"
      aria-label="Select all shown"
      ref={(input) => {
        if (input) input.indeterminate = count > 0 && !all
      }}
      checked={all}
      onChange={() => {
        selectOnly(all ? [] : keys)
      }}
      className="size-3.5 cursor-pointer accent-accent"
    />
  )
}
