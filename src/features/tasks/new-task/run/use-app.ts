import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { AppInfo, AppSummary } from '#protocols/weir/api.ts'
import { useWeir } from '#streams/weir-client.tsx'

const WAIT_MS = 250

/** The value, once it has rested. */
function useRested<T>(value: T, ms = WAIT_MS): T {
  const [rested, setRested] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => {
      setRested(value)
    }, ms)
    return () => {
      clearTimeout(timer)
    }
  }, [value, ms])
  return rested
}

/** `namespace/name`, perhaps with a version. */
export function isAppRef(text: string): boolean {
  return /^[^\s/]+\/[^\s/]+$/.test(text)
}

/** Apps that a text finds; those of before while it is being asked. */
export function useApps(source: string, text: string, wanted: boolean) {
  const weir = useWeir()
  const rested = useRested(text.trim())
  return useQuery({
    queryKey: ['apps', source, rested],
    queryFn: async (): Promise<AppSummary[]> => (await weir.apps(source, rested)).apps,
    enabled: wanted,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  })
}

/** An app with its schemas, once its name is whole. */
export function useApp(source: string, ref: string) {
  const weir = useWeir()
  const rested = useRested(ref.trim())
  const isWhole = isAppRef(rested) && rested === ref.trim()
  const query = useQuery({
    queryKey: ['app', source, rested],
    queryFn: async (): Promise<AppInfo> => (await weir.app(source, rested)).app,
    enabled: isWhole,
    staleTime: 60_000,
  })
  // While another name is being written, what is known is of the one before.
  return {
    app: isWhole ? query.data : undefined,
    error: isWhole ? query.error : null,
    isReading: isAppRef(ref.trim()) && (!isWhole || query.isFetching),
  }
}
