import { useEffect, useState } from 'react'
import { markdownReader, type MarkdownResult } from './markdown-reader.ts'

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
