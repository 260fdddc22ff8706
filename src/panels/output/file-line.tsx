import { formatBytes } from '#lib/format.ts'
import type { OutputFile } from '#protocols/inference/output.ts'
import { Icon } from '#ui/icon.tsx'
import { useMediaHost } from './media-hosts.ts'

/** A file by its name, type and size; a link where its address may be one. */
export function FileLine(props: { file: OutputFile }) {
  const { file } = props
  const { src } = useMediaHost(file.url)
  return (
    <span className="inline-flex max-w-full min-w-0 flex-wrap items-baseline gap-x-2 gap-y-0.5">
      {src === null ? (
        <span className="said font-mono text-sm">{file.uri.slice(0, 1_000)}</span>
      ) : (
        <a
          href={src}
          target="_blank"
          rel="noopener noreferrer"
          className="said inline-flex items-center gap-1.5 text-accent underline-offset-2 hover:underline"
        >
          {file.name.slice(0, 200)}
          <Icon name="external" size={12} />
          <span className="sr-only">(opens a new tab)</span>
        </a>
      )}
      <span className="text-sm text-faint">{fileWords(file)}</span>
    </span>
  )
}

/** "image/png · 1.2 MB", as much of it as is known. */
function fileWords(file: Pick<OutputFile, 'contentType' | 'kind' | 'size'>): string {
  const type = file.contentType?.slice(0, 80) ?? (file.kind === 'file' ? 'type not known' : file.kind)
  return file.size === null ? type : `${type} · ${formatBytes(file.size)}`
}
