/** A docstring taken apart: what it says of the method, and of each parameter. */
export interface Docstring {
  /** Without the sections that are shown elsewhere. */
  text: string
  parameters: ReadonlyMap<string, string>
  /** What it says of the result; null when nothing. */
  returns: string | null
}

const UNDERLINE = /^\s*-{3,}\s*$/
/** Titles of numpy-style sections begin a line that is underlined; Google's end in a colon. */
const GOOGLE = /^(Args|Arguments|Parameters|Returns|Raises|Yields|Notes?|Examples?|See Also|Attributes):\s*$/

/** Reads numpy's and Google's style; whatever else a docstring holds stays in its text. */
export function parseDocstring(doc: string | null): Docstring {
  const text: string[] = []
  const parameters = new Map<string, string>()
  let returns: string | null = null
  for (const { title, lines } of sectionsOf(doc ?? '')) {
    if (/^(Parameters|Args|Arguments|Other Parameters)$/.test(title))
      for (const [name, words] of entriesOf(lines)) parameters.set(name, words)
    else if (title === 'Returns') returns = joinLines(lines) || null
    else text.push(...(title === '' ? lines : ['', title, ...lines]))
  }
  return {
    text: text
      .join('\n')
      .replace(/\n{3,}/g, '\n\n')
      .trim(),
    parameters,
    returns,
  }
}

function sectionsOf(doc: string): { title: string; lines: string[] }[] {
  const lines = dedent(doc)
  const sections: { title: string; lines: string[] }[] = [{ title: '', lines: [] }]
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!
    const google = GOOGLE.exec(line)?.[1]
    if (google !== undefined) sections.push({ title: google, lines: [] })
    else if (/^\S/.test(line) && UNDERLINE.test(lines[i + 1] ?? '')) {
      sections.push({ title: line.trim(), lines: [] })
      i += 1
    } else sections.at(-1)!.lines.push(line)
  }
  return sections
}

/** Without the indent that all lines but the first share. */
function dedent(doc: string): string[] {
  const lines = doc.replaceAll('\t', '    ').split(/\r\n?|\n/)
  const indents = lines.slice(1).filter((line) => line.trim() !== '')
  const shared = Math.min(...indents.map((line) => line.length - line.trimStart().length))
  return lines.map((line, i) =>
    (i === 0 ? line.trimStart() : line.slice(Math.min(shared, line.length))).trimEnd(),
  )
}

/** `wait : bool` with its words indented below, or `wait (bool): words` on one line. */
function entriesOf(lines: readonly string[]): [name: string, words: string][] {
  const outer = Math.min(
    ...lines.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length),
  )
  const entries: { names: string[]; words: string[] }[] = []
  for (const line of lines) {
    const at = line.length - line.trimStart().length
    if (line.trim() === '' || at > outer) {
      entries.at(-1)?.words.push(line.trim())
      continue
    }
    const match = /^\s*\**([\w*]+(?:\s*,\s*\**\w+)*)\s*(\([^)]*\))?\s*(?:(:)\s*(.*))?$/.exec(line)
    if (!match) {
      entries.at(-1)?.words.push(line.trim())
      continue
    }
    const [, names = '', type, , rest = ''] = match
    // After a name alone, numpy's colon is followed by the type, which the signature has told already.
    const google = type !== undefined || (rest.includes(' ') && !/\bor\b|optional|default/.test(rest))
    entries.push({
      names: names.split(',').map((name) => name.trim().replace(/^\*+/, '')),
      words: google ? [rest] : [],
    })
  }
  return entries.flatMap(({ names, words }) =>
    names.map((name): [string, string] => [name, joinLines(words)]),
  )
}

function joinLines(lines: readonly string[]): string {
  return lines
    .map((line) => line.trim())
    .filter(Boolean)
    .join(' ')
}
