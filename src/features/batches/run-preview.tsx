import type { OutputPreview, TaskSummary } from '#model/task.ts'
import { isTerminal } from '#model/status.ts'
import { isPictured } from '#panels/output/pictured.ts'
import { Thumbnail } from '#panels/output/thumbnail.tsx'
import { useMediaHost } from '#panels/output/media-hosts.ts'
import { Button } from '#ui/button.tsx'
import { Icon } from '#ui/icon.tsx'

/** What a run has made so far: a picture, the end of a text, or words for what cannot be shown small. */
export function RunPreview(props: { task: TaskSummary }) {
  const { task } = props
  const { preview, error, status } = task
  if (status === 'failed' && error)
    return (
      <div className="relative h-full">
        {preview && <Shown preview={preview} />}
        <div
          className="said absolute inset-x-0 bottom-0 line-clamp-5 max-h-full bg-[color-mix(in_srgb,var(--bad)_9%,var(--panel))] px-2.5 py-1.5 font-mono text-sm text-bad"
          title={error.message.slice(0, 600)}
        >
          {error.type}: {error.message}
        </div>
      </div>
    )
  if (preview) return <Shown preview={preview} />
  return (
    <div className="grid h-full place-content-center px-3 text-center text-sm text-faint">
      {isTerminal(status) ? 'no output to show' : (task.message ?? 'no output yet')}
    </div>
  )
}

function Shown(props: { preview: OutputPreview }) {
  const { preview } = props
  if (isPictured(preview)) return <Picture preview={preview} url={preview.url} />
  if (preview.kind === 'text')
    return (
      <div className="said flex h-full flex-col justify-end overflow-hidden px-2.5 py-1.5 text-sm whitespace-pre-wrap text-mute">
        {(preview.text ?? '').slice(-600)}
      </div>
    )
  return (
    <div className="grid h-full place-content-center justify-items-center gap-1 px-3 text-center text-sm text-mute">
      <Icon name={preview.kind === 'file' ? 'download' : 'play'} size={18} />
      <span className="said line-clamp-2">{preview.text ?? preview.kind}</span>
    </div>
  )
}

function Picture(props: { preview: OutputPreview; url: string }) {
  const { preview, url } = props
  const { may, host, allow } = useMediaHost(url)
  if (may) return <Thumbnail preview={preview} className="h-full rounded-none! border-0!" />
  return (
    <div className="grid h-full place-content-center justify-items-center gap-1.5 px-3 text-center text-sm text-mute">
      <span>A {preview.kind === 'video' ? 'video' : 'picture'} from another host</span>
      <Button
        small
        onClick={allow}
        className="max-w-full"
        title={`Allow ${host}: it will see this browser's address`}
      >
        <span className="said-line">Allow {host}</span>
      </Button>
    </div>
  )
}
