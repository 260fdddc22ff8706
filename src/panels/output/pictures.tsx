import { useState } from 'react'
import type { OutputFile } from '#protocols/inference/output.ts'
import { Picture } from './picture.tsx'
import { ZoomDialog, type ZoomItem } from './zoom-dialog.tsx'

const SHOWN = 60

/** One picture, or several side by side; a press shows one large. */
export function Pictures(props: { files: readonly OutputFile[]; name: string }) {
  const { name } = props
  const [open, setOpen] = useState<number | null>(null)
  const [all, setAll] = useState(false)
  const items = props.files.flatMap((file): ZoomItem[] =>
    file.url === null ? [] : [{ file: { ...file, url: file.url }, label: name }],
  )
  const many = items.length > 1
  const shown = all ? items : items.slice(0, SHOWN)
  const labels = items.map((_, i) => (many ? `${name}, ${i + 1} of ${items.length}` : name))
  return (
    <>
      {many ? (
        <ul
          aria-label={name}
          className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,180px),1fr))] gap-2"
        >
          {shown.map((item, i) => (
            <li key={i}>
              <Picture
                file={item.file}
                label={labels[i] ?? name}
                className="h-40"
                onOpen={() => {
                  setOpen(i)
                }}
              />
            </li>
          ))}
        </ul>
      ) : (
        shown.map((item, i) => (
          <Picture
            key={i}
            file={item.file}
            label={name}
            className="aspect-[3/2] max-h-[min(52vh,420px)] w-full"
            onOpen={() => {
              setOpen(0)
            }}
          />
        ))
      )}
      {shown.length < items.length && (
        <button
          type="button"
          className="mt-2 text-accent hover:underline"
          onClick={() => {
            setAll(true)
          }}
        >
          Show {items.length - shown.length} more
        </button>
      )}
      {open !== null && (
        <ZoomDialog
          items={items.map((item, i) => ({ ...item, label: labels[i] ?? name }))}
          at={Math.min(open, items.length - 1)}
          onMove={setOpen}
          onClose={() => {
            setOpen(null)
          }}
        />
      )}
    </>
  )
}
