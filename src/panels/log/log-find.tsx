import { isComposing } from '#ui/composing.ts'
import type { KeyboardEvent, RefObject } from 'react'
import { Icon } from './icons.tsx'
import type { SearchStatus } from './log-status.ts'
import type { Query } from './matcher.ts'
import { number } from './words.ts'

export const NO_QUERY: Query = { text: '', matchCase: false, regex: false }

interface LogFindProps {
  input: RefObject<HTMLInputElement | null>
  query: Query
  filter: boolean
  hits: SearchStatus | null
  invalid: boolean
  /** The number of hits grows with the log: it is shown, not announced. */
  quiet: boolean
  onQuery(query: Query): void
  onFilter(filter: boolean): void
  onMove(by: 1 | -1): void
  onClear(): void
}

/** The search field with its options, the number of hits and the way from one to the next. */
export function LogFind({
  input,
  query,
  filter,
  hits,
  invalid,
  quiet,
  onQuery,
  onFilter,
  onMove,
  onClear,
}: LogFindProps) {
  const none = hits === null || hits.count === 0
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || isComposing(event)) return
    event.preventDefault()
    onMove(event.shiftKey ? -1 : 1)
  }
  return (
    <div className="log-find" data-invalid={invalid || undefined}>
      <input
        ref={input}
        type="search"
        aria-label="Search log"
        placeholder="Search log"
        autoComplete="off"
        spellCheck={false}
        aria-invalid={invalid}
        value={query.text}
        onChange={(event) => onQuery({ ...query, text: event.target.value })}
        onKeyDown={onKeyDown}
      />
      {hits && (
        <span className="log-count" role="status" aria-live={quiet ? 'off' : 'polite'}>
          {hitsInWords(hits)}
        </span>
      )}
      {query.text !== '' && (
        <>
          <button
            type="button"
            className="log-button"
            aria-label="Previous hit"
            title="Previous hit (Shift-Enter)"
            disabled={none}
            onClick={() => onMove(-1)}
          >
            <Icon name="up" />
          </button>
          <button
            type="button"
            className="log-button"
            aria-label="Next hit"
            title="Next hit (Enter)"
            disabled={none}
            onClick={() => onMove(1)}
          >
            <Icon name="down" />
          </button>
          <button
            type="button"
            className="log-button"
            aria-label="Clear search"
            title="Clear (Esc)"
            onClick={onClear}
          >
            <Icon name="clear" />
          </button>
        </>
      )}
      <Toggle
        label="Match case"
        pressed={query.matchCase}
        onPress={(matchCase) => onQuery({ ...query, matchCase })}
      >
        Aa
      </Toggle>
      <Toggle
        label="Regular expression"
        pressed={query.regex}
        onPress={(regex) => onQuery({ ...query, regex })}
      >
        .*
      </Toggle>
      <Toggle label="Only matching lines" pressed={filter} onPress={onFilter}>
        <Icon name="filter" />
      </Toggle>
    </div>
  )
}

interface ToggleProps {
  label: string
  pressed: boolean
  onPress(pressed: boolean): void
  children: React.ReactNode
}

export function Toggle({ label, pressed, onPress, children }: ToggleProps) {
  return (
    <button
      type="button"
      className="log-button"
      aria-label={label}
      title={label}
      aria-pressed={pressed}
      onClick={() => onPress(!pressed)}
    >
      {children}
    </button>
  )
}

/** "3 of 1,000", "1,000 · 40 %" while 40 % was searched, "no hits" */
function hitsInWords({ count, index, searched }: SearchStatus): string {
  const part = searched < 1 ? ` · ${Math.floor(searched * 100)} %` : ''
  if (count === 0) return searched < 1 ? `searching${part}` : 'no hits'
  return `${index > 0 ? `${number(index)} of ` : ''}${number(count)}${part}`
}
