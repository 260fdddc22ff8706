import { afterEach, expect, test, vi } from 'vitest'
import { writeClipboard } from './clipboard.ts'

afterEach(() => {
  Reflect.deleteProperty(document, 'execCommand')
  document.body.replaceChildren()
})

/** What would be on the clipboard: the text selected when the browser is told to copy. */
function watchCopies(): string[] {
  const copied: string[] = []
  vi.spyOn(navigator.clipboard, 'writeText').mockRejectedValue(new Error('no secure origin'))
  Object.assign(document, {
    execCommand: () => {
      const area = document.activeElement
      if (!(area instanceof HTMLTextAreaElement)) return false
      copied.push(area.value.slice(area.selectionStart, area.selectionEnd))
      return true
    },
  })
  return copied
}

test.each([false, true])(
  'without a secure origin text is copied all the same, in a dialog: %s',
  async (isOpen) => {
    const copied = watchCopies()
    const dialog = document.createElement('dialog')
    const button = document.createElement('button')
    document.body.append(dialog)
    if (isOpen) dialog.showModal()
    ;(isOpen ? dialog : document.body).append(button)
    button.focus()
    expect(await writeClipboard('a line\nand another')).toBe(true)
    expect(copied).toEqual(['a line\nand another'])
    expect(document.activeElement).toBe(button)
    expect(document.querySelector('textarea')).toBeNull()
  },
)
