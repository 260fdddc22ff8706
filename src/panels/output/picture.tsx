import { useState } from 'react'
import type { OutputFile } from '#protocols/inference/output.ts'
import { classes } from '#ui/classes.ts'
import { Icon } from '#ui/icon.tsx'
import { MediaGate } from './media-gate.tsx'
import { Refining } from './refining.tsx'
import { useWhyNot } from './use-why-not.ts'

/** A picture in a frame of fixed size that opens large on a press. Nothing moves when it is refined. */
export function Picture(props: {
  file: OutputFile & { url: string }
  label: string
  className: string
  onOpen: () => void
}) {
  const { file, label, className, onOpen } = props
  return (
    <MediaGate file={file} className={className}>
      {(url) => <Frame url={url} label={label} className={className} onOpen={onOpen} />}
    </MediaGate>
  )
}

function Frame(props: { url: string; label: string; className: string; onOpen: () => void }) {
  const { url, label, className, onOpen } = props
  const [failed, setFailed] = useState<string | null>(null)
  const [shown, setShown] = useState<string | null>(null)
  const why = useWhyNot('image', failed === url ? url : null)
  const broken = failed === url
  return (
    <div className={classes('relative overflow-hidden rounded-md border border-line bg-bg', className)}>
      <button
        type="button"
        aria-label={`Enlarge ${label}`}
        title="Enlarge"
        disabled={shown === null}
        onClick={onOpen}
        className="absolute inset-0 cursor-zoom-in focus-visible:-outline-offset-2 disabled:cursor-default"
      >
        <Refining url={url} alt={label} fit="object-contain" onShown={setShown} onFailed={setFailed} />
      </button>
      {shown === null && !broken && (
        <span className="pointer-events-none absolute inset-0 grid place-content-center text-faint">
          <Icon name="spinner" size={16} turning />
        </span>
      )}
      {broken && (
        <p
          role="status"
          className={classes(
            'absolute inset-x-0 bottom-0 flex gap-2 px-3 py-2 text-sm',
            shown === null
              ? 'top-0 items-center justify-center bg-bg text-center'
              : 'items-start bg-panel/95',
          )}
        >
          <Icon name="warning" size={14} className="mt-px text-warn" />
          <span>
            {why ?? 'It cannot be shown; asking its host why…'}
            {shown !== null && ' The picture before it is still shown.'}
          </span>
        </p>
      )}
    </div>
  )
}
