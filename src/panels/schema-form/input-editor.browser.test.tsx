import { useCallback, useEffect, useState } from 'react'
import { expect, test, vi } from 'vitest'
import { page } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { cleanInputSchema } from './clean-schema.ts'
import { readDraft, startDraft, type InputDraft } from './input-draft.ts'
import { InputEditor } from './input-editor.tsx'

const schema = cleanInputSchema({
  required: ['prompt'],
  properties: {
    prompt: { type: 'string', title: 'Prompt' },
    steps: { type: 'integer', title: 'Steps', default: 28, maximum: 60 },
    either: { anyOf: [{ type: 'string' }, { type: 'integer' }], title: 'Either' },
    files: { type: 'array', title: 'Files', items: { type: 'string', format: 'file' } },
  },
})

function Editor(props: { onDraft: (draft: InputDraft) => void }) {
  const { onDraft } = props
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
