import { formatCount } from '#lib/format.ts'
import { useState, type ReactNode } from 'react'
import { Button } from '#ui/button.tsx'
import { classes } from '#ui/classes.ts'
import { JSON_STRING, stringValue, type JsonIndex } from './json-index.ts'
import { ROW_HEIGHT } from './json-row.tsx'
import { allContainers, firstOpen, visibleRows } from './json-rows.ts'
import { JsonTree } from './json-tree.tsx'
import { TextView } from './text-view.tsx'
import { useJsonIndex } from './use-json-index.ts'

/** More than this many parts are not all unfolded at a press. */
const UNFOLD_AT_MOST = 200_000

/** A result's text: a tree where it is JSON, the text itself where it is a string or no JSON at all. */
export function ResultBody(props: { text: string; fill: boolean; actions: ReactNode }) {
  const { text, fill, actions } = props
  const reading = useJsonIndex(text)
  if (reading.state === 'reading')
    return (
      <>
        <Toolbar actions={actions}>reading, {Math.floor(reading.fraction * 100)} %</Toolbar>
        <p role="status" className="px-3 py-6 text-center text-mute">
          Reading the result…
        </p>
      </>
    )
  const height = fill ? 'min-h-0 flex-1' : 'max-h-[min(60vh,640px)]'
  if (reading.state === 'text')
    return (
      <>
        <Toolbar actions={actions}>
          shown as text: no JSON at character {formatCount(reading.at)}, {reading.reason}
        </Toolbar>
        <TextView text={text} label="Result" className={height} />
      </>
    )
  if (reading.index.kind[0] === JSON_STRING)
    return (
      <>
        <Toolbar actions={actions}>text</Toolbar>
        <TextView text={stringValue(reading.index, 0)} label="Result" className={height} />
      </>
    )
  return <Tree key={text.length} index={reading.index} fill={fill} actions={actions} />
}

function Tree(props: { index: JsonIndex; fill: boolean; actions: ReactNode }) {
  const { index, fill, actions } = props
  const [open, setOpen] = useState<ReadonlySet<number>>(() => firstOpen(index))
  const small = index.count <= UNFOLD_AT_MOST
  const toggle = (node: number) => {
    const next = new Set(open)
    if (!next.delete(node)) next.add(node)
    setOpen(next)
  }
  const rows = visibleRows(index, open, 200).length
  return (
    <>
      <Toolbar actions={actions}>
        {index.count > 1 && (
          <>
            <Button
              look="quiet"
              small
              disabled={!small}
              title={small ? undefined : 'Too many values to unfold at once'}
              onClick={() => {
                setOpen(allContainers(index))
              }}
            >
              Unfold all
            </Button>
            <Button
              look="quiet"
              small
              onClick={() => {
                setOpen(new Set([0]))
              }}
            >
              Fold all
            </Button>
          </>
        )}
        <span>{index.count === 1 ? '1 value' : `${formatCount(index.count)} values`}</span>
      </Toolbar>
      <div
        className={classes('flex min-h-0 flex-col', fill && 'flex-1')}
        style={fill ? undefined : { height: Math.min(rows * ROW_HEIGHT + 12, 640), maxHeight: '60vh' }}
      >
        <JsonTree index={index} open={open} onToggle={toggle} className="min-h-0 flex-1" />
      </div>
    </>
  )
}

function Toolbar(props: { actions: ReactNode; children: ReactNode }) {
  return (
    <div className="flex min-h-9 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-3 py-1 text-sm text-faint">
      {props.children}
      <span className="ml-auto flex flex-wrap items-center gap-2">{props.actions}</span>
    </div>
  )
}
