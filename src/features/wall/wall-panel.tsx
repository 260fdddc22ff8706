import { Link } from '@tanstack/react-router'
import { useEffect, useId, useRef, type CSSProperties, type PointerEvent } from 'react'
import { panelKind, panelName, type PanelKind } from '#panels/catalogue.tsx'
import { useStreams } from '#streams/react.tsx'
import { watchTopic } from '#streams/topic-store.ts'
import { DEVICE_VIEW } from '#topics/device-view.ts'
import { TASK_VIEW } from '#topics/task-view.ts'
import { classes } from '#ui/classes.ts'
import { DeviceStatus } from './device-status.tsx'
import type { DropTarget } from './drop-target.ts'
import { columnsWhenNarrow, panelKey, type WallPanel as Panel } from './layout.ts'
import { useKeepScroll } from './keep-scroll.ts'
import { useNearScreen } from './near-screen.ts'
import { PanelActions } from './panel-actions.tsx'
import { DevicePanelBody, TaskPanelBody } from './panel-body.tsx'
import { TaskPanelStatus } from './panel-status.tsx'
import { ResizeHandles } from './resize-handles.tsx'
import { useResize } from './use-resize.ts'

export interface PanelHandlers {
  onClose: (key: string) => void
  onMove: (key: string, by: -1 | 1) => void
  onMaximize: (key: string | null) => void
  onResize: (key: string, size: { w?: number; h?: number }) => void
  onGrab: (key: string, event: PointerEvent<HTMLElement>) => void
}

/** One panel: watched while it exists, drawn while it is near the screen. */
export function WallPanel(props: {
  panel: Panel
  place: number
  count: number
  mode: 'grid' | 'maximized' | 'hidden'
  dragged: boolean
  target: DropTarget | null
  handlers: PanelHandlers
}) {
  const { panel, mode, handlers, target } = props
  const { source, id } = panel
  const key = panelKey(panel)
  const domId = useId()
  const ref = useRef<HTMLElement>(null)
  const streams = useStreams()
  const kind = panelKind(panel.kind)!
  const name = panelName(kind, id)
  const { of } = kind
  useEffect(
    () =>
      of === 'tasks'
        ? watchTopic(streams, TASK_VIEW, { source, id })
        : watchTopic(streams, DEVICE_VIEW, { source, id }),
    [streams, of, source, id],
  )
  const Status = kind.of === 'tasks' ? TaskPanelStatus : DeviceStatus
  const near = useNearScreen(ref)
  useKeepScroll(ref, props.place)
  const resize = useResize(panel, ref, (size) => {
    handlers.onResize(key, size)
  })
  const { w, h } = resize.draft ?? panel
  const grab = (event: PointerEvent<HTMLElement>) => {
    const onControl = event.target instanceof Element && event.target.closest('a, button')
    const byTouch = event.pointerType === 'touch' && !(event.target as Element).closest('[data-grip]')
    if (mode === 'grid' && !onControl && !byTouch) handlers.onGrab(key, event)
  }
  return (
    <section
      ref={ref}
      aria-label={name}
      aria-describedby={`${domId}-from`}
      data-panel={key}
      tabIndex={-1}
      style={{ '--w': w, '--wn': columnsWhenNarrow(w), '--h': h } as CSSProperties}
      className={classes(
        mode === 'hidden' && 'hidden',
        mode === 'maximized' && 'absolute inset-0 z-10 flex bg-bg p-3',
        mode === 'grid' &&
          'relative col-span-full row-[span_var(--h)] flex min-w-0 sm:col-[span_var(--wn)] xl:col-[span_var(--w)]',
        props.dragged && 'opacity-50',
      )}
    >
      <div className="flex min-w-0 flex-1 flex-col overflow-hidden rounded-lg border border-line bg-panel shadow-cast">
        <header
          onPointerDown={grab}
          className={classes(
            'group/title @container flex h-9 shrink-0 items-center gap-2 border-b border-line pr-1 pl-1.5 select-none',
            mode === 'grid' && 'cursor-grab active:cursor-grabbing',
          )}
        >
          {mode === 'grid' && <Grip />}
          <h2 className="flex min-w-0 items-baseline gap-1.5">
            <TargetLink kind={kind} source={source} id={id} />
            <span className="shrink-0 text-sm text-faint @max-[360px]:hidden">
              {kind.title.toLowerCase()}
            </span>
          </h2>
          <span id={`${domId}-from`} className="said-line text-sm text-faint @max-[460px]:hidden">
            {source}
          </span>
          <span className="ml-auto flex shrink-0 items-center gap-1">
            {near && !kind.saysStatus && <Status source={source} id={id} />}
            <PanelActions
              first={props.place === 0}
              last={props.place === props.count - 1}
              maximized={mode === 'maximized'}
              onMove={(by) => {
                handlers.onMove(key, by)
              }}
              onMaximize={() => {
                handlers.onMaximize(mode === 'maximized' ? null : key)
              }}
              onClose={() => {
                handlers.onClose(key)
              }}
            />
          </span>
        </header>
        <div id={`${domId}-body`} className="flex min-h-0 flex-1 flex-col overflow-hidden [contain:strict]">
          {near &&
            (kind.of === 'tasks' ? (
              <TaskPanelBody kind={kind} source={source} id={id} />
            ) : (
              <DevicePanelBody kind={kind} source={source} id={id} />
            ))}
        </div>
      </div>
      {mode === 'grid' && (
        <ResizeHandles panel={panel} name={name} bodyId={`${domId}-body`} resize={resize} />
      )}
      {target && <DropMark target={target} />}
    </section>
  )
}

function TargetLink(props: { kind: PanelKind; source: string; id: string }) {
  const { kind, source, id } = props
  const shared = { draggable: false, className: 'said-line font-medium hover:underline' }
  if (kind.of === 'devices')
    return (
      <Link to="/devices/$source/$deviceId" params={{ source, deviceId: id }} {...shared}>
        {id}
      </Link>
    )
  return (
    <Link
      to="/tasks/$source/$taskId"
      params={{ source, taskId: id }}
      // A page that has no such tab opens the one it has.
      search={{ tab: kind.id }}
      {...shared}
    >
      {id}
    </Link>
  )
}

/** Dots to grab, for fingers too: the rest of the title row scrolls. */
function Grip() {
  return (
    <span
      data-grip
      aria-hidden="true"
      className="-my-1 grid h-9 w-4 touch-none place-items-center text-faint"
    >
      <svg viewBox="0 0 6 14" width="6" height="14" fill="currentColor">
        {[2, 7, 12].map((y) => [1.5, 4.5].map((x) => <circle key={`${x} ${y}`} cx={x} cy={y} r="1" />))}
      </svg>
    </span>
  )
}

function DropMark(props: { target: DropTarget }) {
  const { axis, side } = props.target
  const before = side === 'before'
  return (
    <span
      aria-hidden="true"
      className={classes(
        'absolute z-4 rounded-full bg-accent',
        axis === 'x' ? 'inset-y-0 w-1' : 'inset-x-0 h-1',
        axis === 'x' ? (before ? '-left-2' : '-right-2') : before ? '-top-2' : '-bottom-2',
      )}
    />
  )
}
