export type Align = 'left' | 'center' | 'right' | null

/** A stretch of Markdown: a table, or all that is none. */
export type MarkdownPart =
  { kind: 'text'; text: string } | { kind: 'table'; head: string[]; align: Align[]; rows: string[][] }

const FENCE = /^ {0,3}(`{3,}|~{3,})/
const RULE = /^ {0,3}\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/

/** Takes the tables out of Markdown; what stands in code stays there. */
export function splitTables(markdown: string): MarkdownPart[] {
  const lines = markdown.split('\n')
  const parts: MarkdownPart[] = []
  let text: string[] = []
  let fence: string | null = null
  const close = () => {
    if (text.some((line) => line.trim() !== '')) parts.push({ kind: 'text', text: text.join('\n') })
    text = []
  }
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!
    const mark = FENCE.exec(line)?.[1]
    if (mark) fence = fence === null ? mark : mark.startsWith(fence) ? null : fence
    const rule = lines[i + 1]
    if (
      fence !== null ||
      rule === undefined ||
      !line.includes('|') ||
      !RULE.test(rule) ||
      !rule.includes('-')
    ) {
      text.push(line)
      continue
    }
    const head = cellsOf(line)
    const align = cellsOf(rule).map(alignOf)
    if (head.length !== align.length) {
      text.push(line)
      continue
    }
    close()
    const rows: string[][] = []
    for (i += 2; i < lines.length && lines[i]!.includes('|') && lines[i]!.trim() !== ''; i++) {
      const cells = cellsOf(lines[i]!)
      rows.push(head.map((_, k) => cells[k] ?? ''))
    }
    i -= 1
    parts.push({ kind: 'table', head, align, rows })
  }
  close()
  return parts
}

/** Cells of a row: bars at the ends are none, a bar after a backslash is text. */
function cellsOf(line: string): string[] {
  const inner = line
    .trim()
    .replace(/^\|/, '')
    .replace(/(?<!\\)\|$/, '')
  return inner.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|'))
}

function alignOf(rule: string): Align {
  const left = rule.startsWith(':')
  const right = rule.endsWith(':')
  return left && right ? 'center' : right ? 'right' : left ? 'left' : null
}
