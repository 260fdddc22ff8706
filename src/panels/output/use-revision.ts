import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { parseExact } from '#lib/exact-json.ts'
import type { OutputInfo, Task } from '#model/task.ts'
import { changedFields } from '#protocols/inference/output.ts'
import { useWeir } from '#streams/weir-client.tsx'

/** Outputs up to this size are read without being asked for, bytes. */
const READ_AT_ONCE = 1024 * 1024

export interface ShownOutput {
  /** The number of the output in sight, and the newest there is. */
  revision: number
  newest: number
  /** The oldest that can be asked for. */
  oldest: number
  /** Follows what comes. */
  live: boolean
  /** Its JSON; null while it is not here. */
  json: string | null
  /** The number of the output that `json` is, where that is an earlier one than `revision`; else null. */
  held: number | null
  /** Top-level fields that differ from the output before. */
  changed: readonly string[]
  loading: boolean
  /** Why it cannot be had. */
  error: string | null
  /** It is large: `load` fetches it. */
  waits: boolean
  load: () => void
  show: (revision: number | null) => void
}

/** The newest output of a task, or an earlier one that a person stepped back to. */
export function useRevision(task: Task, output: OutputInfo): ShownOutput {
  const weir = useWeir()
  const [chosen, setChosen] = useState<number | null>(null)
  const [asked, setAsked] = useState(false)
  const { oldest } = output
  const revision = chosen === null ? output.revision : Math.min(chosen, output.revision)
  const live = revision === output.revision
  const inline = live ? output.json : null
  const fetched = useOutput(
    task,
    revision,
    inline === null && (!live || asked || output.bytes <= READ_AT_ONCE),
  )
  const before = useOutput(task, revision - 1, !live && revision > oldest)
  const waits = live && inline === null && !asked && output.bytes > READ_AT_ONCE
  const read = inline ?? (fetched.isPlaceholderData ? undefined : fetched.data)
  // What was shown stays while the next one is on its way, and when it cannot be had.
  const [held, setHeld] = useState<{ revision: number; json: string } | null>(null)
  if (read !== undefined && (held?.revision !== revision || held.json !== read))
    setHeld({ revision, json: read })
  const json = waits ? null : (read ?? held?.json ?? null)
  const then = before.data ?? null
  const changed = useMemo(() => {
    if (live) return output.changed
    if (read === undefined || json === null || then === null || before.isPlaceholderData) return []
    return changedIn(then, json)
  }, [live, output.changed, json, then, read, before.isPlaceholderData])
  return {
    revision,
    newest: output.revision,
    oldest,
    live,
    json,
    held: json === null || read !== undefined ? null : (held?.revision ?? null),
    changed,
    loading: fetched.isFetching,
    error: inline === null && fetched.error !== null ? fetched.error.message : null,
    waits,
    load: () => {
      setAsked(true)
      if (fetched.isError) void fetched.refetch()
    },
    show: (next) => {
      setChosen(next === null || next >= output.revision ? null : Math.max(oldest, next))
    },
  }

  function useOutput(of: Task, number: number, enabled: boolean) {
    return useQuery({
      queryKey: ['output', of.source, of.id, 'revision', number],
      queryFn: () => weir.output(of.source, of.id, number),
      enabled,
      placeholderData: keepPreviousData,
      staleTime: Infinity,
      gcTime: 60_000,
      retry: false,
    })
  }
}

/** Top-level fields of an output that differ from those of the one before. */
function changedIn(before: string, after: string): string[] {
  try {
    return changedFields(parseExact(before), parseExact(after))
  } catch {
    return []
  }
}
