import { expect, test } from '../fixtures.ts'
import { expectKnown, fillNewTask, taskOf } from '../helpers/screens.ts'

test('Escape keeps what was typed into New task; Ctrl-Enter starts it from any field', async ({
  page,
  relay,
}) => {
  await page.goto(relay.url)
  const dialog = await fillNewTask(page, { type: 'PausableTask', id: 'kept', params: { steps: 400 } })
  await dialog.getByRole('textbox', { name: 'Task ID' }).press('Escape')
  await expect(dialog).toBeHidden()
  await page.goto(page.url())
  // A page that is loaded anew begins anew.
  await page.getByRole('button', { name: 'New task' }).click()
  await expect(dialog.getByRole('combobox', { name: 'Task type' })).toHaveValue('')
  await page.keyboard.press('Escape')

  await fillNewTask(page, { type: 'PausableTask', id: 'kept', params: { steps: 400 } })
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
  await page.keyboard.press('n')
  await expect(dialog.getByRole('textbox', { name: 'Task ID' })).toHaveValue('kept')
  await expect(dialog.getByRole('textbox', { name: 'Parameters' })).toHaveValue('{"steps":400}')
  await dialog.getByRole('textbox', { name: 'Task ID' }).press('Control+Enter')
  await expect(dialog).toBeHidden()
  await expectKnown(relay, 'kept')
  await expect(taskOf(page, 'kept')).toBeVisible()
  // What was sent is no draft any more.
  await page.getByRole('button', { name: 'New task' }).click()
  await expect(dialog.getByRole('textbox', { name: 'Task ID' })).not.toHaveValue('kept')
})
