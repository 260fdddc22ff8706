import { isComposing } from '#ui/composing.ts'
import { useEffect, useMemo, useRef, useState, useSyncExternalStore, type KeyboardEvent } from 'react'
import { Icon } from './icons.tsx'
import { LogFind, NO_QUERY } from './log-find.tsx'
import type { LogSource } from './log-source.ts'
import { LogTools } from './log-tools.tsx'
import type { LogStatus } from './log-status.ts'
import { LogView } from './log-view.ts'
import type { Query } from './matcher.ts'
import type { LogPhase } from './phases.ts'
import { PhaseFilter } from './phase-filter.tsx'
import { logPreferences, type LogPreferences } from './preferences.ts'
import { PrintedLog } from './printed-log.tsx'
import { lines, number } from './words.ts'
import './log-panel.css'

export interface LogPanelProps {
  log: LogSource
  /** What the log is of, shown before the number of lines. */
  label?: string
  /** In place of lines while there are none. */
  empty?: string
}

/** A log that follows its task: drawn by a LogView, with controls around it. */
export function LogPanel({
  log,
  label,
  empty = 'No lines yet. They appear here as they arrive.',
}: LogPanelProps) {
  const [preferences, setPreferences] = useState(logPreferences.get)
  const [query, setQuery] = useState<Query>(NO_QUERY)
  const [filter, setFilter] = useState(false)
  const [phase, setPhase] = useState<LogPhase | null>(null)
  // A view belongs to a buffer; a caller may make the source around it anew with each render.
  // oxlint-disable-next-line react-hooks/exhaustive-deps
  const view = useMemo(() => new LogView(log, preferences), [log.buffer])
  const status = useSyncExternalStore(view.subscribe, view.status)
  const scroller = useRef<HTMLDivElement>(null)
  const find = useRef<HTMLInputElement>(null)

  useEffect(() => view.setSource(log), [view, log])
  useEffect(() => (scroller.current ? view.attach(scroller.current) : undefined), [view])
  useEffect(() => view.setQuery(query), [view, query])
  useEffect(() => view.setFilter(filter), [view, filter])
  useEffect(() => view.setPhase(phase), [view, phase])
  useEffect(() => {
    view.onLeaveFilter = () => setFilter(false)
  }, [view])

  const prefer = (change: Partial<LogPreferences>) => {
    const next = { ...preferences, ...change }
    setPreferences(next)
    logPreferences.set(next)
    view.setPreferences(next)
  }
  const clearSearch = () => {
    setQuery({ ...query, text: '' })
    setFilter(false)
    scroller.current?.focus({ preventScroll: true })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (isComposing(event)) return
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'f') {
      find.current?.focus()
      find.current?.select()
    } else if (event.key === 'Escape') {
      if (view.clearSelection()) return
      if (query.text === '' && !filter) return
      clearSearch()
    } else if (event.target !== scroller.current || !view.key(event.nativeEvent)) return
    event.preventDefault()
    event.stopPropagation()
  }

  return (
    <div className="log-panel" role="group" aria-label={label ?? 'Log pane'} onKeyDown={onKeyDown}>
      <div className="log-tools">
        <div className="log-title">
          {label !== undefined && <h2 title={label}>{label}</h2>}
          <small>{linesInWords(status)}</small>
        </div>
        <LogFind
          input={find}
          query={query}
          filter={filter}
          hits={status.hits}
          invalid={status.queryError !== null}
          quiet={status.follow}
          onQuery={setQuery}
          onFilter={setFilter}
          onMove={(by) => view.moveHit(by)}
          onClear={clearSearch}
        />
        <LogTools
          preferences={preferences}
          zone={status.zone}
          follow={status.follow}
          empty={status.total === status.first}
          selected={status.selected}
          onPrefer={prefer}
          onFollow={(follow) => view.setFollow(follow)}
          onCopy={() => void view.copy()}
          onDownload={() => void view.download()}
        />
        {status.phases && (
          <PhaseFilter
            phase={phase}
            total={status.total - status.first}
            counts={status.whole ? status.phases : null}
            onPhase={setPhase}
          />
        )}
        {status.queryError !== null && <div className="log-notice">{refusalInWords(status.queryError)}</div>}
        {status.hits?.partial && (
          <div className="log-notice">
            Some lines are too long for this pattern: only their beginning was searched.
          </div>
        )}
        {status.loadError !== null && (
          <div className="log-notice">Lines could not be loaded: {status.loadError}</div>
        )}
      </div>
      <div className={`log-body-pane${filter ? ' log-filtered' : ''}`}>
        <div
          ref={scroller}
          className="log-scroller"
          role="log"
          aria-label="Log"
          aria-live="off"
          tabIndex={0}
        />
        <PrintedLog buffer={log.buffer} preferences={preferences} />
        {status.total === status.first && <div className="log-empty">{empty}</div>}
        {status.phaseEmpty && status.whole && !filter && (
          <div className="log-empty">No lines in this phase.</div>
        )}
        {filter && status.hits?.count === 0 && <div className="log-empty">No line matches.</div>}
        {!status.follow && !(status.atEnd && status.newLines === 0) && (
          <button
            type="button"
            className="log-jump"
            data-new={status.newLines > 0 || undefined}
            onClick={() => view.setFollow(true)}
          >
            {status.newLines > 0
              ? `${number(status.newLines)} new ${status.newLines === 1 ? 'line' : 'lines'}`
              : 'Jump to end'}
            <Icon name="down" />
          </button>
        )}
        <div className="log-said" role="status">
          {status.message}
        </div>
      </div>
    </div>
  )
}

function refusalInWords(why: string): string {
  if (why.startsWith('Invalid regular expression')) return `Not a regular expression: ${why}`
  return `${why[0]?.toUpperCase() ?? ''}${why.slice(1)}`
}

function linesInWords({ first, total, selected }: LogStatus): string {
  const gone = first > 0 ? `, the first ${number(first)} no longer kept` : ''
  const chosen = selected > 0 ? ` · ${number(selected)} selected` : ''
  return `${lines(total)}${gone}${chosen}`
}
