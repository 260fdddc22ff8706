const LONGEST = 300
// eslint-disable-next-line no-control-regex -- these are what it takes out
const ESCAPES = /\u001b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g
// eslint-disable-next-line no-control-regex -- as above
const CONTROLS = /[\u0000-\u001f\u007f-\u009f]+/g

/**
 * What fits on one line of what a server said: no colour codes, no control characters, the last state of a
 * line that was overwritten, and no more characters than a screen can show.
 */
export function oneLine(text: string, longest = LONGEST): string {
  const cut = text.slice(0, longest * 4)
  const last =
    cut
      .trimEnd()
      .split('\r')
      .findLast((part) => part.trim() !== '') ?? ''
  const plain = last.replace(ESCAPES, '').replace(CONTROLS, ' ').trim()
  return plain.length > longest ? `${plain.slice(0, longest - 1)}…` : plain
}
