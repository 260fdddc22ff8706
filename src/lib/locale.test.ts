import { expect, test } from 'vitest'
import {
  compareNames,
  dateFormat,
  graphemes,
  groupedNumber,
  isLanguage,
  mendLanguage,
  ownZone,
} from './locale.ts'

test.each(['C', '', 'en_US.UTF-8', 'C.UTF-8', '*', 'x', 'de-', undefined, null, 7])(
  'a browser whose language is %j gets one that formatters take',
  (language) => {
    const browser = Object.create({ language, languages: [language] }) as {
      language: string
      languages: string[]
    }
    mendLanguage(browser)
    expect(isLanguage(browser.language)).toBe(true)
    expect(new Intl.NumberFormat(browser.language).format(1_234)).toBe('1,234')
    expect(browser.languages).toEqual(['en'])
  },
)

test.each(['en', 'de-DE', 'zh-Hant-TW', 'POSIX'])('%j stays as it is', (language) => {
  const browser = { language, languages: [language] }
  mendLanguage(browser)
  expect(browser).toEqual({ language, languages: [language] })
})

test('Weir writes the same everywhere', () => {
  expect(groupedNumber(1_234_567.5)).toBe('1,234,567.5')
  expect(dateFormat({ timeStyle: 'medium', timeZone: 'UTC' }).format(0)).toBe('00:00:00')
  expect(['b10', 'b9', 'a'].sort(compareNames)).toEqual(['a', 'b9', 'b10'])
  expect([...graphemes('e\u0301x')].map(({ segment }) => segment)).toEqual(['e\u0301', 'x'])
  expect(ownZone()).not.toBe('')
})

test('nothing else asks for a language', () => {
  const sources = import.meta.glob<string>('../**/*.{ts,tsx}', {
    query: '?raw',
    import: 'default',
    eager: true,
  })
  const asking = Object.entries(sources)
    .filter(([path]) => !/\.test\.tsx?$/.test(path) && !path.endsWith('/locale.ts'))
    .filter(([, text]) => /\bIntl\b|\.toLocale[A-Z]|\.localeCompare\b|\bnavigator\.languages?\b/.test(text))
  expect(asking.map(([path]) => path)).toEqual([])
})
