import { createHash } from 'node:crypto'
import { readFile, realpath } from 'node:fs/promises'
import { extname, join, sep } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.map': 'application/json',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
}
const COMPRESSIBLE = new Set(['.html', '.js', '.css', '.svg', '.json', '.map'])

/** Everything comes from this origin, but media of hosts that a person allowed; drawing code sets styles. */
const POLICY = [
  "default-src 'self'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob: https: http:",
  "media-src 'self' data: blob: https: http:",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "form-action 'self'",
].join('; ')

interface PageFile {
  body: Uint8Array<ArrayBuffer>
  br: Uint8Array<ArrayBuffer> | null
  gzip: Uint8Array<ArrayBuffer> | null
  type: string
  etag: string
  /** Its name holds a hash of its content. */
  hashed: boolean
}

/**
 * Serves the built page. Hashed assets are cached for ever, `index.html` never; every path that is no file is
 * a route of the page.
 */
export function pageFiles(root: string): (request: Request) => Promise<Response> {
  const cache = new Map<string, Promise<PageFile | null>>()
  return async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return new Response('Method not allowed', { status: 405, headers: { allow: 'GET, HEAD' } })
    const path = new URL(request.url).pathname
    const name = path === '/' || extname(path) === '' ? '/index.html' : decoded(path)
    let loading = cache.get(name)
    if (!loading) {
      loading = load(root, name)
      cache.set(name, loading)
      // A name that is no file must not stay, or anyone could fill the memory.
      void loading.then((found) => found ?? cache.delete(name))
    }
    const file = await loading
    if (!file) {
      if (path.startsWith('/assets/')) return new Response('Not found', { status: 404 })
      return name === '/index.html' ? missingPage() : pageFilesFallback(root, request)
    }
    return respond(request, file)
  }
}

/** A path that cannot be decoded is no file's. */
function decoded(path: string): string {
  try {
    return decodeURI(path)
  } catch {
    return '/index.html'
  }
}

async function pageFilesFallback(root: string, request: Request): Promise<Response> {
  // An id may hold a dot: `/tasks/lab/run.1` is a route, not a file.
  const page = await load(root, '/index.html')
  return page ? respond(request, page) : missingPage()
}

async function respond(request: Request, file: PageFile): Promise<Response> {
  const accepts = request.headers.get('accept-encoding') ?? ''
  const encoding =
    file.br && /\bbr\b/.test(accepts) ? 'br' : file.gzip && /\bgzip\b/.test(accepts) ? 'gzip' : null
  const headers = new Headers({
    'content-type': file.type,
    'cache-control': file.hashed ? 'public, max-age=31536000, immutable' : 'no-cache',
    etag: file.etag,
    vary: 'accept-encoding',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'x-frame-options': 'DENY',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'content-security-policy': POLICY,
    ...(encoding ? { 'content-encoding': encoding } : {}),
  })
  if (request.headers.get('if-none-match') === file.etag) return new Response(null, { status: 304, headers })
  const body = encoding ? file[encoding] : file.body
  return new Response(request.method === 'HEAD' ? null : body, { headers })
}

async function load(root: string, name: string): Promise<PageFile | null> {
  let body: Buffer
  try {
    const base = await realpath(root)
    const path = await realpath(join(base, name))
    if (!path.startsWith(base + sep)) return null
    body = await readFile(path)
  } catch {
    return null
  }
  const extension = extname(name)
  const small = body.length < 1_024 || !COMPRESSIBLE.has(extension)
  return {
    body: new Uint8Array(body),
    br: small
      ? null
      : new Uint8Array(
          await promisify(brotliCompress)(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
        ),
    gzip: small ? null : new Uint8Array(await promisify(gzip)(body)),
    type: TYPES[extension] ?? 'application/octet-stream',
    etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
    hashed: name.startsWith('/assets/'),
  }
}

function missingPage(): Response {
  return new Response('The page is not built; npm start builds it.', { status: 500 })
}
