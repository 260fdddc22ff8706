import { mkdtempSync, statfsSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { defaultDataFolder, usualKeepSize } from './data-folder.ts'
import { chosenToken, readConfig } from './config.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

/** Reads the configuration in a working directory that holds this file. */
function inDirectoryWith(file: string | null): void {
  const directory = mkdtempSync(join(tmpdir(), 'weir-'))
  if (file !== null) writeFileSync(join(directory, 'weir.config.json'), file)
  vi.spyOn(process, 'cwd').mockReturnValue(directory)
}

test('nothing said: the demo on the loopback', () => {
  inDirectoryWith(null)
  expect(readConfig([], {})).toMatchObject({ port: 4680, host: '127.0.0.1', sources: [] })
})

test('flags win over the environment, which wins over the file', () => {
  inDirectoryWith(JSON.stringify({ port: 1, host: 'a', sources: { f: 'labdaemon:http://f:1/' } }))
  expect(readConfig([], {})).toMatchObject({ port: 1, sources: [{ name: 'f', url: 'http://f:1' }] })
  const env = { WEIR_PORT: '2', WEIR_SOURCES: 'e=labdaemon:http://e:1, e2=labdaemon:http://e:2' }
  expect(readConfig([], env)).toMatchObject({ port: 2, host: 'a', sources: [{ name: 'e' }, { name: 'e2' }] })
  const flags = ['--port', '3', '--source', 'x=labdaemon:http://x:1', '--source', 'y=labdaemon:http://y:1']
  expect(readConfig(flags, env)).toMatchObject({ port: 3, sources: [{ name: 'x' }, { name: 'y' }] })
})

test('the file has sources as texts or as objects, in a list or by name', () => {
  const queue = { kind: 'jobs', url: 'http://q:1/jobs', status: '/state' }
  const sources = [
    { name: 'lab', kind: 'labdaemon', url: 'http://lab:1' },
    { name: 'queue', kind: 'jobs', url: 'http://q:1/jobs', settings: { status: '/state' } },
  ]
  inDirectoryWith(JSON.stringify({ sources: ['lab=labdaemon:http://lab:1', { name: 'queue', ...queue }] }))
  expect(readConfig([], {}).sources).toEqual(sources)
  inDirectoryWith(JSON.stringify({ sources: { lab: 'labdaemon:http://lab:1', queue } }))
  expect(readConfig([], {}).sources).toEqual(sources)
  inDirectoryWith(JSON.stringify({ sources: { queue: { ...queue, statuses: { DONE: 'ended' } } } }))
  expect(() => readConfig([], {})).toThrow(
    /^weir\.config\.json: sources\.queue\.statuses\.DONE must be one of received/,
  )
  inDirectoryWith(JSON.stringify({ sources: [7] }))
  expect(() => readConfig([], {})).toThrow(/^weir\.config\.json: sources.*must be/)
})

test.each([
  [['--nope'], /Unknown option '--nope'/],
  [['--port', 'x'], /port "x"/],
  [['--port', '99999'], /port "99999"/],
  [['--source', 'nothing'], /NAME=KIND:URL/],
  [['--source', 'a=other:http://x'], /kind "other"/],
  [['--source', 'a=labdaemon:ftp://x'], /http or https/],
  [['--source', 'a=labdaemon:http://'], /no valid URL/],
  [['--source', 'a=labdaemon:http://u:secret@x'], /password in its URL/],
  [['--source', 'a=labdaemon:http://x', '--source', 'a=labdaemon:http://y'], /two sources are named "a"/],
  [['--allow-origin', 'front'], /origin "front"/],
  [['--tls-cert', 'a.pem'], /both --tls-cert and --tls-key/],
  [['--allow-call', 'search'], /METHOD \/PATH/],
  [['--data', ' '], /--data names no folder/],
  [['--keep', '90'], /keep "90" is no time like 90d/],
  [['--keep', '0d'], /keep "0d"/],
  [['--keep-size', '20'], /keep-size "20" is no size like 20GB/],
  [['--source-moved', 'lab'], /no source is called so/],
])('%j is one clear line', (argv, words) => {
  inDirectoryWith(null)
  expect(() => readConfig(argv, {})).toThrow(words)
})

const LAB = ['--source', 'lab=labdaemon:http://lab:1']

test('what people watch is kept in their data folder, and the demo in memory', () => {
  inDirectoryWith(null)
  expect(readConfig(LAB, { XDG_DATA_HOME: '/data' }).data).toBe('/data/weir')
  expect(readConfig(LAB, { XDG_DATA_HOME: 'not/absolute' }).data).toBe(
    join(homedir(), '.local', 'share', 'weir'),
  )
  expect(readConfig([], { XDG_DATA_HOME: '/data' }).data).toBeNull()
})

test('the folder of the record is what is said', () => {
  inDirectoryWith(JSON.stringify({ data: '/from/file', keep: '90d' }))
  expect(readConfig([], {})).toMatchObject({
    data: '/from/file',
    keep: { ageMs: 90 * 86_400_000, bytes: null },
  })
  expect(readConfig([], { WEIR_DATA: '/from/environment' }).data).toBe('/from/environment')
  expect(readConfig([...LAB, '--data', 'none'], { WEIR_DATA: '/from/environment' }).data).toBeNull()
  expect(readConfig(['--data', '/x', '--keep', '1.5h', '--keep-size', '2 GiB'], {})).toMatchObject({
    data: '/x',
    keep: { ageMs: 5_400_000, bytes: 2 ** 31 },
  })
  expect(readConfig([...LAB, '--source-moved', 'lab'], {}).sourceMoved).toEqual(['lab'])
})

test.each([
  ['linux', /\.local\/share\/weir$/],
  ['darwin', /Library\/Application Support\/Weir$/],
  ['win32', /^C:\\Local.Weir$/],
] as const)('a user on %s has a data folder', (platform, path) => {
  expect(defaultDataFolder({ LOCALAPPDATA: 'C:\\Local' }, platform)).toMatch(path)
})

test('a record takes at most a tenth of its disk, though its folder is not there yet', () => {
  const { blocks, bsize } = statfsSync(tmpdir())
  expect(usualKeepSize(join(tmpdir(), 'not', 'there', 'yet'))).toBe(Math.min(20e9, (blocks * bsize) / 10))
})

test.each([
  ['{bad', /weir\.config\.json is no JSON/],
  ['{"ports": 1}', /weir\.config\.json: the file: .*ports/],
  ['{"port": "x"}', /weir\.config\.json: port/],
])('the file %j is one clear line', (file, words) => {
  inDirectoryWith(file)
  expect(() => readConfig([], {})).toThrow(words)
})

test('a token that can be guessed is refused', () => {
  expect(chosenToken({})).toBeNull()
  expect(chosenToken({ WEIR_TOKEN: '' })).toBeNull()
  expect(() => chosenToken({ WEIR_TOKEN: 'short' })).toThrow(/at least 20/)
  expect(() => chosenToken({ WEIR_TOKEN: 'nineteen-characters' })).toThrow(/at least 20/)
  expect(() => chosenToken({ WEIR_TOKEN: 'twenty characters and spaces' })).toThrow(/no spaces/)
  expect(chosenToken({ WEIR_TOKEN: 'twenty-characters-ok' })).toBe('twenty-characters-ok')
})
