import { expect, test } from 'vitest'
import { parseDocstring } from './docstring.ts'

test('the sections of numpy style become words for each parameter; the rest stays', () => {
  const doc = parseDocstring(
    'Set the wavelength.\n\nThe cavity needs time.\n\nParameters\n----------\nwavelength_nm : float\n' +
      '    1480 to 1640 nm.\n    Rounded to 0.1.\nwait, hold : bool, optional\n    Block until stable.\n\n' +
      'Returns\n-------\nfloat\n    What was set.\n\nNotes\n-----\nSlow below 5 °C.',
  )
  expect(doc.text).toBe('Set the wavelength.\n\nThe cavity needs time.\n\nNotes\nSlow below 5 °C.')
  expect([...doc.parameters]).toEqual([
    ['wavelength_nm', '1480 to 1640 nm. Rounded to 0.1.'],
    ['wait', 'Block until stable.'],
    ['hold', 'Block until stable.'],
  ])
  expect(doc.returns).toBe('float What was set.')
})

test('an indented docstring in Google style is read as well', () => {
  const doc = parseDocstring(`Sweep.

        Args:
            start (float): Where to begin,
                in nm.
            stop: Where to end, in nm.
        `)
  expect(doc.text).toBe('Sweep.')
  expect([...doc.parameters]).toEqual([
    ['start', 'Where to begin, in nm.'],
    ['stop', 'Where to end, in nm.'],
  ])
})

test('no docstring, and one without any style, lose nothing', () => {
  expect(parseDocstring(null)).toEqual({ text: '', parameters: new Map(), returns: null })
  expect(parseDocstring('Rate: hz\n---\nodd').text).toBe('Rate: hz\nodd')
})
