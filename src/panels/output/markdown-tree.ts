import type { Definition, ListItem, Nodes } from 'mdast'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { splitTables, type Align } from './markdown-tables.ts'

/** A piece of laid out text: a string, or an element that this page can show. Never HTML. */
export type Mark =
  | string
  | { kind: 'paragraph' | 'quote' | 'emphasis' | 'strong' | 'item'; parts: Mark[] }
  | { kind: 'heading'; level: number; parts: Mark[] }
  | { kind: 'list'; start: number | null; parts: Mark[] }
  | { kind: 'code'; block: boolean; text: string }
  | { kind: 'link'; url: string; parts: Mark[] }
  | { kind: 'picture'; url: string; alt: string }
  | { kind: 'table'; head: Mark[][]; align: Align[]; rows: Mark[][][] }
  | { kind: 'rule' | 'break' }

/** Deeper markup is shown as it was written. */
export const DEEPEST = 24
/** Pieces that a page lays out at once without a pause that is felt. */
export const MOST_MARKS = 3_000
/** Rows of one table. */
const MOST_ROWS = 500

/**
 * Markdown taken apart; HTML inside it is left out. Null when it comes to too many pieces. How long it takes has no
 * bound that would do: call it where nothing waits.
 */
export function markdownTree(markdown: string): Mark[] | null {
  const tree = new Tree()
  const marks = splitTables(markdown).flatMap((part): Mark[] => {
    if (part.kind === 'text') return tree.blocks(part.text)
    const cells = (row: string[]) => row.map((cell) => tree.cell(cell))
    return [
      {
        kind: 'table',
        head: cells(part.head),
        align: part.align,
        rows: part.rows.slice(0, MOST_ROWS).map(cells),
      },
    ]
  })
  return tree.count > MOST_MARKS ? null : marks
}

class Tree {
  count = 0

  blocks(text: string): Mark[] {
    if (this.count > MOST_MARKS) return []
    const root = fromMarkdown(text)
    return new Reader(text, definitionsIn(root), () => ++this.count > MOST_MARKS).all(root.children, 0)
  }

  /** A paragraph in a cell is the cell itself. */
  cell(text: string): Mark[] {
    this.count += 1
    return this.blocks(text).flatMap((mark) =>
      typeof mark === 'object' && mark.kind === 'paragraph' ? mark.parts : [mark],
    )
  }
}

/** Addresses that are named elsewhere in the text. */
function definitionsIn(root: Nodes): Map<string, Definition> {
  const found = new Map<string, Definition>()
  const open: Nodes[] = [root]
  for (let node = open.pop(); node; node = open.pop()) {
    if (node.type === 'definition' && !found.has(node.identifier)) found.set(node.identifier, node)
    if ('children' in node) for (const child of node.children.toReversed()) open.push(child)
  }
  return found
}

class Reader {
  readonly #text: string
  readonly #definitions: ReadonlyMap<string, Definition>
  readonly #isFull: () => boolean

  constructor(text: string, definitions: ReadonlyMap<string, Definition>, isFull: () => boolean) {
    this.#text = text
    this.#definitions = definitions
    this.#isFull = isFull
  }

  all(nodes: readonly Nodes[], depth: number): Mark[] {
    return nodes.flatMap((node) => this.#one(node, depth))
  }

  #one(node: Nodes, depth: number): Mark[] {
    if (this.#isFull()) return []
    if (depth > DEEPEST) return [this.#asWritten(node)]
    const parts = () => this.all('children' in node ? node.children : [], depth + 1)
    switch (node.type) {
      case 'text':
        return [node.value.replace(/[ \t]*\n[ \t]*/g, '\n')]
      case 'paragraph':
      case 'emphasis':
      case 'strong':
        return [{ kind: node.type, parts: parts() }]
      case 'blockquote':
        return [{ kind: 'quote', parts: parts() }]
      case 'heading':
        return [{ kind: 'heading', level: node.depth, parts: parts() }]
      case 'list': {
        const loose = node.spread === true || node.children.some(isLoose)
        const items = node.children.map((item): Mark => ({
          kind: 'item',
          parts: this.#item(item, loose, depth + 2),
        }))
        return [{ kind: 'list', start: node.ordered ? (node.start ?? 1) : null, parts: items }]
      }
      case 'code':
        return [{ kind: 'code', block: true, text: node.value }]
      case 'inlineCode':
        return [{ kind: 'code', block: false, text: node.value.replace(/\r?\n|\r/g, ' ') }]
      case 'link':
        return [{ kind: 'link', url: encoded(node.url), parts: parts() }]
      case 'linkReference': {
        const url = this.#definitions.get(node.identifier)?.url
        return url === undefined
          ? [this.#asWritten(node)]
          : [{ kind: 'link', url: encoded(url), parts: parts() }]
      }
      case 'image':
        return [{ kind: 'picture', url: encoded(node.url), alt: node.alt ?? '' }]
      case 'imageReference': {
        const url = this.#definitions.get(node.identifier)?.url
        return url === undefined
          ? [this.#asWritten(node)]
          : [{ kind: 'picture', url: encoded(url), alt: node.alt ?? '' }]
      }
      case 'thematicBreak':
        return [{ kind: 'rule' }]
      case 'break':
        return [{ kind: 'break' }]
      default:
        return []
    }
  }

  #item(item: ListItem, loose: boolean, depth: number): Mark[] {
    if (this.#isFull()) return []
    const marks = this.all(item.children, depth)
    return loose
      ? marks
      : marks.flatMap((mark) => (typeof mark === 'object' && mark.kind === 'paragraph' ? mark.parts : [mark]))
  }

  #asWritten({ position }: Nodes): string {
    return position ? this.#text.slice(position.start.offset, position.end.offset) : ''
  }
}

function isLoose({ spread, children }: ListItem): boolean {
  return spread ?? children.length > 1
}

/** Addresses in Markdown may have spaces, those of the web have none. */
function encoded(url: string): string {
  return url.replace(/\s/g, encodeURIComponent)
}
