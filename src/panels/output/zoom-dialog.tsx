import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import type { OutputFile } from '#protocols/inference/output.ts'
import { IconButton, Button } from '#ui/button.tsx'
import { FileLine } from './file-line.tsx'
import { MediaGate } from './media-gate.tsx'

const STEP = 1.5
const LEAST = 0.05
const MOST = 16
const PRESSED = 'aria-pressed:bg-sel aria-pressed:text-ink'

export interface ZoomItem {
  file: OutputFile & { url: string }
  label: string
}

/** Pictures as large as the screen, or as large as they are. Keys: arrows turn pages, + − 0 zoom, Escape closes. */
export function ZoomDialog(props: {
  items: readonly ZoomItem[]
  at: number
  onMove: (at: number) => void
  onClose: () => void
}) {
  const { items, at, onMove, onClose } = props
  const ref = useRef<HTMLDialogElement>(null)
  const stage = useRef<HTMLDivElement>(null)
  const image = useRef<HTMLImageElement>(null)
  /** Screen pixels per pixel of the picture; null fits it in. */
  const [scale, setScale] = useState<number | null>(null)
  const [size, setSize] = useState<{ width: number; height: number } | null>(null)
  const item = items[Math.min(at, items.length - 1)]

  useEffect(() => {
    const dialog = ref.current
    const before = document.activeElement
    if (dialog && !dialog.open) dialog.showModal()
    stage.current?.focus()
    return () => {
      dialog?.close()
      if (before instanceof HTMLElement) before.focus({ preventScroll: true })
    }
  }, [])

  const zoom = (by: number) => {
    const now = scale ?? (image.current && size ? fitted(image.current, size) : 1)
    setScale(Math.min(MOST, Math.max(LEAST, now * by)))
  }
  const move = (by: number) => {
    if (items.length < 2) return
    setScale(null)
    setSize(null)
    onMove((at + by + items.length) % items.length)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key === '+' || event.key === '=') zoom(STEP)
    else if (event.key === '-') zoom(1 / STEP)
    else if (event.key === '0') setScale(null)
    else if (event.key === '1') setScale(1)
    else if (event.key === 'ArrowRight' && scale === null) move(1)
    else if (event.key === 'ArrowLeft' && scale === null) move(-1)
    else return
    event.preventDefault()
  }
  if (!item) return null
  return (
    <dialog
      ref={ref}
      aria-label={item.label}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onKeyDown={onKeyDown}
      className="m-auto h-[calc(100dvh-16px)] max-h-none w-[calc(100vw-16px)] max-w-none overflow-hidden rounded-lg border border-line2 bg-panel text-ink shadow-cast2 backdrop:bg-[var(--shade)]"
    >
      <div className="flex h-full flex-col">
        <header className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-3 py-1.5">
          <h2 className="said-line min-w-0 font-medium">{item.label}</h2>
          {size && (
            <span className="text-sm text-faint">
              {size.width} × {size.height}
            </span>
          )}
          <span className="hidden min-w-0 text-sm sm:inline">
            <FileLine file={item.file} />
          </span>
          <div className="ml-auto flex items-center gap-1">
            {items.length > 1 && (
              <>
                <IconButton icon="chevronLeft" label="Previous picture" onClick={() => move(-1)} />
                <span className="text-sm whitespace-nowrap text-mute">
                  {at + 1} of {items.length}
                </span>
                <IconButton icon="chevronRight" label="Next picture" onClick={() => move(1)} />
              </>
            )}
            <Button
              small
              look="quiet"
              className={PRESSED}
              aria-pressed={scale === null}
              onClick={() => setScale(null)}
            >
              Fit
            </Button>
            <Button
              small
              look="quiet"
              className={PRESSED}
              aria-pressed={scale === 1}
              onClick={() => setScale(1)}
            >
              100 %
            </Button>
            <Button small look="quiet" aria-label="Zoom out" onClick={() => zoom(1 / STEP)}>
              −
            </Button>
            <Button small look="quiet" aria-label="Zoom in" onClick={() => zoom(STEP)}>
              +
            </Button>
            <IconButton icon="cross" label="Close" onClick={onClose} />
          </div>
        </header>
        <div
          ref={stage}
          tabIndex={0}
          role="group"
          aria-label="Picture"
          className="grid min-h-0 flex-1 place-items-center-safe overflow-auto bg-bg focus-visible:-outline-offset-2"
        >
          <MediaGate file={item.file} className="h-60 w-full max-w-lg">
            {(url) => (
              <img
                ref={image}
                src={url}
                alt={item.label}
                referrerPolicy="no-referrer"
                onLoad={(event) => {
                  const { naturalWidth: width, naturalHeight: height } = event.currentTarget
                  setSize({ width, height })
                }}
                onDoubleClick={() => setScale(scale === null ? 1 : null)}
                className={scale === null ? 'max-h-full max-w-full object-contain' : 'max-w-none'}
                style={
                  scale === null
                    ? { height: '100%', width: '100%', minHeight: 0 }
                    : { width: (size?.width ?? 0) * scale, imageRendering: scale > 2 ? 'pixelated' : 'auto' }
                }
              />
            )}
          </MediaGate>
        </div>
      </div>
    </dialog>
  )
}

/** The scale at which a picture that is fitted in is shown. */
function fitted(image: HTMLImageElement, size: { width: number; height: number }): number {
  const box = image.getBoundingClientRect()
  return Math.min(box.width / size.width, box.height / size.height)
}
