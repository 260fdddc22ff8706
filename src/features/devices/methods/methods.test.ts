import { expect, test } from 'vitest'
import type { Method } from '#protocols/weir/api.ts'
import { callText, readArgs, readJsonArgs, startArgs, turnArgs } from './call-args.ts'
import { groupMethods, isReady } from './method-kind.ts'
import { schemaOfMethod } from './method-schema.ts'

const method = (name: string, part: Partial<Method> = {}): Method => ({
  name,
  parameters: [],
  doc: null,
  ...part,
})

/** As the recorded server lists it (device-methods-laser.json), with its docstring. */
const setWavelength = method('set_wavelength', {
  parameters: [
    { name: 'wavelength_nm', type: 'number', required: true },
    { name: 'wait', type: 'boolean', required: false, default: false },
  ],
  doc: 'Set the wavelength.\n\nParameters\n----------\nwavelength_nm : float\n    1480 to 1640 nm.',
})
const configure = method('configure', {
  parameters: [
    { name: 'options', type: 'object', required: true },
    { name: 'points', type: 'array', required: false, default: null },
    { name: 'averages', type: 'integer', required: false, default: 4 },
    { name: 'extra', type: 'any', required: false, default: null },
  ],
})

test('methods stand by what they do; private and streaming ones are not offered', () => {
  const names = [
    'set_power',
    'get_power',
    'is_connected',
    'home',
    '_reset',
    'start_streaming',
    'stop_streaming',
    'read',
    'connect',
    'settle',
  ]
  const groups = groupMethods(
    names.map((name) => method(name)),
    '',
  )
  expect(groups.map(({ kind, methods }) => [kind, methods.map(({ name }) => name)])).toEqual([
    ['read', ['get_power', 'read']],
    ['set', ['set_power']],
    ['act', ['home', 'settle']],
    ['rest', ['connect', 'is_connected']],
  ])
})

test('a filter finds by every word, in the docstring as well', () => {
  const groups = groupMethods([setWavelength, method('get_power', { doc: 'In mW.' })], 'NM wave')
  expect(groups.flatMap(({ methods }) => methods.map(({ name }) => name))).toEqual(['set_wavelength'])
})

test('a signature becomes the schema of a form, with the words of its docstring and its defaults', () => {
  const schema = schemaOfMethod(setWavelength)
  expect(schema.required).toEqual(['wavelength_nm'])
  expect(schema.properties).toEqual({
    wavelength_nm: { title: 'wavelength_nm', type: ['number'], description: '1480 to 1640 nm.' },
    wait: { title: 'wait', type: ['boolean'], default: false, description: 'Default false.' },
  })
  expect(schemaOfMethod(configure).properties).toMatchObject({
    points: { type: ['array', 'null'], default: null },
    averages: { type: ['integer'], default: 4 },
  })
  expect(schemaOfMethod(configure).properties?.['extra']?.type).toBeUndefined()
  expect(isReady(configure)).toBe(false)
  expect(isReady(method('home'))).toBe(true)
})

test('a form gives arguments by name, checked before they are sent', () => {
  const schema = schemaOfMethod(setWavelength)
  const draft = startArgs(schema)
  expect(draft).toEqual({ as: 'form', value: { wait: false } })
  expect(readArgs(draft, schema)).toMatchObject({ ok: false, issues: [{ path: ['wavelength_nm'] }] })
  expect(readArgs({ as: 'form', value: { wavelength_nm: 'far' } }, schema)).toMatchObject({ ok: false })
  // A value that the device will refuse is the device's to judge.
  expect(readArgs({ as: 'form', value: { wavelength_nm: 1 } }, schema)).toEqual({
    ok: true,
    call: { args: [], kwargs: { wavelength_nm: 1 } },
  })
})

test('JSON gives arguments by place, by name, or both', () => {
  expect(readJsonArgs('[1550, true]')).toEqual({ args: [1550, true], kwargs: {} })
  expect(readJsonArgs('{"wait": true}')).toEqual({ args: [], kwargs: { wait: true } })
  expect(readJsonArgs('{"args": [1550], "kwargs": {"wait": true}}')).toEqual({
    args: [1550],
    kwargs: { wait: true },
  })
  expect(readJsonArgs(' ')).toEqual({ args: [], kwargs: {} })
  expect(readJsonArgs('{"args": 1}')).toMatch(/args is a list/)
  expect(readJsonArgs('{"kwargs": []}')).toMatch(/kwargs is an object/)
  expect(readJsonArgs('3')).toMatch(/a list, or an object/)
  expect(readJsonArgs('[1,]')).toMatch(/^Line 1/)
})

test('arguments go from the form to JSON and back, but not those given by place', () => {
  const json = turnArgs({ as: 'form', value: { wait: true } }, 'json')
  expect(json).toEqual({ as: 'json', text: expect.stringContaining('"wait": true') as string })
  expect(turnArgs(json as { as: 'json'; text: string }, 'form')).toEqual({
    as: 'form',
    value: { wait: true },
  })
  expect(turnArgs({ as: 'json', text: '[1]' }, 'form')).toMatch(/by place/)
})

test('a call reads as people write it', () => {
  expect(callText('set_wavelength', [1550], { wait: true })).toBe('set_wavelength(1550, wait=true)')
})
