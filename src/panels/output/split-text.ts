/** Cuts text into parts of about `size` characters, after a line's end where there is one near. */
export function splitText(text: string, size: number): string[] {
  const parts: string[] = []
  for (let at = 0; at < text.length;) {
    let end = Math.min(text.length, at + size)
    if (end < text.length) {
      const line = text.lastIndexOf('\n', end)
      if (line > at + size / 2) end = line + 1
      // Never between the halves of one character.
      else if (/[\uD800-\uDBFF]/.test(text.charAt(end - 1))) end += 1
    }
    parts.push(text.slice(at, end))
    at = end
  }
  return parts
}
