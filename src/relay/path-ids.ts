import type { Context } from 'hono'
import { idOfSegment } from '#lib/segment.ts'

/** The source and the id that a path names. Ids may be any text: there they stand as segments. */
export function idsIn(c: Context): { source: string; id: string } {
  return { source: c.req.param('source') ?? '', id: idOfSegment(c.req.param('id') ?? '') }
}
