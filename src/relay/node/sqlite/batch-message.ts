import type { StoreBatch, StoredSamples } from '../../record/store.ts'

/**
 * A batch on its way to the thread that writes it. All numbers of its samples are in one array, which goes over
 * without being copied again; the batch stays as it is, so that it may be tried again.
 */
export interface BatchMessage extends Omit<StoreBatch, 'samples'> {
  samples: SamplesMessage[]
  numbers: Float64Array<ArrayBuffer>
}

/** `times` and `values` are how many numbers; null: evenly spaced. */
interface SamplesMessage extends Omit<StoredSamples, 'times' | 'values'> {
  times: number | null
  values: number
}

export function messageOf(batch: StoreBatch): BatchMessage {
  let count = 0
  for (const { times, values } of batch.samples) count += values.length + (times?.length ?? 0)
  const numbers = new Float64Array(count)
  let at = 0
  const put = (values: Float64Array) => {
    numbers.set(values, at)
    at += values.length
    return values.length
  }
  const samples = batch.samples.map((part) => ({
    ...part,
    times: part.times && put(part.times),
    values: put(part.values),
  }))
  return { ...batch, samples, numbers }
}

export function batchOf({ numbers, ...batch }: BatchMessage): StoreBatch {
  let at = 0
  const take = (count: number) => numbers.subarray(at, (at += count))
  return {
    ...batch,
    samples: batch.samples.map((part) => ({
      ...part,
      times: part.times === null ? null : take(part.times),
      values: take(part.values),
    })),
  }
}
