import type { Author } from '#model/author.ts'

/** Who asked, after "by": "you", "a script", "Weir: time limit of 10 min". */
export function authorWords(author: Author, own: string): string {
  switch (author.kind) {
    case 'page':
      return author.id === own ? 'you' : 'another browser'
    case 'script':
      return 'a script'
    case 'weir':
      switch (author.reason) {
        case 'time-limit':
          return `Weir: time limit of ${limitWords(author.afterMs)}`
        case 'unwatched':
          return 'Weir: nobody watched'
      }
  }
}

/** As a person sets it: "10 min", "1 h 30 min", "45 s". */
function limitWords(ms: number): string {
  const seconds = Math.round(ms / 1_000)
  const parts = [
    [Math.floor(seconds / 3_600), 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const
  const words = parts.filter(([count]) => count > 0).map(([count, unit]) => `${count} ${unit}`)
  return words.join(' ') || '0 s'
}
