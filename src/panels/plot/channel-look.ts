/** Colours that tell channels apart; beyond them a further plot begins. */
export const COLOURS = 8

/** Dashes of lines that have few points: beside colour and number, a third sign. px. */
export const DASHES: readonly (readonly number[])[] = [
  [],
  [7, 3],
  [2, 3],
  [9, 3, 2, 3],
  [12, 4],
  [4, 4],
  [1, 4],
  [6, 2, 1, 2, 1, 2],
]

/** The name of a CSS variable with a channel's colour. */
export function colourVar(index: number): string {
  return `--plot-${(index % COLOURS) + 1}`
}
