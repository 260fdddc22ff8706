import type { OutputPreview } from '#model/task.ts'
import { classes } from '#ui/classes.ts'
import { Icon } from '#ui/icon.tsx'
import { useMediaHost } from './media-hosts.ts'
import { Refining } from './refining.tsx'

/** A task's picture, small: decoration beside words that say what it is. Asks for nothing, so nothing foreign loads. */
export function Thumbnail(props: { preview: OutputPreview; className: string }) {
  const { preview, className } = props
  const { may, src, host } = useMediaHost(preview.url)
  if (src === null) return null
  if (!may)
    return (
      <span
        aria-hidden="true"
        title={`Not loaded: it is on ${host}`}
        className={classes(
          'grid place-content-center rounded-[5px] border border-dashed border-line2 text-faint',
          className,
        )}
      >
        <Icon name="unlink" size={14} />
      </span>
    )
  const video = preview.kind === 'video'
  return (
    <span
      aria-hidden="true"
      className={classes('relative block overflow-hidden rounded-[5px] border border-line bg-bg', className)}
    >
      <Refining url={src} alt="" fit="object-cover" medium={video ? 'video' : 'image'} />
      {video && (
        <span className="absolute bottom-1 left-1 grid size-[18px] place-items-center rounded-sm bg-panel/85 text-ink">
          <Icon name="play" size={10} />
        </span>
      )}
    </span>
  )
}
