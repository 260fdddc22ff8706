import { useEffect, useState } from 'react'
import { formatBytes } from '#lib/format.ts'
import { onInterval } from '#lib/shared-interval.ts'
import type { RawItem } from '#protocols/weir/api.ts'
import type { Streaming } from '#protocols/weir/client.ts'
import type { DeviceStore } from './device-store.ts'
import { useWeir } from '#streams/weir-client.tsx'
import { Button } from '#ui/button.tsx'
import { firstOpen } from '../output/json-rows.ts'
import { JsonTree } from '../output/json-tree.tsx'
import { TextView } from '../output/text-view.tsx'
import { useJsonIndex } from '../output/use-json-index.ts'
import type { TimeAxis } from '../plot/time-axis.ts'
import { formatTime } from '../plot/time-words.ts'

/** Another message is shown no sooner, ms: a tree that changes faster cannot be read. */
const EVERY_MS = 500

interface Message {
  json: string | null
  size: number
  at: number
}

/** The newest message as a tree. It stands still while the view does. */
export function NewestMessage(props: {
  of: Streaming
  store: DeviceStore
  axis: TimeAxis
  utc: boolean
  /** Unfolded from the beginning: nothing else is drawn. */
  alone: boolean
}) {
  const { of, store, axis, utc, alone } = props
  const [open, setOpen] = useState(alone)
  const message = usePacedMessage(store, axis, open)
  return (
    <details
      open={open}
      onToggle={(event) => {
        setOpen(event.currentTarget.open)
      }}
      className="border-t border-line"
    >
      <summary className="min-h-8 cursor-pointer px-3 py-1.5 select-none hover:bg-hover">
        <span className="font-medium">Newest message</span>
        {open && message && (
          <span className="ml-2 text-sm text-faint">
            {formatTime(message.at, utc)}, {formatBytes(message.size)}
          </span>
        )}
      </summary>
      {open &&
        (!message ? (
          <p className="px-3 py-2 text-sm text-faint">None came since this page watches.</p>
        ) : message.json === null ? (
          <LongMessage of={of} size={message.size} />
        ) : (
          <Tree json={message.json} />
        ))}
    </details>
  )
}

function usePacedMessage(store: DeviceStore, axis: TimeAxis, watching: boolean): Message | null {
  const [message, setMessage] = useState<Message | null>(() => store.store.getState().record.latest)
  useEffect(() => {
    if (!watching) return
    const take = () => {
      if (axis.state().live) setMessage(store.store.getState().record.latest)
    }
    take()
    return onInterval(EVERY_MS, take)
  }, [store, axis, watching])
  return message
}

function Tree({ json }: { json: string }) {
  const reading = useJsonIndex(json)
  const [chosen, setChosen] = useState<{ count: number; open: ReadonlySet<number> } | null>(null)
  if (reading.state === 'reading') return <p className="px-3 py-2 text-sm text-mute">Reading…</p>
  if (reading.state === 'text') return <TextView text={json} label="Newest message" className="max-h-80" />
  const { index } = reading
  // What was unfolded stays so while messages have the same parts.
  const open = chosen?.count === index.count ? chosen.open : firstOpen(index)
  return (
    <div className="flex h-64 flex-col">
      <JsonTree
        index={index}
        open={open}
        onToggle={(node) => {
          const next = new Set(open)
          if (!next.delete(node)) next.add(node)
          setChosen({ count: index.count, open: next })
        }}
        className="min-h-0 flex-1"
      />
    </div>
  )
}

function LongMessage(props: { of: Streaming; size: number }) {
  const { of, size } = props
  const weir = useWeir()
  const [read, setRead] = useState<
    | { state: 'no' }
    | { state: 'busy' }
    | { state: 'done'; item: RawItem | undefined }
    | { state: 'bad'; why: string }
  >({ state: 'no' })
  const ask = async () => {
    setRead({ state: 'busy' })
    try {
      const { items } = await weir.raw(of)
      setRead({ state: 'done', item: items.at(0) })
    } catch (error) {
      setRead({ state: 'bad', why: error instanceof Error ? error.message : String(error) })
    }
  }
  return (
    <div className="grid gap-2 px-3 py-2">
      <div className="flex flex-wrap items-center gap-2 text-sm text-mute">
        It is {formatBytes(size)} long and was not sent along.
        <Button small busy={read.state === 'busy'} onClick={() => void ask()}>
          Read its beginning
        </Button>
      </div>
      {read.state === 'bad' && (
        <p role="alert" className="text-sm text-bad">
          {read.why}
        </p>
      )}
      {read.state === 'done' &&
        (read.item ? (
          <TextView text={read.item.body} label="Beginning of the message" className="max-h-80" />
        ) : (
          <p className="text-sm text-faint">The relay keeps no message of this device.</p>
        ))}
    </div>
  )
}
