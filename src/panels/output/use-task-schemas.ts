import { useQuery } from '@tanstack/react-query'
import type { Task } from '#model/task.ts'
import type { TaskSchemas } from '#protocols/weir/api.ts'
import { useCapabilities } from '#streams/use-can.ts'
import { useWeir } from '#streams/weir-client.tsx'

const AGAIN_MS = 30_000

/** The schemas of the app a run is of, in its version; undefined while they are not here, or there are none. */
export function useTaskSchemas(task: Task): TaskSchemas | undefined {
  const weir = useWeir()
  const { source, id, type, detail } = task
  const start = useCapabilities(source)?.start
  const query = useQuery({
    queryKey: ['schemas', source, type, detail.meta.appVersionId, detail.meta.function],
    queryFn: async () => (await weir.extra(source, id, 'schemas')) as TaskSchemas,
    enabled: start === 'schema' && type !== null,
    // The relay keeps them; what stands in for a version that cannot be had just now must not stay.
    staleTime: 60_000,
    // Without them values are shown by what they look like.
    retry: false,
    refetchInterval: ({ state }) => (state.status === 'error' ? AGAIN_MS : false),
  })
  return query.data
}
