import { useEffect, useState, type ReactNode } from 'react'
import { createStore } from 'zustand/vanilla'
import { useStore } from 'zustand'
import { IconButton } from './button.tsx'
import { Icon } from './icon.tsx'
import { TONE_TEXT, type Tone } from './tone.ts'

export interface Toast {
  tone: Tone
  text: ReactNode
  /** Stays until dismissed; others go after a few seconds, not while pointed at. */
  stays?: boolean
  actions?: ReactNode
  /** Its text has its own height. */
  tall?: boolean
}

interface Shown extends Toast {
  id: number
}

const store = createStore<{ toasts: Shown[] }>(() => ({ toasts: [] }))
const AT_MOST = 5
const LASTS_MS = 5_000
let counter = 0

/** Tells about one's own act or what one asked to be told; lasting conditions are banners. */
export function toast(message: Toast): void {
  const shown = { ...message, id: ++counter }
  store.setState(({ toasts }) => ({ toasts: [...toasts, shown].slice(-AT_MOST) }))
}

function dismiss(id: number): void {
  store.setState(({ toasts }) => ({ toasts: toasts.filter((each) => each.id !== id) }))
}

/** The place where toasts appear; one per page. */
export function Toaster() {
  const toasts = useStore(store, (state) => state.toasts)
  return (
    <div
      role="region"
      aria-label="Notices"
      className="pointer-events-none fixed right-4 bottom-4 z-30 grid w-[340px] max-w-[calc(100vw-32px)] gap-2 max-sm:bottom-16"
    >
      <div role="status" className="contents">
        {toasts.map((each) => (
          <ToastCard key={each.id} toast={each} />
        ))}
      </div>
    </div>
  )
}

function ToastCard(props: { toast: Shown }) {
  const { id, tone, text, stays = false, actions, tall = false } = props.toast
  const [held, setHeld] = useState(false)
  useEffect(() => {
    if (stays || held) return
    const timer = setTimeout(() => {
      dismiss(id)
    }, LASTS_MS)
    return () => {
      clearTimeout(timer)
    }
  }, [id, stays, held])
  return (
    <div
      onPointerEnter={() => {
        setHeld(true)
      }}
      onPointerLeave={() => {
        setHeld(false)
      }}
      className="pointer-events-auto flex items-start gap-2 rounded-lg border border-line2 bg-raise py-2 pr-1.5 pl-3 shadow-cast2"
    >
      <Icon
        name={tone === 'ok' ? 'check' : tone === 'bad' || tone === 'warn' ? 'warning' : 'info'}
        size={14}
        className={`mt-[5px] ${TONE_TEXT[tone]}`}
      />
      <div className="said min-w-0 flex-1 py-0.5">
        <div className={tall ? '' : 'line-clamp-4'}>{text}</div>
        {actions && <div className="mt-1 flex gap-3">{actions}</div>}
      </div>
      <IconButton
        icon="cross"
        label="Dismiss"
        onClick={() => {
          dismiss(id)
        }}
      />
    </div>
  )
}
