import type { OutputPreview } from '#model/task.ts'
import { classes } from '#ui/classes.ts'
import { useMediaHost } from './media-hosts.ts'
import { Refining } from './refining.tsx'

/** A task's picture, small: decoration beside words that say what it is. Asks for nothing, so nothing foreign loads. */
export function Thumbnail(props: { preview: OutputPreview; className: string }) {
  const { preview, className } = props
  const { may, src } = useMediaHost(preview.url)
  if (!may || src === null) return null
  return (
    <span
      aria-hidden="true"
      className={classes('relative block overflow-hidden rounded-[5px] border border-line bg-bg', className)}
    >
      <Refining url={src} alt="" fit="object-cover" />
    </span>
  )
}
