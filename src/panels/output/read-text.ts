import { answerWords } from './media-error.ts'

export interface ReadText {
  text: string
  /** Bytes read. */
  bytes: number
  /** There is more than was read. */
  cut: boolean
}

const MOST_BYTES = 1_000_000

/** The beginning of a file of text; a longer rest is left where it is. */
export async function readText(url: string, signal: AbortSignal, most = MOST_BYTES): Promise<ReadText> {
  const response = await fetch(url, { signal })
  if (!response.ok) throw new Error(answerWords('image', response.status, null))
  const reader = response.body?.getReader()
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  while (reader) {
    const { done, value } = await reader.read()
    if (done) break
    const room = most - bytes
    bytes += Math.min(room, value.length)
    text += decoder.decode(value.subarray(0, room), { stream: true })
    if (value.length <= room) continue
    await reader.cancel()
    return { text, bytes, cut: true }
  }
  return { text: text + decoder.decode(), bytes, cut: false }
}
