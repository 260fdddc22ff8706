import type { Random } from '#lib/random.ts'

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'

/** 26 characters of lower-case Crockford base32 (inference.sh wire contract §1). */
export function createId(random: Random): string {
  let id = ALPHABET[random.integer(0, 7)] ?? '0'
  while (id.length < 26) id += ALPHABET[random.integer(0, 31)] ?? '0'
  return id
}

/** The same id for the same text, in every run: for apps and files, which outlive a seed. */
export function idOf(text: string, length = 26): string {
  let hash = hashOf(text)
  let id = ALPHABET[hash % 8] ?? '0'
  while (id.length < length) {
    hash = hashOf(`${text}${id}${hash}`)
    id += ALPHABET[hash % 32] ?? '0'
  }
  return id
}

export function shortId(id: string): string {
  return id.slice(0, 8)
}

/** FNV-1a with a last stir: 32 bits of a text. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b)
  return (hash ^ (hash >>> 13)) >>> 0
}
