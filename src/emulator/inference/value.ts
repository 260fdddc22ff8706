import { CloudFile, SignedUrl } from './cloud-file.ts'
import { isObject } from './wire.ts'
import type { Json } from './wire.ts'

/** An output as an app makes it: JSON whose files become URLs when somebody reads it. */
export type Value = string | number | boolean | null | CloudFile | SignedUrl | readonly Value[] | ValueObject
interface ValueObject {
  readonly [key: string]: Value
}

/** An output with its files as URLs below `base`. */
export function present(value: Value, base: string): Json {
  if (value instanceof CloudFile) return `${base}/app/files/${value.path}`
  if (value instanceof SignedUrl) return `${base}/app/files/${value.file.path}${value.suffix}`
  if (Array.isArray(value)) return (value as readonly Value[]).map((each) => present(each, base))
  if (!isObject(value)) return value as Json
  return Object.fromEntries(
    Object.entries(value as unknown as Record<string, Value>).map(([key, each]) => [
      key,
      present(each, base),
    ]),
  )
}

/** Whether there is something to upload. */
export function hasFiles(value: Value): boolean {
  if (value instanceof CloudFile || value instanceof SignedUrl) return true
  return typeof value === 'object' && value !== null && Object.values(value as ValueObject).some(hasFiles)
}
