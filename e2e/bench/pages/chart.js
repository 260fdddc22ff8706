import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'

const HEIGHT = 600
const Y_AXIS = 60
const COLOURS = ['#e66', '#6e6', '#66e', '#ee6', '#e6e', '#6ee', '#fa6', '#aaa']

/** A plain uPlot in the page; `width` is that of the lines' area. */
export function makeChart(channels, width, data, range = [-2, 10]) {
  const series = COLOURS.slice(0, channels).map((stroke) => ({ stroke, width: 1, points: { show: false } }))
  return new uPlot(
    {
      width: width + Y_AXIS,
      height: HEIGHT,
      scales: { x: { time: false }, y: { auto: false, range } },
      legend: { show: false },
      cursor: { show: false },
      series: [{}, ...series],
    },
    data,
    document.getElementById('root'),
  )
}
