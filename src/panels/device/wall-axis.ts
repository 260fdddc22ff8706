import { useStreams } from '#streams/react.tsx'
import type { Streams } from '#streams/streams.ts'
import { TimeAxis } from '../plot/time-axis.ts'

const axes = new WeakMap<Streams, TimeAxis>()

/** The time axis and the cursor that all compact plots of the page share: a wall is moved as one. */
export function useWallAxis(): TimeAxis {
  const streams = useStreams()
  let axis = axes.get(streams)
  if (!axis) axes.set(streams, (axis = new TimeAxis(() => streams.now())))
  return axis
}
