import { useQuery } from '@tanstack/react-query'
import { whyNot, type Medium } from './media-error.ts'

/** Why a medium could not be shown, in words; null while it is being asked. */
export function useWhyNot(medium: Medium, url: string | null): string | null {
  const query = useQuery({
    queryKey: ['why-not', medium, url],
    queryFn: ({ signal }) => whyNot(medium, url ?? '', signal),
    enabled: url !== null,
    staleTime: 60_000,
    retry: false,
  })
  return query.data ?? null
}
