import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { formatBytes } from '#lib/format.ts'
import type { RawItem } from '#protocols/weir/api.ts'
import { CopyButton } from '#panels/task/copy-button.tsx'
import { useNow } from '#streams/react.tsx'
import { Button } from '#ui/button.tsx'
import { EmptyState } from '#ui/empty-state.tsx'
import { Switch } from '#ui/field.tsx'
import { Time } from '#ui/time.tsx'
import { useAnswering } from '#ui/waiting.tsx'

const AT_MOST_EVERY_MS = 1_000
const FOLDED = 600

/** The newest messages as the source sent them, word for word: `NaN` stays `NaN`. */
export function RawData(props: {
  /** Whose they are, for the cache. */
  queryKey: readonly string[]
  read: () => Promise<{ items: RawItem[] }>
  /** Messages received so far: a change is a reason to look again. */
  events: number
}) {
  const { queryKey, read, events } = props
  const [live, setLive] = useState(true)
  const query = useQuery({
    queryKey: ['raw', ...queryKey],
    queryFn: read,
    placeholderData: keepPreviousData,
    retry: false,
  })
  useRefresh(live ? events : null, () => void query.refetch())
  const items = query.data?.items
  const isAnswering = useAnswering()
  return (
    <div className="flex min-w-0 flex-col">
      <div className="flex min-h-9 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-3 py-1 text-sm text-faint">
        <Switch label="Live" checked={live} onChange={setLive} />
        <span>
          {items ? `newest ${items.length}, as sent` : isAnswering ? 'loading' : 'come when Weir is back'}
        </span>
        <span className="ml-auto">
          <CopyButton
            small
            label="Copy"
            text={() => (items ?? []).map((item) => `event: ${item.event}\ndata: ${item.body}\n`).join('\n')}
          />
        </span>
      </div>
      {query.isError && (
        <p role="alert" className="flex items-center gap-3 px-3 py-3 text-bad">
          <span className="said">{query.error.message}</span>
          <Button small icon="refresh" onClick={() => void query.refetch()}>
            Try again
          </Button>
        </p>
      )}
      {items?.length === 0 && (
        <EmptyState icon="info" title="No messages yet">
          Messages appear here word for word as the source streams them. Weir keeps the newest ones.
        </EmptyState>
      )}
      {items && items.length > 0 && <RawList items={items} />}
    </div>
  )
}

function RawList(props: { items: readonly RawItem[] }) {
  const now = useNow(60_000)
  return (
    <ol
      aria-label="Messages"
      tabIndex={0}
      className="max-h-[min(62dvh,1000px)] divide-y divide-line overflow-y-auto"
    >
      {props.items.toReversed().map((item, i) => (
        <RawRow key={`${item.at} ${props.items.length - i}`} item={item} now={now} />
      ))}
    </ol>
  )
}

function RawRow(props: { item: RawItem; now: number }) {
  const { item, now } = props
  const [whole, setWhole] = useState(false)
  const folds = item.body.length > FOLDED
  const cut = item.length - item.body.length
  return (
    <li className="grid gap-0.5 px-3 py-1.5 [contain-intrinsic-size:auto_60px] [content-visibility:auto]">
      <p className="flex gap-3 text-xs text-faint">
        <Time at={item.at} as="when" now={now} />
        <span className="said-line font-mono">{item.event}</span>
        <span className="ml-auto shrink-0">{formatBytes(item.length)}</span>
      </p>
      <pre className="said font-mono text-sm/[18px] whitespace-pre-wrap text-mute">
        {folds && !whole ? `${item.body.slice(0, FOLDED)}…` : item.body}
        {cut > 0 && (whole || !folds) && (
          <span className="text-faint">… {formatBytes(cut)} more not kept</span>
        )}
      </pre>
      {folds && (
        <Button
          look="quiet"
          small
          className="justify-self-start"
          aria-expanded={whole}
          onClick={() => {
            setWhole(!whole)
          }}
        >
          {whole ? 'Show less' : 'Show all'}
        </Button>
      )}
    </li>
  )
}

/** Calls `refresh` when `count` has changed, at most once a second; the last change is never left out. */
function useRefresh(count: number | null, refresh: () => void): void {
  const latest = useRef(refresh)
  const seen = useRef(count)
  const lastAt = useRef(0)
  useEffect(() => {
    latest.current = refresh
  })
  useEffect(() => {
    if (count === null || count === seen.current) return
    const wait = Math.max(0, lastAt.current + AT_MOST_EVERY_MS - performance.now())
    const timer = setTimeout(() => {
      seen.current = count
      lastAt.current = performance.now()
      latest.current()
    }, wait)
    return () => {
      clearTimeout(timer)
    }
  }, [count])
}
