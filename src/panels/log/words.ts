import { groupedNumber } from '#lib/locale.ts'

/** `2,418` */
export function number(n: number): string {
  return groupedNumber(n)
}

/** `1 line`, `2,418 lines` */
export function lines(n: number): string {
  return n === 1 ? '1 line' : `${number(n)} lines`
}
