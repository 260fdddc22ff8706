import { idOfSegment, pathSegment } from '#lib/segment.ts'

/** What an address names. */
interface TopicAddress {
  source: string
  /** The kind's name. */
  kind: string
  id: string
}

/** The address of a topic, `SOURCE/KIND/ID`: source and id as segments of a path. */
export function addressOf(kind: string, source: string, id: string): string {
  return `${pathSegment(source)}/${kind}/${pathSegment(id)}`
}

/** What an address names; null where it is none. Whether there is such a kind is not asked. */
export function readAddress(address: string): TopicAddress | null {
  const [source, kind, id, ...more] = address.split('/')
  if (!source || !kind || !id || more.length > 0) return null
  try {
    return { source: idOfSegment(decodeURIComponent(source)), kind, id: idOfSegment(decodeURIComponent(id)) }
  } catch {
    return null
  }
}
