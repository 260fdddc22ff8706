import { useQuery } from '@tanstack/react-query'
import { useShallow } from 'zustand/react/shallow'
import type { Batch } from '#model/batch.ts'
import { useKeptItem, useList, useStreams } from '#streams/react.tsx'
import { useWeir } from '#streams/weir-client.tsx'
import { batchPercent, countBatch } from './batch-counts.ts'

/**
 * A batch as it stands; undefined where the relay has none of that id. Once shown it stays, also where the relay
 * has it no more (`isGone`).
 */
export function useBatch(id: string): { batch: Batch | undefined; isGone: boolean; ready: boolean } {
  const { item: batch, isGone } = useKeptItem('batches', id)
  const ready = useList('batches', (state) => state.ready)
  return { batch, isGone, ready }
}

/** Its inputs: they never change. */
export function useInputs(id: string) {
  const weir = useWeir()
  return useQuery({
    queryKey: ['batch-inputs', id],
    queryFn: async () => (await weir.batch(id)).inputs,
    staleTime: Infinity,
  })
}

export function useCounts(batch: Batch) {
  return useList(
    'tasks',
    useShallow(({ items }) => {
      const taskOf = (id: string) => items.get(`${batch.source}/${id}`)
      return { ...countBatch(batch, taskOf), percent: Math.floor(batchPercent(batch, taskOf)) }
    }),
  )
}

/** The tasks as they are now, for handlers. */
export function useTaskOf(source: string) {
  const streams = useStreams()
  return (id: string) => streams.list('tasks').store.getState().items.get(`${source}/${id}`)
}
