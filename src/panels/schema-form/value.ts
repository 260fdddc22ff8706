import { stringifyExact } from '#lib/exact-json.ts'
import { isObject, type Path } from './schema.ts'

/** Deeper parts of a value are not looked at one by one. */
const DEEPEST = 200

/** A part written as JSON that is none yet: kept as it was typed, so that nothing is lost. */
export class Unreadable {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** The value with one place changed; `undefined` takes it out. Nothing else is copied. */
export function setAt(value: unknown, path: Path, change: (before: unknown) => unknown): unknown {
  const [head, ...rest] = path
  if (head === undefined) return change(value)
  if (typeof head === 'number') {
    const list = Array.isArray(value) ? [...(value as unknown[])] : []
    const next = setAt(list[head], rest, change)
    if (next === undefined && rest.length === 0) list.splice(head, 1)
    else list[head] = next
    return list
  }
  const object = isObject(value) ? value : {}
  const next = setAt(Object.hasOwn(object, head) ? object[head] : undefined, rest, change)
  if (next === undefined) {
    const { [head]: _, ...others } = object
    return others
  }
  // Defined, not assigned: `__proto__` is a name like any other.
  const copy = { ...object }
  Object.defineProperty(copy, head, { value: next, enumerable: true, configurable: true, writable: true })
  return copy
}

export function getAt(value: unknown, path: Path): unknown {
  let at = value
  for (const part of path) {
    if (typeof part === 'number') at = Array.isArray(at) ? (at as unknown[])[part] : undefined
    else at = isObject(at) && Object.hasOwn(at, part) ? at[part] : undefined
  }
  return at
}

/** Places whose text is no JSON. */
export function unreadableIn(value: unknown, path: Path = []): Path[] {
  if (value instanceof Unreadable) return [path]
  // Forms have fields only so deep.
  if (path.length > DEEPEST) return []
  if (Array.isArray(value)) return value.flatMap((item, index) => unreadableIn(item, [...path, index]))
  if (isObject(value))
    return Object.entries(value).flatMap(([key, part]) => unreadableIn(part, [...path, key]))
  return []
}

/** The value as text; parts that are no JSON stand in it as they were typed. */
export function textOf(value: unknown): string {
  const kept: string[] = []
  const mark = `unreadable-${Math.random().toString(36).slice(2)}-`
  const text = stringifyExact(value, 2, (_key, part) =>
    part instanceof Unreadable ? `${mark}${kept.push(part.text) - 1}` : part,
  )
  return (text ?? '').replaceAll(
    new RegExp(`"${mark}(\\d+)"`, 'g'),
    (_, index: string) => kept[Number(index)] ?? '',
  )
}
