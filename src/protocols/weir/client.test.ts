import { afterEach, expect, test, vi } from 'vitest'
import { parseExact, stringifyExact } from '#lib/exact-json.ts'
import type { CommandOutcome } from '#model/command.ts'
import { WeirClient, WeirError, type WeirClientOptions } from './client.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

type Answer = () => Response | Promise<Response>

/** Asks for a cancel; says what became of it, and which requests were begun. */
async function cancel(
  answers: { cancel?: Answer; health?: Answer },
  options: WeirClientOptions = {},
): Promise<{ outcome: CommandOutcome | null; begun: string[]; headers: Headers }> {
  const begun: string[] = []
  let headers = new Headers()
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
    const what = url.endsWith('/health') ? 'health' : 'cancel'
    begun.push(what)
    if (what === 'cancel') headers = new Headers(init.headers)
    const answer = answers[what]
    return answer ? Promise.resolve(answer()) : Promise.reject(new TypeError('fetch failed'))
  })
  try {
    await new WeirClient('', options).command('lab', 'a', 'cancel')
    return { outcome: null, begun, headers }
  } catch (error) {
    if (!(error instanceof WeirError)) throw error
    return { outcome: error.outcome, begun, headers }
  }
}

const problem = (status: number, body: object) => () => Response.json(body, { status })
const html = (status: number) => () => new Response('<html>', { status })

test('a request that broke may have been passed on: not answered', async () => {
  expect(await cancel({})).toMatchObject({ outcome: 'not-answered', begun: ['cancel'] })
})

test('a relay that is known to be away is asked first: what was never begun was not sent', async () => {
  const away = { isAway: () => true }
  expect(await cancel({}, away)).toMatchObject({ outcome: 'not-sent', begun: ['health'] })
  const back = { health: () => Response.json({}), cancel: () => Response.json({ command: {} }) }
  expect(await cancel(back, away)).toMatchObject({ outcome: null, begun: ['health', 'cancel'] })
})

test.each<[string, Answer, CommandOutcome]>([
  ['the relay says which', problem(409, { title: 'no', outcome: 'refused' }), 'refused'],
  ['the relay says which', problem(502, { title: 'silence', outcome: 'not-answered' }), 'not-answered'],
  ['the relay says which', problem(404, { title: 'no such task', outcome: 'not-sent' }), 'not-sent'],
  ['a proxy kept it back', html(403), 'not-sent'],
  ['a proxy gave up on the relay', html(504), 'not-answered'],
  ['a proxy found no relay, or lost it', html(502), 'not-answered'],
  ['a proxy was told too slowly', html(408), 'not-answered'],
])('%s: %#', async (_, answer, outcome) => {
  expect(await cancel({ cancel: answer })).toMatchObject({ outcome })
})

test('a browser says who it is by its public id; a script need not', async () => {
  const ok = { cancel: () => Response.json({ command: {} }) }
  expect((await cancel(ok, { author: () => 'b1' })).headers.get('x-weir-author')).toBe('b1')
  expect((await cancel(ok)).headers.has('x-weir-author')).toBe(false)
})

test('values go out and come in with their numbers as they were written', async () => {
  const text = '{"a":9007199254740993,"b":[1.0,-0,1e400],"c":2}'
  let body = ''
  vi.stubGlobal('fetch', (_: string, init: RequestInit) => {
    body = init.body as string
    return Promise.resolve(new Response(`{"batch":{},"inputs":[${text}]}`))
  })
  const weir = new WeirClient('')
  await weir.setParameter('lab', 'a', { key: 'k', value: parseExact(text) })
  expect(body).toBe(`{"key":"k","value":${text}}`)
  const { inputs } = await weir.batch('b')
  expect(stringifyExact(inputs)).toBe(`[${text}]`)
  expect(inputs[0]!['c']).toBe(2)
})
