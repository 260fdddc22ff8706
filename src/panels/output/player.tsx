import { useRef, useState } from 'react'
import type { OutputFile } from '#protocols/inference/output.ts'
import { Button } from '#ui/button.tsx'
import { classes } from '#ui/classes.ts'
import { Icon } from '#ui/icon.tsx'
import { MediaGate } from './media-gate.tsx'
import { useWhyNot } from './use-why-not.ts'

/** Video or sound with the browser's own controls. Nothing loads beyond its length and first frame until played. */
export function Player(props: {
  kind: 'video' | 'audio'
  file: OutputFile & { url: string }
  label: string
}) {
  const { kind, file, label } = props
  const place = kind === 'video' ? 'aspect-[3/2] max-h-[min(52vh,420px)] w-full' : 'min-h-14 w-full'
  return (
    <MediaGate file={file} className={place}>
      {(url) => <Playing kind={kind} url={url} label={label} className={place} />}
    </MediaGate>
  )
}

/** What plays is not taken away by a newer version: it waits for a press. */
function Playing(props: { kind: 'video' | 'audio'; url: string; label: string; className: string }) {
  const { kind, url, label, className } = props
  const ref = useRef<HTMLVideoElement & HTMLAudioElement>(null)
  const [held, setHeld] = useState<string | null>(null)
  const [failed, setFailed] = useState<string | null>(null)
  const src = held ?? url
  const why = useWhyNot(kind, failed === src ? src : null)
  const Element = kind
  return (
    <div>
      <div className={classes('relative', className)}>
        <Element
          ref={ref}
          key={src}
          // Some browsers draw no frame before one is asked for.
          src={kind === 'video' ? `${src}#t=0.001` : src}
          controls
          preload="metadata"
          aria-label={label}
          onPlay={() => {
            setHeld(src)
          }}
          onPause={() => {
            setHeld(null)
          }}
          onError={() => {
            setFailed(src)
          }}
          className={
            kind === 'video' ? 'size-full rounded-md border border-line bg-bg object-contain' : 'h-11 w-full'
          }
        />
        {failed === src && (
          <p
            role="status"
            className="absolute inset-0 flex items-center justify-center gap-2 rounded-md border border-line bg-bg px-3 text-sm"
          >
            <Icon name="warning" size={14} className="text-warn" />
            {why ?? 'It cannot be played; asking its host why…'}
          </p>
        )}
      </div>
      {held !== null && held !== url && (
        <Button
          small
          icon="refresh"
          className="mt-1.5"
          onClick={() => {
            setHeld(null)
          }}
        >
          A newer one has come: show it
        </Button>
      )}
    </div>
  )
}
