import { useEffect, useRef, useState, type ReactNode } from 'react'
import { Icon } from '#ui/icon.tsx'

/** Less than this is no content that is missed, px. */
const SLACK_PX = 6

/** Scrolls what it holds, and says so while there is more below: bars that show only while scrolling tell nobody. */
export function MoreBelow(props: { children: ReactNode }) {
  const scroller = useRef<HTMLDivElement>(null)
  const content = useRef<HTMLDivElement>(null)
  const [more, setMore] = useState(false)
  useEffect(() => {
    const element = scroller.current
    if (!element || !content.current) return
    const look = () => {
      setMore(element.scrollTop + element.clientHeight < element.scrollHeight - SLACK_PX)
    }
    const resizer = new ResizeObserver(look)
    resizer.observe(element)
    resizer.observe(content.current)
    element.addEventListener('scroll', look, { passive: true })
    return () => {
      resizer.disconnect()
      element.removeEventListener('scroll', look)
    }
  }, [])
  return (
    <div className="relative h-full">
      {/* A container of its size: a picture in it can be as large as is seen whole. */}
      <div ref={scroller} className="h-full overflow-y-auto [container-type:size]">
        <div ref={content}>{props.children}</div>
      </div>
      {more && (
        <span
          data-more-below
          aria-hidden="true"
          className="pointer-events-none absolute inset-x-0 bottom-0 flex h-7 items-end justify-center bg-linear-to-t from-panel to-transparent text-mute"
        >
          <Icon name="chevronDown" size={14} />
        </span>
      )}
    </div>
  )
}
