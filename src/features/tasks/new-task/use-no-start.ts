import { useShallow } from 'zustand/react/shallow'
import { whyNot } from '#model/capabilities.ts'
import { useList } from '#streams/react.tsx'

/** Sources on which no task can be started, each with its reason. */
export function useNoStart(): string[] {
  return useList(
    'sources',
    useShallow(({ items }) =>
      [...items.values()].flatMap(({ name, capabilities }) => {
        const why = whyNot(capabilities, 'start')
        return why === null ? [] : [`${name}: ${why}`]
      }),
    ),
  )
}
