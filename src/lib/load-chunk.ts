/** `away`: nobody answers, or not now. `gone`: the server has the files of this page no more. */
export type ChunkFault = 'away' | 'gone'

/** A part of the page that could not be had, in words for people. */
export class ChunkError extends Error {
  override readonly name = 'ChunkError'
  readonly fault: ChunkFault

  constructor(fault: ChunkFault, cause?: unknown) {
    super(
      fault === 'away'
        ? 'This page does not have that part yet, and Weir does not give it now. Try again when Weir is back.'
        : 'Weir was updated, and has that part for its new version only. Reload the page; what you typed is kept.',
      { cause },
    )
    this.fault = fault
  }
}

/** Files that the page has, by URL: those of `index.html`, and what was loaded since. */
const here = new Set<string>()
/** Files on their way, by URL. */
const coming = new Map<string, Promise<void>>()
let giveUp = new AbortController()

/**
 * Loads a part of the page; in the build it stands in for Vite's own preload helper (`vite.config.ts`). Browsers
 * remember a module that could not be fetched, and refuse it for as long as the page lives. So all files of a part
 * are fetched first, and imported only once they are there: a failure can then be mended by trying again.
 * @param files all that the part consists of; paths below the base, or beside `importer` where that is given
 * @throws ChunkError (as a rejection)
 */
export async function loadChunk<T>(
  load: () => Promise<T>,
  files: readonly string[] = [],
  importer?: string,
): Promise<T> {
  if (here.size === 0)
    for (const tag of document.querySelectorAll<HTMLScriptElement & HTMLLinkElement>('script,link'))
      here.add(tag.src || tag.href)
  const urls = files.map((file) => new URL(importer ? file : `/${file}`, importer ?? location.href).href)
  await Promise.all(urls.map(async (url) => need(url)))
  let part: T
  try {
    part = await load()
  } catch (error) {
    throw new ChunkError('gone', error)
  }
  for (const url of urls) here.add(url)
  return part
}

/** Gives up what is on its way: the server is back, and what was asked before may never be answered. */
export function dropRequests(): void {
  giveUp.abort()
  giveUp = new AbortController()
}

function need(url: string): Promise<void> | undefined {
  if (here.has(url)) return
  let file = coming.get(url)
  if (!file) {
    const fetched = url.endsWith('.css') ? addStyle(url) : fetchFile(url)
    file = fetched.finally(() => coming.delete(url))
    coming.set(url, file)
  }
  return file
}

/** Fetches a file into the cache of the browser, from where it is imported. Throws as `loadChunk`. */
export async function fetchFile(url: string): Promise<void> {
  let response: Response
  try {
    response = await fetch(url, { signal: giveUp.signal })
    await response.arrayBuffer()
  } catch (error) {
    throw new ChunkError('away', error)
  }
  if (!response.ok) throw new ChunkError(response.status === 404 || response.status === 410 ? 'gone' : 'away')
}

async function addStyle(url: string): Promise<void> {
  await fetchFile(url)
  const link = document.createElement('link')
  link.rel = 'stylesheet'
  link.href = url
  await new Promise<void>((resolve, reject) => {
    link.onload = () => {
      here.add(url)
      resolve()
    }
    link.onerror = () => {
      link.remove()
      reject(new ChunkError('away'))
    }
    document.head.append(link)
  })
}
