import { useState, type ReactNode } from 'react'
import { formatBytes } from '#lib/format.ts'
import type { OutputFile } from '#protocols/inference/output.ts'
import { Button } from '#ui/button.tsx'
import { classes } from '#ui/classes.ts'
import { Icon } from '#ui/icon.tsx'
import { FileLine } from './file-line.tsx'
import { useMediaHost } from './media-hosts.ts'

/** Media above this size load when asked for, bytes. */
const LARGE_MEDIA = 20_000_000

/** Lets a medium load: at once from hosts that are trusted, else when a person says so. */
export function MediaGate(props: {
  file: OutputFile & { url: string }
  /** The place it will take. */
  className?: string
  children: (url: string) => ReactNode
}) {
  const { file, className, children } = props
  const { may, src, host, allow } = useMediaHost(file.url)
  const [wanted, setWanted] = useState<string | null>(null)
  const large = file.size !== null && file.size > LARGE_MEDIA && wanted !== file.url
  if (may && src !== null && !large) return children(src)
  return (
    <div
      className={classes(
        'grid place-content-center justify-items-center gap-2.5 rounded-md border border-dashed border-line2 bg-bg p-3 text-center',
        className,
      )}
    >
      <FileLine file={file} />
      {may ? (
        <Button
          icon="download"
          onClick={() => {
            setWanted(file.url)
          }}
        >
          Load {formatBytes(file.size)}
        </Button>
      ) : (
        <>
          <p className="max-w-prose text-mute">
            <Icon name="info" size={14} className="mr-1.5 inline-block align-[-2px]" />
            Media from <b className="said font-medium text-ink">{host}</b> load only if you allow it. The host
            will see this browser&rsquo;s address.
          </p>
          <Button onClick={allow} className="max-w-full">
            <span className="said-line">Allow {host}</span>
          </Button>
        </>
      )}
    </div>
  )
}
