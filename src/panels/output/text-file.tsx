import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { formatBytes } from '#lib/format.ts'
import type { OutputFile } from '#protocols/inference/output.ts'
import { Button } from '#ui/button.tsx'
import { FileLine } from './file-line.tsx'
import { JsonField } from './json-field.tsx'
import { useMediaHost } from './media-hosts.ts'
import { readText } from './read-text.ts'
import { TextField } from './text-field.tsx'

/** A file of text by its name; what is in it when somebody asks. */
export function TextFile(props: { file: OutputFile; name: string }) {
  const { file, name } = props
  const { may, src } = useMediaHost(file.url)
  const [open, setOpen] = useState(false)
  // Text of other hosts is theirs to show: only what comes through Weir can be read here.
  const readable = may && src !== null && new URL(src, location.href).origin === location.origin
  const query = useQuery({
    queryKey: ['text-file', src],
    queryFn: ({ signal }) => readText(src ?? '', signal),
    enabled: open && readable,
    staleTime: Infinity,
    gcTime: 60_000,
    retry: false,
  })
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <FileLine file={file} />
        {readable && (
          <Button
            small
            aria-expanded={open}
            busy={query.isFetching}
            onClick={() => {
              setOpen(!open)
            }}
          >
            {open ? 'Hide content' : 'Show content'}
          </Button>
        )}
      </div>
      {open && query.isError && (
        <p role="alert" className="said text-bad">
          {query.error.message}
        </p>
      )}
      {open && query.data && (
        <div className="rounded-md border border-line px-3 py-2">
          {file.kind === 'json' && !query.data.cut ? (
            <JsonField raw={query.data.text} name={name} />
          ) : (
            <TextField text={query.data.text} name={name} />
          )}
          {query.data.cut && (
            <p className="mt-1 text-sm text-faint">
              The first {formatBytes(query.data.bytes)}; the rest is in the file.
            </p>
          )}
        </div>
      )}
    </div>
  )
}
