import { formatCount } from '#lib/format.ts'
import { useVirtualizer } from '@tanstack/react-virtual'
import {
  useId,
  useMemo,
  useRef,
  useState,
  type ClipboardEvent,
  type KeyboardEvent,
  type MouseEvent,
} from 'react'
import { classes } from '#ui/classes.ts'
import { useMedia } from '#ui/use-media.ts'
import { isContainer, rawValue, type JsonIndex } from './json-index.ts'
import { JsonRow, ROW_HEIGHT } from './json-row.tsx'
import { moveInTree } from './json-keys.ts'
import { MAX_ROWS, positions, visibleRows } from './json-rows.ts'

/** A JSON document as a tree: only the rows in sight exist, whatever its size. */
export function JsonTree(props: {
  index: JsonIndex
  open: ReadonlySet<number>
  onToggle: (node: number) => void
  className?: string
}) {
  const { index, open, onToggle, className } = props
  const id = useId()
  const scroller = useRef<HTMLDivElement>(null)
  const [active, setActive] = useState(0)
  const rows = useMemo(() => visibleRows(index, open), [index, open])
  const places = useMemo(() => positions(index, rows), [index, rows])
  const activeRow = Math.max(0, rows.indexOf(active))
  const printing = useMedia('print')
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    // On paper all of them.
    overscan: printing ? rows.length : 12,
    // The row that the keyboard stands on stays in the document.
    rangeExtractor: (range) =>
      withRow(range.startIndex, range.endIndex, range.overscan, range.count, activeRow),
  })
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const move = moveInTree(event.key, index, rows, activeRow, open)
    if (!move) return
    event.preventDefault()
    if (move.toggle !== undefined) onToggle(move.toggle)
    if (move.row !== undefined) {
      setActive(rows[move.row] ?? 0)
      virtual.scrollToIndex(move.row)
    }
  }
  const onClick = (event: MouseEvent) => {
    const row = event.target instanceof Element ? event.target.closest('[data-node]') : null
    if (!(row instanceof HTMLElement)) return
    const node = Number(row.dataset.node)
    setActive(node)
    // The tree keeps the focus: its keys go on from the row that was pressed.
    scroller.current?.focus({ preventScroll: true })
    const selects = document.getSelection()?.isCollapsed === false
    if (isContainer(index, node) && !selects) onToggle(node)
  }
  const onCopy = (event: ClipboardEvent) => {
    if (document.getSelection()?.isCollapsed === false) return
    event.preventDefault()
    event.clipboardData.setData('text/plain', rawValue(index, rows[activeRow] ?? 0))
  }
  return (
    <>
      {rows.length === MAX_ROWS && (
        <p role="status" className="border-b border-line px-3 py-1 text-sm text-warn">
          The first {formatCount(MAX_ROWS)} rows are shown: a browser can scroll no more. Fold parts to see
          what follows, or download.
        </p>
      )}
      <div
        ref={scroller}
        role="tree"
        aria-label="Result"
        tabIndex={0}
        aria-activedescendant={`${id}-${rows[activeRow] ?? 0}`}
        onKeyDown={onKeyDown}
        onClick={onClick}
        onCopy={onCopy}
        className={classes(
          'group/tree overflow-auto py-1 font-mono text-sm focus-visible:-outline-offset-2',
          className,
        )}
      >
        <div role="presentation" className="relative min-w-full" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const node = rows[item.index] ?? 0
            return (
              <JsonRow
                key={node}
                id={`${id}-${node}`}
                index={index}
                node={node}
                place={places[item.index] ?? 0}
                top={item.start}
                active={item.index === activeRow}
                open={open.has(node)}
              />
            )
          })}
        </div>
      </div>
    </>
  )
}

function withRow(start: number, end: number, overscan: number, count: number, row: number): number[] {
  const from = Math.max(0, start - overscan)
  const to = Math.min(count - 1, end + overscan)
  const range = Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i)
  if (row < count && row < from) range.unshift(row)
  else if (row < count && row > to) range.push(row)
  return range
}
