import { expect, test } from 'vitest'

/*
 * Who may import whom. A folder without a row may import nothing and be imported by nobody: add one here when
 * you add a folder. `packages` are the npm packages a layer may use; a missing list means any.
 */
const LAYERS: Record<string, { imports: string[]; packages?: string[] }> = {
  lib: { imports: [], packages: ['re2js'] },
  model: { imports: ['lib'], packages: [] },
  protocols: { imports: ['model', 'lib'], packages: ['zod'] },
  topics: { imports: ['protocols', 'model', 'lib'], packages: [] },
  streams: { imports: ['topics', 'protocols', 'model', 'lib'], packages: ['zustand', 'react'] },
  ui: { imports: ['lib'] },
  panels: { imports: ['streams', 'topics', 'protocols', 'model', 'ui', 'lib'] },
  features: { imports: ['panels', 'streams', 'topics', 'protocols', 'model', 'ui', 'lib'] },
  app: { imports: ['features', 'panels', 'streams', 'topics', 'protocols', 'model', 'ui', 'lib'] },
  relay: {
    imports: ['topics', 'protocols', 'model', 'lib'],
    packages: ['hono', 'zod', 'eventsource-parser'],
  },
  'relay/node': { imports: ['relay', 'emulator', 'topics', 'protocols', 'model', 'lib'] },
  emulator: { imports: ['protocols', 'lib'], packages: ['hono', 'zod'] },
  testing: {
    imports: [
      'app',
      'features',
      'panels',
      'streams',
      'topics',
      'protocols',
      'model',
      'ui',
      'lib',
      'relay',
      'relay/node',
      'emulator',
    ],
  },
}

/** Allowed against the table, with the reason. The number may only fall. */
const EXCEPTIONS: Record<string, string[]> = {
  // The mocked page carries the relay and the lab in it.
  'app/mock.ts': ['relay', 'emulator'],
}

const sources = import.meta.glob<string>('./**/*.{ts,tsx}', { query: '?raw', import: 'default', eager: true })
const files = Object.entries(sources)
  .map(([path, text]) => ({ path: path.slice(2), text }))
  .filter(({ path }) => path.includes('/') && !/\.test\.tsx?$/.test(path))

function layerOf(path: string): string {
  return path.startsWith('relay/node/') ? 'relay/node' : (path.split('/')[0] ?? path)
}

/** Paths below `src` that a file imports, and names of packages. */
function importsOf(path: string, text: string): { own: string[]; packages: string[] } {
  const own: string[] = []
  const packages: string[] = []
  for (const match of text.matchAll(
    /(?:^|\n)\s*(?:import|export)\s[^'"]*?from\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)|(?:^|\n)import\s*['"]([^'"]+)['"]/g,
  )) {
    const name = match[1] ?? match[2] ?? match[3] ?? ''
    if (name.startsWith('#')) own.push(name.slice(1))
    else if (name.startsWith('.')) own.push(new URL(name, `file:///${path}`).pathname.slice(1))
    else packages.push(name)
  }
  return { own, packages }
}

test('every folder has a row in the table', () => {
  expect([...new Set(files.map(({ path }) => layerOf(path)))].filter((layer) => !LAYERS[layer])).toEqual([])
})

test.each(files)('$path imports only what its layer may', ({ path, text }) => {
  const layer = layerOf(path)
  const row = LAYERS[layer] ?? { imports: [] }
  const { own, packages } = importsOf(path, text)
  const wrong = own.filter((target) => {
    const other = layerOf(target)
    return other !== layer && !row.imports.includes(other) && !EXCEPTIONS[path]?.includes(other)
  })
  expect(wrong, `add to or correct the table in src/imports.test.ts`).toEqual([])
  const foreign = packages.filter((name) => {
    if (name.startsWith('node:')) return layer !== 'relay/node' && !path.endsWith('.node.ts')
    return row.packages && !row.packages.some((allowed) => name === allowed || name.startsWith(`${allowed}/`))
  })
  expect(foreign, `packages that ${layer} may not use`).toEqual([])
  if (layer === 'features') {
    const feature = path.split('/')[1]
    const others = own.filter((target) => target.startsWith('features/') && target.split('/')[1] !== feature)
    expect(others, 'a feature imports no other feature').toEqual([])
  }
})

test('streams know React only in their hooks', () => {
  const knowing = files.filter(
    ({ path, text }) => path.startsWith('streams/') && /from 'react'|from 'zustand'/.test(text),
  )
  expect(knowing.map(({ path }) => path).sort()).toEqual(['streams/react.tsx', 'streams/weir-client.tsx'])
})

test('imports make no circle', () => {
  const graph = new Map(files.map(({ path, text }) => [path, importsOf(path, text).own]))
  const done = new Set<string>()
  const walk = (path: string, trail: readonly string[]): string[] | null => {
    const at = trail.indexOf(path)
    if (at >= 0) return [...trail.slice(at), path]
    if (done.has(path)) return null
    for (const next of graph.get(path) ?? []) {
      const circle = walk(next, [...trail, path])
      if (circle) return circle
    }
    done.add(path)
    return null
  }
  for (const path of graph.keys()) expect(walk(path, [])).toBeNull()
})
