/** A character class by a Unicode property has hundreds of ranges: it costs as much as this many characters. */
const PROPERTY = 20
/** Ignoring case folds each range of it. */
const IGNORING_CASE = 4

const TOKEN =
  /(\\[pP](?:\{[^}]*\}|.))|\\[^]|(\[(?:\\[^]|[^\]\\])*\])|(\((?:\?(?:<[=!]|P?<[^>]*>|[a-z-]*:?|[=!]))?)|(\))|\{(\d+)(,?)(\d*)\}|[*+?]|[^]/gu

interface Group {
  /** What it weighs so far, and its last part, which a count may repeat. */
  sum: number
  last: number
}

/**
 * About how many instructions a regular expression comes to when its counted repetitions are written out, from
 * its text alone: it costs nothing, whatever the pattern. Never much too low; a little too high does no harm.
 */
export function patternWeight(source: string, ignoreCase: boolean): number {
  const property = PROPERTY * (ignoreCase || /\(\?[a-z]*i/.test(source) ? IGNORING_CASE : 1)
  const groups: Group[] = []
  let group: Group = { sum: 0, last: 0 }
  const add = (weight: number) => {
    group.sum += weight
    group.last = weight
  }
  for (const [token, unicode, set, open, close, least, comma, most] of source.matchAll(TOKEN)) {
    if (open !== undefined) {
      groups.push(group)
      group = { sum: 2, last: 0 }
    } else if (close !== undefined) {
      const { sum } = group
      group = groups.pop() ?? { sum: 0, last: 0 }
      add(sum)
    } else if (least !== undefined) {
      const times = Math.max(1, Number(most || least) + (comma && !most ? 1 : 0))
      const repeated = (group.last + 1) * times
      group.sum += repeated - group.last
      group.last = repeated
    } else if (unicode !== undefined) add(property)
    else if (set !== undefined) add(1 + property * (set.match(/\\[pP]/g)?.length ?? 0))
    else if (/^[*+?]$/.test(token)) group.sum += 1
    else add(1)
  }
  return groups.reduce((sum, each) => sum + each.sum, group.sum)
}
