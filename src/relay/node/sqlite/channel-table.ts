import type { Sql } from './sql.ts'

export type ChannelSort = 'samples' | 'states'

/** The number of a channel; it is made when there is none. */
export function channelFor(sql: Sql, topic: number, name: string, sort: ChannelSort): number {
  const found = sql.first<[number]>('SELECT id FROM channel WHERE topic = ? AND sort = ? AND name = ?', [
    topic,
    sort,
    name,
  ])
  return (
    found?.[0] ?? sql.run('INSERT INTO channel (topic, sort, name) VALUES (?, ?, ?)', [topic, sort, name]).id
  )
}

/** Channels of a topic in the order in which they came. @param wanted their names; none: all */
export function channelsOf(
  sql: Sql,
  topic: number,
  sort: ChannelSort,
  wanted: readonly string[],
): { id: number; name: string }[] {
  return sql
    .all<[number, string]>('SELECT id, name FROM channel WHERE topic = ? AND sort = ? ORDER BY id', [
      topic,
      sort,
    ])
    .filter(([, name]) => wanted.length === 0 || wanted.includes(name))
    .map(([id, name]) => ({ id, name }))
}
