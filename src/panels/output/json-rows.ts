import { isContainer, type JsonIndex } from './json-index.ts'

/** More rows than this are beyond what every browser can scroll (Firefox ends at 17.9 million pixels). */
export const MAX_ROWS = 750_000
const OPEN_AT_FIRST = 60

/** The containers that are open when a document is first shown: the root, and what is small inside it. */
export function firstOpen(index: JsonIndex): Set<number> {
  const open = new Set<number>()
  if (index.count === 0 || !isContainer(index, 0)) return open
  open.add(0)
  let rows = index.size[0] ?? 0
  if (rows > OPEN_AT_FIRST) return open
  for (let node = 1; node < index.count; node = index.next[node]!) {
    const size = index.size[node] ?? 0
    if (size === 0 || rows + size > OPEN_AT_FIRST) continue
    open.add(node)
    rows += size
  }
  return open
}

/** All containers with something inside. */
export function allContainers(index: JsonIndex): Set<number> {
  const open = new Set<number>()
  for (let node = 0; node < index.count; node++) if ((index.size[node] ?? 0) > 0) open.add(node)
  return open
}

/** The rows to show, as value numbers: those all of whose parents are open. Closed parts cost nothing. */
export function visibleRows(index: JsonIndex, open: ReadonlySet<number>, max = MAX_ROWS): Int32Array {
  let rows = new Int32Array(256)
  let count = 0
  for (let node = 0; node < index.count && count < max;) {
    if (count === rows.length) {
      const more = new Int32Array(rows.length * 2)
      more.set(rows)
      rows = more
    }
    rows[count++] = node
    node = open.has(node) ? node + 1 : index.next[node]!
  }
  return rows.subarray(0, count)
}

export function depthOf(index: JsonIndex, node: number): number {
  let depth = 0
  for (let up = index.parent[node]!; up >= 0; up = index.parent[up]!) depth += 1
  return depth
}

/** Place among its siblings, from 0. */
export function positions(index: JsonIndex, rows: Int32Array): Int32Array {
  const places = new Int32Array(rows.length)
  const seen = new Map<number, number>()
  for (let row = 0; row < rows.length; row++) {
    const parent = index.parent[rows[row]!]!
    const place = seen.get(parent) ?? 0
    places[row] = place
    seen.set(parent, place + 1)
  }
  return places
}
