import { isContainer, type JsonIndex } from './json-index.ts'

const PAGE = 15

/** What a key does in the tree, by the pattern for trees of ARIA; null for keys that mean nothing here. */
export function moveInTree(
  key: string,
  index: JsonIndex,
  rows: Int32Array,
  row: number,
  open: ReadonlySet<number>,
): { row?: number; toggle?: number } | null {
  const node = rows[row]
  if (node === undefined) return null
  const to = (next: number) => ({ row: Math.min(rows.length - 1, Math.max(0, next)) })
  switch (key) {
    case 'ArrowDown':
      return to(row + 1)
    case 'ArrowUp':
      return to(row - 1)
    case 'PageDown':
      return to(row + PAGE)
    case 'PageUp':
      return to(row - PAGE)
    case 'Home':
      return to(0)
    case 'End':
      return to(rows.length - 1)
    case 'ArrowRight':
      if (!isContainer(index, node) || index.size[node] === 0) return {}
      return open.has(node) ? to(row + 1) : { toggle: node }
    case 'ArrowLeft': {
      if (open.has(node) && index.size[node] !== 0) return { toggle: node }
      const parent = index.parent[node] ?? -1
      return parent < 0 ? {} : to(rows.indexOf(parent))
    }
    case 'Enter':
    case ' ':
      return isContainer(index, node) ? { toggle: node } : {}
    default:
      return null
  }
}
