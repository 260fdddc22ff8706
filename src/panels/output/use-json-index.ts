import { useEffect, useMemo, useState } from 'react'
import { JsonIndexer, JsonSyntaxError, type JsonIndex } from './json-index.ts'

export type JsonReading =
  | { state: 'reading'; fraction: number }
  | { state: 'ready'; index: JsonIndex }
  /** Not JSON after all: it is shown as text. */
  | { state: 'text'; reason: string; at: number }

const SLICE_MS = 8
/** Short documents are read at once: no flash of "reading". */
const AT_ONCE = 200_000
const BEGUN: JsonReading = { state: 'reading', fraction: 0 }

/** Indexes a JSON text in slices that leave every frame its time. */
export function useJsonIndex(text: string): JsonReading {
  const atOnce = useMemo(
    () => (text.length > AT_ONCE ? null : readSlice(new JsonIndexer(text), Infinity)),
    [text],
  )
  const [sliced, setSliced] = useState<{ of: string; value: JsonReading }>({ of: '', value: BEGUN })
  useEffect(() => {
    if (text.length <= AT_ONCE) return
    const indexer = new JsonIndexer(text)
    let timer: ReturnType<typeof setTimeout> | undefined
    const slice = () => {
      const value = readSlice(indexer)
      setSliced({ of: text, value })
      if (value.state === 'reading') timer = setTimeout(slice, 0)
    }
    timer = setTimeout(slice, 0)
    return () => {
      clearTimeout(timer)
    }
  }, [text])
  return atOnce ?? (sliced.of === text ? sliced.value : BEGUN)
}

function readSlice(indexer: JsonIndexer, ms = SLICE_MS): JsonReading {
  const until = performance.now() + ms
  try {
    return indexer.run(() => performance.now() > until)
      ? { state: 'ready', index: indexer.index() }
      : { state: 'reading', fraction: indexer.fraction }
  } catch (error) {
    if (error instanceof JsonSyntaxError) return { state: 'text', reason: error.message, at: error.at }
    throw error
  }
}
