/**
 * True for a key that an input method takes: Enter picks a word, Escape drops one, and neither is meant for the page.
 * Safari ends the composition before it tells the key that ended it, which is then code 229.
 */
export function isComposing(event: {
  nativeEvent?: { isComposing?: boolean; keyCode?: number }
  isComposing?: boolean
  keyCode?: number
}): boolean {
  const { isComposing: composing, keyCode } = event.nativeEvent ?? event
  return composing === true || keyCode === 229
}
