import { useCallback, useEffect, useState } from 'react'
import { expect, test, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { parseExact, stringifyExact } from '#lib/exact-json.ts'
import { cleanInputSchema } from './clean-schema.ts'
import { readDraft, startDraft, type InputDraft } from './input-draft.ts'
import { InputEditor } from './input-editor.tsx'

const usual = cleanInputSchema({
  required: ['prompt'],
  properties: {
    prompt: { type: 'string', title: 'Prompt' },
    steps: { type: 'integer', title: 'Steps', default: 28, maximum: 60 },
    either: { anyOf: [{ type: 'string' }, { type: 'integer' }], title: 'Either' },
    files: { type: 'array', title: 'Files', items: { type: 'string', format: 'file' } },
  },
})

const wide = cleanInputSchema(
  parseExact(
    '{"properties":{"seed":{"type":"integer","title":"Seed","minimum":0,"maximum":18446744073709551615},"gain":{"type":"number","title":"Gain","default":1.0}}}',
  ),
)

function Editor(props: { onDraft: (draft: InputDraft) => void; of?: typeof usual }) {
  const { onDraft } = props
  const schema = props.of ?? usual
  const [draft, setDraft] = useState(() => startDraft(schema))
  useEffect(() => {
    onDraft(draft)
  }, [draft, onDraft])
  const change = useCallback((next: (before: InputDraft) => InputDraft) => {
    setDraft(next)
  }, [])
  const { issues, error } = readDraft(draft, schema)
  return (
    <InputEditor
      title="Input"
      textLabel="Parameters"
      schema={schema}
      draft={draft}
      onChange={change}
      issues={issues}
      error={error}
      upload={(file) => Promise.resolve(`https://files.test/${file.name}`)}
    />
  )
}

test('a value goes from the form to JSON and back, also one that is not finished', async () => {
  const onDraft = vi.fn<(draft: InputDraft) => void>()
  await render(<Editor onDraft={onDraft} />)
  await page.getByLabelText('Steps').fill('400')
  await expect.element(page.getByText('At most 60')).toBeVisible()
  await page.getByLabelText('Either').fill('{"a": ')
  await page.getByRole('radio', { name: 'JSON' }).click()
  const text = page.getByRole('textbox', { name: 'Parameters' })
  await expect.element(text).toHaveValue('{\n  "steps": 400,\n  "either": {"a": \n}')
  await page.getByRole('radio', { name: 'Form' }).click()
  await expect.element(page.getByText(/A form cannot show this/)).toBeVisible()
  await text.fill('{"prompt": "fog", "steps": 3, "more": [1]}')
  await page.getByRole('radio', { name: 'Form' }).click()
  await expect.element(page.getByLabelText('Prompt')).toHaveValue('fog')
  await expect.element(page.getByLabelText('More')).toHaveValue('[\n  1\n]')
  expect(onDraft.mock.lastCall?.[0]).toEqual({ as: 'form', value: { prompt: 'fog', steps: 3, more: [1] } })
})

test('files are added by upload, and taken away', async () => {
  const onDraft = vi.fn<(draft: InputDraft) => void>()
  await render(<Editor onDraft={onDraft} />)
  const chooser = document.querySelector<HTMLInputElement>('input[data-upload="Files"]')!
  const chosen = new DataTransfer()
  for (const name of ['a.png', 'b.png']) chosen.items.add(new File(['x'], name))
  chooser.files = chosen.files
  chooser.dispatchEvent(new Event('change', { bubbles: true }))
  await expect.element(page.getByRole('textbox', { name: 'Files 2' })).toHaveValue('https://files.test/b.png')
  await page.getByRole('button', { name: 'Remove item 1' }).click()
  await expect.element(page.getByRole('textbox', { name: 'Files 1' })).toHaveValue('https://files.test/b.png')
  expect(onDraft.mock.lastCall?.[0]).toMatchObject({ value: { files: ['https://files.test/b.png'] } })
})

test('numbers that no float64 is are typed, judged, stepped and given out as they are written', async () => {
  const onDraft = vi.fn<(draft: InputDraft) => void>()
  await render(<Editor onDraft={onDraft} of={wide} />)
  const seed = page.getByLabelText('Seed')
  const given = () => {
    const draft = onDraft.mock.lastCall![0]
    return draft.as === 'form' ? stringifyExact(draft.value) : draft.text
  }
  await expect.element(page.getByText('0 to 18,446,744,073,709,551,615.')).toBeVisible()
  await expect.element(page.getByLabelText('Gain')).toHaveValue('1.0')
  await seed.fill('18446744073709551616')
  await expect.element(page.getByText('At most 18446744073709551615')).toBeVisible()
  await seed.fill('9007199254740993')
  await expect.element(page.getByText('At most 18446744073709551615')).not.toBeInTheDocument()
  expect(given()).toBe('{"gain":1.0,"seed":9007199254740993}')
  await userEvent.keyboard('{ArrowUp}')
  await expect.element(seed).toHaveValue('9007199254740994')
  expect(given()).toBe('{"gain":1.0,"seed":9007199254740994}')
  await page.getByRole('radio', { name: 'JSON' }).click()
  const text = page.getByRole('textbox', { name: 'Parameters' })
  await expect.element(text).toHaveValue('{\n  "gain": 1.0,\n  "seed": 9007199254740994\n}')
  await text.fill('{"seed": 18446744073709551615, "gain": -0}')
  await page.getByRole('radio', { name: 'Form' }).click()
  await expect.element(seed).toHaveValue('18446744073709551615')
  expect(given()).toBe('{"seed":18446744073709551615,"gain":-0}')
})
