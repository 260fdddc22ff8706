import type { JsonObject } from '../wire.ts'

/** Values of an input that is well-formed by its schema, or was never checked. */
export function textOf(input: JsonObject, key: string, otherwise = ''): string {
  const value = input[key]
  return typeof value === 'string' ? value : otherwise
}

export function numberOf(input: JsonObject, key: string, otherwise: number): number {
  const value = input[key]
  return typeof value === 'number' && Number.isFinite(value) ? value : otherwise
}

export function encode(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new TextEncoder().encode(text))
}

/** A progress bar as Python's tqdm prints it (inference.sh wire contract §8). */
export function tqdm(label: string, done: number, total: number, msPerStep: number): string {
  const percent = Math.floor((done / total) * 100)
  const filled = Math.round((done / total) * 10)
  const bar = '█'.repeat(filled) + ' '.repeat(10 - filled)
  const rate = msPerStep > 0 ? 1_000 / msPerStep : 0
  const speed = rate >= 1 ? `${Number(rate.toFixed(2))}it/s` : `${Number((1 / rate).toFixed(2))}s/it`
  const spent = clock((done * msPerStep) / 1_000)
  const left = clock(((total - done) * msPerStep) / 1_000)
  return `${label}: ${String(percent).padStart(3)}%|${bar}| ${done}/${total} [${spent}<${left}, ${speed}]`
}

function clock(seconds: number): string {
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0')
  const hours = Math.floor(seconds / 3_600)
  return `${hours > 0 ? `${hours}:` : ''}${two((seconds / 60) % 60)}:${two(seconds % 60)}`
}
