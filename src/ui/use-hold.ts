import { useEffect, useRef, useState, type KeyboardEvent, type MouseEvent, type PointerEvent } from 'react'
import { isComposing } from './composing.ts'

/** A button is held for so long, ms; the ring in theme.css takes the same time. */
const HOLD_MS = 600

interface Hold {
  /** ms, by the time stamps of events. */
  since: number
  timer: ReturnType<typeof setTimeout>
  pointer: number | null
}

/**
 * A button that is pressed or held: with a pointer, Enter or Space. To leave it, to lose the focus or Escape ends a
 * hold without either. Whoever clicks without pressing (a screen reader) presses.
 */
export function useHold<E extends HTMLElement>(options: {
  /** Asked when it goes down; false: it is an ordinary button this time. */
  canHold: () => boolean
  onPress: () => void
  onHold: () => void
}) {
  const { canHold, onPress, onHold } = options
  const [holding, setHolding] = useState(false)
  const hold = useRef<Hold | null>(null)
  /** The click that a release brings belongs to a hold that is over. */
  const swallow = useRef(false)
  useEffect(
    () => () => {
      clearTimeout(hold.current?.timer)
    },
    [],
  )

  const end = () => {
    clearTimeout(hold.current?.timer)
    hold.current = null
    setHolding(false)
  }
  const complete = () => {
    swallow.current = hold.current?.pointer !== null
    end()
    onHold()
  }
  const begin = (since: number, pointer: number | null) => {
    end()
    hold.current = { since, pointer, timer: setTimeout(complete, HOLD_MS) }
    setHolding(true)
  }
  /** A page that was busy has not run the timer yet: the time between the events counts. */
  const isOver = (now: number) => hold.current !== null && now - hold.current.since >= HOLD_MS

  return {
    holding,
    handlers: {
      onPointerDown(event: PointerEvent<E>) {
        swallow.current = false
        if (event.button !== 0 || !event.isPrimary || !canHold()) return
        // Touch holds on to its target: a finger that slides off would not be noticed.
        if (event.currentTarget.hasPointerCapture(event.pointerId))
          event.currentTarget.releasePointerCapture(event.pointerId)
        begin(event.timeStamp, event.pointerId)
      },
      onPointerUp(event: PointerEvent<E>) {
        if (hold.current?.pointer !== event.pointerId) return
        if (isOver(event.timeStamp)) complete()
        else end()
      },
      onPointerLeave: end,
      onPointerCancel: end,
      onBlur: end,
      onContextMenu(event: MouseEvent<E>) {
        // A long touch would open it in the middle of the hold.
        if (hold.current) event.preventDefault()
      },
      onClick(event: MouseEvent<E>) {
        const swallowed = swallow.current && event.detail > 0
        swallow.current = false
        if (!swallowed) onPress()
      },
      onKeyDown(event: KeyboardEvent<E>) {
        if (isComposing(event)) return
        if (event.key === 'Escape' && hold.current) {
          event.preventDefault()
          swallow.current = hold.current.pointer !== null
          end()
          return
        }
        if (event.key !== 'Enter' && event.key !== ' ') return
        const held = hold.current !== null && hold.current.pointer === null
        if (held || (!event.repeat && canHold())) {
          // The click that the key would bring is not wanted: release decides.
          event.preventDefault()
          if (!held) begin(event.timeStamp, null)
        } else if (event.repeat) event.preventDefault()
      },
      onKeyUp(event: KeyboardEvent<E>) {
        if (event.key !== 'Enter' && event.key !== ' ') return
        if (hold.current?.pointer !== null) return
        event.preventDefault()
        if (isOver(event.timeStamp)) complete()
        else {
          end()
          onPress()
        }
      },
    },
  }
}
