import { useEffect, useState } from 'react'
import { keepFile } from '#lib/lazy-module.ts'
import { MarkdownReader, type MarkdownResult, type MarkdownWorker } from './markdown-reader.ts'
// The build makes this export.
// oxlint-disable-next-line import/default
import workerUrl from './markdown-worker.ts?worker&url'

/** The one reader of the page. */
const markdownReader = new MarkdownReader(
  () => new Worker(workerUrl, { type: 'module', name: 'markdown' }) as MarkdownWorker,
)
keepFile(workerUrl)

interface Known {
  text: string
  result: MarkdownResult
}

/**
 * A text of Markdown taken apart beside the page. While a newer one is read, the last one stays; undefined before the
 * first, null where a text cannot be laid out. One that goes on from such a text is not tried again.
 * @param text null: none is wanted
 */
export function useMarkdown(text: string | null): MarkdownResult | undefined {
  const [known, setKnown] = useState<Known | null>(null)
  const hopeless = text !== null && known !== null && known.result === null && text.startsWith(known.text)
  useEffect(() => {
    if (text === null || hopeless) return undefined
    return markdownReader.read(text, (result) => {
      setKnown({ text, result })
    })
  }, [text, hopeless])
  return known?.result
}
