import type { TaskEvent } from '#model/task-events.ts'
import type { RelayProcess } from './relay-process.ts'

/** Progress of a task that pages were told. */
export interface ToldProgress {
  id: string
  /** The number of its line. */
  step: number
  /** When Weir received it, ms since epoch. */
  at: number
}

/** A page that watches topics until Weir is gone. What it was told is read only then: until then it keeps up. */
export class PageWatch {
  readonly #text: Promise<string>

  private constructor(body: ReadableStream<Uint8Array>) {
    this.#text = readAll(body)
  }

  static async open(relay: RelayProcess, topics: readonly string[]): Promise<PageWatch> {
    const query = topics.map((topic) => `topic=${topic}`).join('&')
    const { body } = await fetch(relay.at(`/api/stream?${query}`))
    return new PageWatch(body!)
  }

  async told(): Promise<ToldProgress[]> {
    const messages = (await this.#text).split('\n\n').slice(0, -1)
    return messages
      .filter((message) => message.includes('event: batch'))
      .flatMap((message) => JSON.parse(message.slice(message.indexOf('data: ') + 6)) as Told[])
      .flatMap(({ t, e = [] }) => e.flatMap((event) => progressOf(t, event)))
  }
}

interface Told {
  t: string
  e?: TaskEvent[]
}

function progressOf(topic: string, event: TaskEvent): ToldProgress[] {
  if (event.k !== 'progress') return []
  const line = /line=(\d+)/.exec(event.message ?? '')
  return line ? [{ id: topic.split('/').at(-1)!, step: Number(line[1]), at: event.at }] : []
}

/** What came before the connection broke. */
async function readAll(body: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  try {
    for await (const bytes of body) text += decoder.decode(bytes, { stream: true })
  } catch {
    // It was killed.
  }
  return text
}
