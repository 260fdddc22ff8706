import { isJsonObject, isNumber } from '#lib/exact-json.ts'
import { sameNumber } from '#lib/exact-compare.ts'
import { momentOf } from '#lib/moment.ts'

/*
 * Small readers of values that came over the wire and may be anything (inference.sh wire contract §1, §6).
 */

export type WireRecord = Readonly<Record<string, unknown>>

/** Keys that reach an object's prototype; nothing of the service has such a name. */
const UNSAFE: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

export function isRecord(value: unknown): value is WireRecord {
  return isJsonObject(value)
}

/** True for keys that may be copied into another object. */
export function isSafeKey(key: string): boolean {
  return !UNSAFE.has(key)
}

/** A record's own value; what it inherits is not data. */
export function own(record: WireRecord, key: string): unknown {
  return Object.hasOwn(record, key) ? record[key] : undefined
}

/** A text that says something; null for anything else. */
export function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

export function finiteOf(value: unknown): number | null {
  const number = isNumber(value) ? Number(value) : Number.NaN
  return Number.isFinite(number) ? number : null
}

const TIME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))?(Z|[+-]\d\d:?\d\d)$/i

/**
 * ms since epoch of an RFC 3339 time, with the microseconds as a fraction: two changes within one
 * millisecond keep their order. Null when it is none, as Go's zero time.
 */
export function instantOf(value: unknown): number | null {
  if (typeof value !== 'string') return null
  const match = TIME.exec(value)
  if (!match) return null
  const whole = Date.parse(`${match[1]!}${match[3]!}`)
  if (Number.isNaN(whole) || momentOf(whole) === null) return null
  return match[2] === undefined ? whole : whole + Number(`0.${match[2]}`) * 1_000
}

/** The same in whole ms. */
export function timeOf(value: unknown): number | null {
  const instant = instantOf(value)
  return instant === null ? null : Math.round(instant)
}

/** True when two parsed JSON values are equal. Nesting of any depth is compared without recursion. */
export function sameJson(left: unknown, right: unknown): boolean {
  const pairs: [unknown, unknown][] = [[left, right]]
  for (let pair = pairs.pop(); pair; pair = pairs.pop()) {
    const [a, b] = pair
    if (sameNumber(a, b)) continue
    if (Array.isArray(a)) {
      if (!Array.isArray(b) || a.length !== b.length) return false
      for (let i = 0; i < a.length; i++) pairs.push([a[i], b[i]])
    } else if (isRecord(a)) {
      if (!isRecord(b)) return false
      const keys = Object.keys(a)
      if (keys.length !== Object.keys(b).length) return false
      for (const key of keys) {
        if (!Object.hasOwn(b, key)) return false
        pairs.push([a[key], b[key]])
      }
    } else return false
  }
  return true
}

/** Why no address names this id, as half a sentence about it; null when one does. */
export function whyUnaddressable(id: string): string | null {
  if (id === '') return 'it is empty'
  if (id === '.' || id === '..') return `in an address “${id}” means another place`
  return /\p{Surrogate}/u.test(id) ? 'it holds half a character, which no address can carry' : null
}
