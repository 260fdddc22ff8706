import { whyNot, type Capabilities, type CapabilityName } from '#model/capabilities.ts'
import { useList } from './react.tsx'

/** What a source can do; undefined while it has not been told. */
export function useCapabilities(source: string): Capabilities | undefined {
  return useList('sources', (list) => list.items.get(source)?.capabilities)
}

/** True once a source is known to have a capability. */
export function useCan(source: string, name: CapabilityName): boolean {
  return useList('sources', (list) => list.items.get(source)?.capabilities[name] === true)
}

/** True where a source is known to lack a capability: what is about it has no place then. */
export function useLacks(source: string, name: CapabilityName): boolean {
  return useList('sources', (list) => whyNot(list.items.get(source)?.capabilities, name) !== null)
}

/** What a system of the source's kind is called; empty while that has not been told. */
export function useSourceLabel(source: string): string {
  return useList('sources', (list) => list.items.get(source)?.label ?? '')
}
