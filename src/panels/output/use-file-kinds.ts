import { useQueries } from '@tanstack/react-query'
import { kindByType, type OutputFile } from '#protocols/inference/output.ts'
import { useMediaHosts } from './media-hosts.ts'

/** More unknown files of one field are left unasked. */
const MOST_ASKED = 24

/**
 * The files with what their host says of those whose name and description tell nothing. Only what comes through
 * Weir is asked: looking makes no browser call on a foreign host.
 */
export function useFileKinds(files: readonly OutputFile[]): OutputFile[] {
  const hosts = useMediaHosts()
  const asked = files.map((file) => {
    const { may, src, throughWeir } = hosts.of(file.url)
    return file.kind === 'file' && file.contentType === null && may && throughWeir ? src : null
  })
  const wanted = [...new Set(asked.filter((src) => src !== null))].slice(0, MOST_ASKED)
  const types = useQueries({
    queries: wanted.map((src) => ({
      queryKey: ['file-type', src],
      queryFn: ({ signal }: { signal: AbortSignal }) => typeOf(src, signal),
      staleTime: Infinity,
      gcTime: 60_000,
      retry: false,
    })),
  })
  return files.map((file, i) => {
    const src = asked[i]
    const told = src ? types[wanted.indexOf(src)]?.data : null
    return told ? { ...file, ...told } : file
  })
}

async function typeOf(src: string, signal: AbortSignal): Promise<Partial<OutputFile> | null> {
  const response = await fetch(src, { method: 'HEAD', signal })
  const contentType = response.ok ? response.headers.get('content-type') : null
  const kind = kindByType(contentType)
  if (kind === null) return null
  const size = Number(response.headers.get('content-length') ?? Number.NaN)
  return { kind, contentType, ...(Number.isFinite(size) ? { size } : {}) }
}
