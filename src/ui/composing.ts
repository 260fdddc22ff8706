interface Key {
  isComposing?: boolean
  keyCode?: number
}

/**
 * True for a key that an input method takes: Enter picks a word, Escape drops one, and neither is meant for the page.
 * Safari ends the composition before it tells the key that ended it, which is then code 229.
 */
export function isComposing(event: Key & { nativeEvent?: Key }): boolean {
  const { isComposing: composing, keyCode } = event.nativeEvent ?? event
  return composing === true || keyCode === 229
}

/**
 * Keeps such keys from every handler of the page, also from those that have yet to be written. What they do by
 * themselves in a form or a dialog (send it, close it) they do not do either; the input method has had them before.
 */
export function guardComposition(target: EventTarget): () => void {
  const stop = (event: Event) => {
    const key = event as KeyboardEvent
    if (!isComposing(key)) return
    key.stopImmediatePropagation()
    if ((key.key === 'Enter' || key.key === 'Escape') && !isText(key.target)) key.preventDefault()
  }
  for (const type of ['keydown', 'keyup', 'keypress']) target.addEventListener(type, stop, true)
  return () => {
    for (const type of ['keydown', 'keyup', 'keypress']) target.removeEventListener(type, stop, true)
  }
}

/** Where Enter makes a line. */
function isText(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target instanceof HTMLTextAreaElement)
}
