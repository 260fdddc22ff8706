import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef, type RefObject } from 'react'
import { useMedia } from '#ui/use-media.ts'
import { useNavRef } from './list-nav.ts'
import { CARD_HEIGHT, COARSE_CARD_HEIGHT, TaskCard } from './task-card.tsx'
import { CARD_GAP, useColumns } from './use-columns.ts'

/** Cards in as many columns as fit; only rows near the screen exist. */
export function TaskGrid(props: { keys: readonly string[]; scroller: RefObject<HTMLElement | null> }) {
  const { keys, scroller } = props
  const box = useRef<HTMLDivElement>(null)
  const columns = useColumns(box)
  const rows = Math.ceil(keys.length / columns)
  const height = useMedia('(pointer: coarse)') ? COARSE_CARD_HEIGHT : CARD_HEIGHT
  const printing = useMedia('print')
  // The compiler's memoisation rules do not hold for this hook; nothing here is memoised by hand.
  const virtual = useVirtualizer({
    count: rows,
    getScrollElement: () => scroller.current,
    estimateSize: () => height + CARD_GAP,
    // On paper all of them.
    overscan: printing ? rows : 2,
  })
  useEffect(() => {
    virtual.measure()
  }, [virtual, height])
  const nav = useNavRef()
  useEffect(() => {
    nav.current = {
      columns,
      reveal: (index) => {
        virtual.scrollToIndex(Math.floor(index / columns), { align: 'auto' })
      },
    }
  }, [nav, columns, virtual])

  return (
    <div ref={box} style={{ height: virtual.getTotalSize() }} className="relative">
      {virtual.getVirtualItems().map((row) => (
        <div
          key={row.key}
          style={{
            top: row.start,
            gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
            gap: CARD_GAP,
          }}
          className="absolute inset-x-0 grid"
        >
          {keys.slice(row.index * columns, (row.index + 1) * columns).map((key) => (
            <TaskCard key={key} taskKey={key} />
          ))}
        </div>
      ))}
    </div>
  )
}
