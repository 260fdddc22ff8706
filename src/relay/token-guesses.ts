import type { Clock } from '#lib/clock.ts'

/** Wrong tokens that one address may try in a minute. */
const GUESSES = 5
const WINDOW_MS = 60_000
/** Addresses remembered at once; the oldest are forgotten first. */
const ADDRESSES = 10_000

interface Guesses {
  /** When the first of them was made, ms by the monotonic clock. */
  since: number
  /** The wrong values, each counted once: an old tab that repeats its old cookie is one guess. */
  wrong: Set<string>
}

/** Slows who tries tokens: after five wrong ones no further one is looked at until the minute is over. */
export class TokenGuesses {
  readonly #clock: Pick<Clock, 'monotonic'>
  readonly #of = new Map<string, Guesses>()

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock
  }

  /** Milliseconds until the address may try again; 0 when it may now. */
  wait(address: string): number {
    const guesses = this.#of.get(address)
    if (!guesses) return 0
    const left = guesses.since + WINDOW_MS - this.#clock.monotonic()
    if (left <= 0) this.#of.delete(address)
    return left > 0 && guesses.wrong.size >= GUESSES ? left : 0
  }

  /** Takes note of wrong tokens. A token longer than any is known by its beginning. */
  failed(address: string, tokens: readonly string[]): void {
    let guesses = this.#of.get(address)
    if (!guesses) {
      if (this.#of.size >= ADDRESSES) this.#of.delete(this.#of.keys().next().value!)
      guesses = { since: this.#clock.monotonic(), wrong: new Set() }
      this.#of.set(address, guesses)
    }
    for (const token of tokens) if (guesses.wrong.size < GUESSES) guesses.wrong.add(token.slice(0, 200))
  }
}

/** Addresses that one person easily has many of count as one: the first half of an IPv6 address. */
export function addressGroup(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/, '').replace(/%.*$/, '')
  if (!plain.includes(':')) return plain
  const [head = '', tail] = plain.split('::')
  const groups = head === '' ? [] : head.split(':')
  if (tail !== undefined) {
    const last = tail === '' ? [] : tail.split(':')
    while (groups.length + last.length < 8) groups.push('0')
    groups.push(...last)
  }
  return groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')
}
