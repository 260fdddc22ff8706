import { expect, test } from 'vitest'

/*
 * Who may import whom. A row is of a folder or a file; the longest that fits counts. A folder without a row may import
 * nothing and be imported by nobody: add one here when you add a folder. `packages` are the npm packages a layer may
 * use; a missing list means any.
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
  // The relay's core knows no kind of source.
  relay: {
    imports: ['topics', 'protocols', 'model', 'lib'],
    packages: ['hono', 'zod', 'eventsource-parser'],
  },
  // Each kind of source has a row of its own.
  'relay/sources': { imports: [] },
  'relay/sources/labdaemon': {
    imports: ['relay', 'topics', 'protocols', 'model', 'lib'],
    packages: [],
  },
  'relay/sources/jobs': { imports: ['relay', 'protocols', 'model', 'lib'], packages: ['zod'] },
  'relay/sources/inference': { imports: ['relay', 'protocols', 'model', 'lib'], packages: [] },
  'relay/sources/registry.ts': {
    imports: ['relay', 'relay/sources/labdaemon', 'relay/sources/inference', 'relay/sources/jobs'],
  },
  // Puts the relay together: the one place where its core meets the kinds of sources.
  'relay/relay.ts': {
    imports: ['relay', 'relay/sources/registry.ts', 'topics', 'model', 'lib'],
    packages: ['zod'],
  },
  'relay/node': {
    imports: [
      'relay',
      'relay/relay.ts',
      'relay/sources/registry.ts',
      'emulator',
      'topics',
      'protocols',
      'model',
      'lib',
    ],
  },
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
      'relay/relay.ts',
      'relay/node',
      'emulator',
    ],
  },
}

/** Allowed against the table, with the reason. The number may only fall. */
const EXCEPTIONS: Record<string, string[]> = {
  // The mocked page carries the relay and the lab in it.
  'app/mock.ts': ['relay/relay.ts', 'emulator'],
}

const sources = import.meta.glob<string>('./**/*.{ts,tsx}', { query: '?raw', import: 'default', eager: true })
const files = Object.entries(sources)
  .map(([path, text]) => ({ path: path.slice(2), text }))
  .filter(({ path }) => path.includes('/') && !/\.test\.tsx?$/.test(path))

/** The row of the table that a file falls under; where there is none, its folder. */
function layerOf(path: string): string {
  const rows = Object.keys(LAYERS).filter((row) => path === row || path.startsWith(`${row}/`))
  return rows.toSorted((a, b) => b.length - a.length)[0] ?? path.split('/')[0]!
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

/*
 * Kinds of sources are named where they are made, spoken to, emulated and configured. Everything else asks a source what
 * it can, and takes what it is called from its entry.
 */
const NAMING = [
  'relay/sources/',
  'protocols/labdaemon/',
  'protocols/inference/',
  'protocols/jobs/',
  'emulator/',
  'testing/',
]

/** What else names one, with the reason. The number may only fall. */
const NAMED: Record<string, string> = {
  // The command line and its help: how sources and emulators are asked for.
  'relay/node/config.ts': 'help',
  'relay/node/emulator.ts': 'what can be emulated',
  'relay/node/source-argument.ts': 'an example',
  'relay/node/sqlite/schema.ts': 'a migration of what an earlier Weir wrote',
  // Files in outputs are read as the one kind that has them gives them.
  ...Object.fromEntries(
    [
      'file-line.tsx',
      'markdown-body.tsx',
      'media-gate.tsx',
      'media-hosts.ts',
      'output-field.tsx',
      'output-fields.ts',
      'picture.tsx',
      'pictures.tsx',
      'player.tsx',
      'text-file.tsx',
      'use-file-kinds.ts',
      'use-revision.ts',
      'zoom-dialog.tsx',
    ].map((name) => [`panels/output/${name}`, 'protocols/inference/output.ts']),
  ),
}

test('no kind of source is named outside its folders and the configuration', () => {
  // Jobs are also what many a sentence is about.
  const names = /labdaemon|inference|'jobs'/i
  const naming = files.filter(
    ({ path, text }) => !NAMING.some((room) => path.startsWith(room)) && names.test(withoutComments(text)),
  )
  expect(naming.map(({ path }) => path).sort()).toEqual(Object.keys(NAMED).sort())
})

/** The text without its comments, which may name the contract that they speak of. */
function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, '')
}

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
