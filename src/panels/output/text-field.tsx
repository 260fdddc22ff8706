import { useDeferredValue, useState } from 'react'
import { Button } from '#ui/button.tsx'
import { CopyButton } from '#panels/task/copy-button.tsx'
import { MarkdownBody } from './markdown-body.tsx'
import { looksLikeMarkdown } from './output-fields.ts'
import { TextView } from './text-view.tsx'
import { useMarkdown } from './use-markdown.ts'

/** Longer text is not laid out as Markdown. */
const MOST_MARKDOWN = 60_000

/** Text as it was meant: Markdown laid out, with the way to see it as it was sent. */
export function TextField(props: { text: string; name: string }) {
  const { name } = props
  const text = useDeferredValue(props.text)
  const [plain, setPlain] = useState(false)
  const markdown = text.length <= MOST_MARKDOWN && looksLikeMarkdown(text)
  const marks = useMarkdown(markdown && !plain ? text : null)
  if (text.length > MOST_MARKDOWN)
    return (
      <div className="rounded-md border border-line">
        <TextView text={text} label={name || 'Text'} className="max-h-[min(60vh,640px)]" />
      </div>
    )
  const asSent = <p className="said max-w-[78ch] whitespace-pre-wrap">{text}</p>
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-1.5">
      {markdown && !plain && marks ? (
        <div className="said max-w-[78ch]">
          <MarkdownBody marks={marks} />
        </div>
      ) : (
        asSent
      )}
      {markdown && !plain && marks === null && (
        <p className="text-sm text-warn">
          Shown as it was sent: its Markdown takes too long to lay out, or has too many parts.
        </p>
      )}
      {(markdown || text.length > 80) && (
        <div className="flex gap-1">
          {markdown && (
            <Button
              look="quiet"
              small
              aria-pressed={plain}
              className="aria-pressed:bg-sel aria-pressed:text-ink"
              onClick={() => {
                setPlain(!plain)
              }}
            >
              As sent
            </Button>
          )}
          <CopyButton small label="Copy text" text={() => props.text} />
        </div>
      )}
    </div>
  )
}
