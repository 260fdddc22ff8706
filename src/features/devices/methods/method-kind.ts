import { compareNames } from '#lib/locale.ts'
import type { Method } from '#protocols/weir/api.ts'

const METHOD_KINDS = ['read', 'set', 'act', 'rest'] as const
/** `rest`: the device's own plumbing, for which the page has controls or little use. */
export type MethodKind = (typeof METHOD_KINDS)[number]

export const KIND_TITLES: Record<MethodKind, string> = {
  read: 'Read',
  set: 'Set',
  act: 'Act',
  rest: 'Other',
}

const REST = new Set(['connect', 'disconnect', 'is_connected', 'is_streaming', 'open', 'close'])
const READ = /^(get|is|has)_|^(read|measure|query)(_|$)/
const SET = /^(set|configure|enable|disable)(_|$)/

export function kindOfMethod(name: string): MethodKind {
  if (REST.has(name)) return 'rest'
  if (READ.test(name)) return 'read'
  return SET.test(name) ? 'set' : 'act'
}

/** Not offered: private ones are refused, and a stream is started where it can be held and stopped again. */
export function isOffered(name: string): boolean {
  return !name.startsWith('_') && name !== 'start_streaming' && name !== 'stop_streaming'
}

/** It can be called as it is: nothing has to be filled in. */
export function isReady(method: Method): boolean {
  return method.parameters.every((parameter) => !parameter.required)
}

/** The methods offered that hold every word in name or docstring, by kind, each by name. */
export function groupMethods(
  methods: readonly Method[],
  filter: string,
): { kind: MethodKind; methods: Method[] }[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean)
  const found = methods.filter((method) => {
    const text = `${method.name} ${method.doc ?? ''}`.toLowerCase()
    return isOffered(method.name) && words.every((word) => text.includes(word))
  })
  found.sort((a, b) => compareNames(a.name, b.name))
  return METHOD_KINDS.map((kind) => ({
    kind,
    methods: found.filter((method) => kindOfMethod(method.name) === kind),
  })).filter((group) => group.methods.length > 0)
}
