import { describe, expect, it, test } from 'vitest'

/*
 * The contracts of the sources' wires against those who rely on them: a section that is cited is there, and what
 * a contract points to is there.
 */
const CONTRACTS = { LabDaemon: 'labdaemon', 'inference.sh': 'inference', jobs: 'jobs' } as const
type Folder = (typeof CONTRACTS)[keyof typeof CONTRACTS]

const pages = import.meta.glob<string>('./*/CONTRACT.md', { query: '?raw', import: 'default', eager: true })
const code = import.meta.glob<string>(
  ['../**/*.{ts,tsx}', '../../e2e/**/*.{ts,tsx,mjs}', '!./contracts.test.ts'],
  { query: '?raw', import: 'default', eager: true },
)
const recordings = Object.keys(import.meta.glob('../testing/wire/*/*'))

const SECTION = /§\d+(?:\.\d+)*/g
const NAMED =
  /(LabDaemon|inference\.sh|jobs) wire contract (§\d+(?:\.\d+)*(?:(?:, | and | to )§\d+(?:\.\d+)*)*)/g
/** Standards that have sections too. */
const FOREIGN = /\bECMA-\d+ §[\d.]+/g

const pageOf = (folder: string) => pages[`./${folder}/CONTRACT.md`]!
const sectionsOf = (folder: string) =>
  new Set(Array.from(pageOf(folder).matchAll(/^##+ (§[\d.]+) /gm), ([, section]) => section))

interface Citation {
  folder: Folder
  section: string
}

/** The wire whose folder a file is in: it need not say which contract it means. */
function folderOf(path: string): Folder | undefined {
  return Object.values(CONTRACTS).find((folder) => path.includes(`/${folder}/`))
}

/** What a file cites, and whether it cites a section without saying of what. */
function citationsIn(path: string, source: string): { cited: Citation[]; isUnnamed: boolean } {
  // As one reads a comment of several lines.
  const text = source.replaceAll(/\s+(?:(?:\*|\/\/)\s+)?/g, ' ').replaceAll(FOREIGN, '')
  const cited: Citation[] = []
  const rest = text.replaceAll(NAMED, (_, name: keyof typeof CONTRACTS, list: string) => {
    for (const [section] of list.matchAll(SECTION)) cited.push({ folder: CONTRACTS[name], section })
    return ''
  })
  const folder = folderOf(path)
  const others = Array.from(rest.matchAll(SECTION), ([section]) => section)
  if (folder) for (const section of others) cited.push({ folder, section })
  return { cited, isUnnamed: (!folder && others.length > 0) || /wire contract §/.test(rest) }
}

const files = Object.entries(code).map(([path, source]) => ({ path, ...citationsIn(path, source) }))

test('a citation is understood over the end of a line, in lists, and by its folder', () => {
  const long =
    ' * as it is (LabDaemon wire\n   * contract §4, §5.15), and (inference.sh wire contract §6 to §9)'
  expect(citationsIn('../relay/a.ts', long)).toEqual({
    cited: [
      { folder: 'labdaemon', section: '§4' },
      { folder: 'labdaemon', section: '§5.15' },
      { folder: 'inference', section: '§6' },
      { folder: 'inference', section: '§9' },
    ],
    isUnnamed: false,
  })
  const short = '// Late (§5.3).'
  expect(citationsIn('../emulator/labdaemon/a.ts', short).cited).toEqual([
    { folder: 'labdaemon', section: '§5.3' },
  ])
  expect(citationsIn('../model/a.ts', short).isUnnamed).toBe(true)
})

it('says of which contract a section is, outside the folders of the wires', () => {
  expect(files.filter(({ isUnnamed }) => isUnnamed).map(({ path }) => path)).toEqual([])
})

describe.each(Object.values(CONTRACTS))('the contract of %s', (folder) => {
  const sections = sectionsOf(folder)

  it('has every section that the code cites', () => {
    const cited = files.flatMap(({ path, cited: all }) => all.map((each) => ({ path, ...each })))
    const ofThis = cited.filter((each) => each.folder === folder)
    expect(ofThis.length).toBeGreaterThan(0)
    expect(ofThis.filter(({ section }) => !sections.has(section))).toEqual([])
  })

  it('has every section that it names itself', () => {
    const named = Array.from(pageOf(folder).matchAll(SECTION), ([section]) => section)
    expect(named.filter((section) => !sections.has(section))).toEqual([])
  })

  it('names only recordings that there are', () => {
    const named = Array.from(
      pageOf(folder).matchAll(/`([\w.-]+\.(?:json|ndjson|sse|txt|http))`/g),
      (m) => m[1]!,
    )
    // What Weir asks of others was not recorded of any.
    expect(named.length > 0).toBe(folder !== 'jobs')
    expect(named.filter((name) => !recordings.includes(`../testing/wire/${folder}/${name}`))).toEqual([])
  })
})

it('names only files that there are', () => {
  const named = Object.values(pages).flatMap((page) =>
    Array.from(page.matchAll(/`src\/([\w./-]+\.tsx?)`/g), (m) => m[1]!),
  )
  // Relative to here, as the glob names them.
  const there = new Set(
    Object.keys(code).map((path) => path.replace(/^\.\//, 'protocols/').replace('../', '')),
  )
  expect(named.filter((path) => !there.has(path))).toEqual([])
})
