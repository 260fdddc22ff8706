/** px of a digit, of one of a value that stands alone, and what surrounds a text in a cell. */
const DIGIT = 7.5
const LARGE = 11.5
const AROUND = 12
/** Left to the names, px. */
const NAME = 110

/**
 * Widens the columns of a table of fixed layout that their longest text does not fit in, and the table with them: no
 * number lies over its neighbour or is cut. Asks for sizes only when a text became longer or shorter.
 */
export function fitColumns(table: HTMLTableElement): void {
  const single = table.tBodies[0]!.rows.length === 1
  const cols = [...table.querySelectorAll('col')].slice(1)
  const lengths = cols.map((_, k) =>
    Math.max(0, ...[...table.tBodies[0]!.rows].map((row) => row.cells[k + 1]?.textContent.length ?? 0)),
  )
  const known = lengths.join(' ')
  if (known === table.dataset['fitted']) return
  table.dataset['fitted'] = known
  for (const col of cols) col.style.width = ''
  const shown = cols.map((col) => ({ col, style: getComputedStyle(col) }))
  let [sum, wider] = [NAME, false]
  const widths = shown.map(({ style }, k) => {
    if (style.display === 'none') return null
    const given = Number.parseFloat(style.width) || 0
    const needed = Math.ceil(lengths[k]! * (single && k === 0 ? LARGE : DIGIT) + AROUND)
    sum += Math.max(given, needed)
    wider ||= needed > given
    return needed > given ? needed : null
  })
  for (const [k, { col }] of shown.entries()) if (widths[k] !== null) col.style.width = `${widths[k]}px`
  table.style.minWidth = wider ? `${sum}px` : ''
}
