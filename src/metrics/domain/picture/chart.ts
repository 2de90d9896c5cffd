import { Canvas, colourOf, faded, type Box, type Colour, type Point } from './canvas.ts'
import { fitted, textWidth, write } from './letters.ts'
import { shortNumber, timeTicks, valueScale, type Scale } from './scale.ts'
import { stacked, type Layer } from './stacked.ts'

export type Side = 'left' | 'right'

export interface ChartSeries {
  readonly label: string
  readonly colour: string
  readonly side: Side
  readonly periodSeconds: number
  /** Ascending in time. */
  readonly points: readonly (readonly [at: number, value: number])[]
}

export interface AxisWish {
  readonly min?: number | undefined
  readonly max?: number | undefined
  readonly label?: string | undefined
}

/** A line across the chart. */
export interface HorizontalMark {
  readonly value: number
  readonly label: string | undefined
  readonly colour: string
  readonly side: Side
  readonly fill: 'above' | 'below' | 'none'
  /** The other edge of a band. */
  readonly bandTo?: number | undefined
}

export interface VerticalMark {
  readonly at: number
  readonly label: string | undefined
  readonly colour: string
}

/** All that a chart of values over time shows. */
export interface ChartSpec {
  readonly width: number
  readonly height: number
  readonly title: string | undefined
  readonly isDark: boolean
  readonly from: number
  readonly until: number
  readonly offsetMinutes: number
  readonly isStacked: boolean
  readonly legend: 'bottom' | 'right' | 'hidden'
  readonly series: readonly ChartSeries[]
  readonly axes: Readonly<Record<Side, AxisWish>>
  readonly horizontal: readonly HorizontalMark[]
  readonly vertical: readonly VerticalMark[]
}

/** Sizes of letters and of what is around them, in pixels. */
const letterSize = 8
const titleSize = 11
const margin = 10
const legendRow = 18
const tickRow = 20
const lineWidth = 1.8

interface Paper {
  readonly canvas: Canvas
  readonly spec: ChartSpec
  readonly ink: Colour
  readonly paper: Colour
  readonly plot: Box
  readonly scales: Readonly<Record<Side, Scale | undefined>>
  readonly layers: readonly Layer[]
}

/** Draws a chart of values over time. */
export function drawChart(spec: ChartSpec): Canvas {
  const ink = known(spec.isDark ? '#d5dbdb' : '#16191f')
  const background = known(spec.isDark ? '#0f1b2a' : '#ffffff')
  const canvas = new Canvas(spec.width, spec.height, background)
  const layers = spec.isStacked ? stacked(spec.series) : spec.series.map(plain)
  const scales = { left: scaleOf(spec, layers, 'left'), right: scaleOf(spec, layers, 'right') }
  const plot = plotBox(spec, scales)
  const paper: Paper = { canvas, spec, ink, paper: background, plot, scales, layers }
  if (spec.title) {
    const text = fitted(spec.title, titleSize, spec.width - 2 * margin)
    write(
      canvas,
      text,
      { x: margin, y: margin + titleSize },
      {
        ...{ size: titleSize, colour: ink, isBold: true },
      },
    )
  }
  drawTimes(paper)
  drawAxis(paper, 'left')
  drawAxis(paper, 'right')
  drawBands(paper)
  for (const layer of layers) drawArea(paper, layer)
  for (const layer of layers) drawLine(paper, layer)
  drawMarks(paper)
  drawLegend(paper)
  return canvas
}

function known(text: string): Colour {
  return colourOf(text) ?? { red: 127, green: 127, blue: 127, cover: 1 }
}

function plain(series: ChartSeries): Layer {
  return { series, tops: series.points, bottoms: undefined }
}

function scaleOf(spec: ChartSpec, layers: readonly Layer[], side: Side): Scale | undefined {
  const marks = spec.horizontal.filter((mark) => mark.side === side)
  const own = layers.filter(({ series }) => series.side === side)
  if (side === 'right' && own.length === 0 && marks.length === 0) return undefined
  const values = [
    ...own.flatMap(({ tops }) => tops.map(([, value]) => value)),
    ...marks.flatMap(({ value, bandTo }) => (bandTo === undefined ? [value] : [value, bandTo])),
  ]
  let least = Infinity
  let most = -Infinity
  for (const value of values) {
    least = Math.min(least, value)
    most = Math.max(most, value)
  }
  const seen = values.length === 0 ? { least: 0, most: 1 } : { least, most }
  return valueScale(seen, spec.axes[side], Math.max(2, Math.min(6, spec.height / 60)))
}

function plotBox(spec: ChartSpec, scales: Paper['scales']): Box {
  const room = (side: Side): number => {
    const ticks = scales[side]?.ticks ?? []
    const widest = Math.max(0, ...ticks.map((tick) => textWidth(shortNumber(tick), letterSize)))
    const label = spec.axes[side].label === undefined ? 0 : letterSize + 10
    return margin + (ticks.length === 0 ? 0 : widest + 8) + label
  }
  const left = room('left')
  const right = room('right') + legendWidth(spec)
  const top = margin + (spec.title ? titleSize + 12 : 4)
  const bottom = tickRow + legendHeight(spec) + 4
  return {
    ...{ x: Math.round(left), y: Math.round(top) },
    width: Math.max(1, Math.round(spec.width - left - right)),
    height: Math.max(1, Math.round(spec.height - top - bottom)),
  }
}

function legendWidth(spec: ChartSpec): number {
  if (spec.legend !== 'right' || spec.series.length === 0) return 0
  const widest = Math.max(...spec.series.map(({ label }) => textWidth(label, letterSize)))
  return Math.min(widest + 26, spec.width * 0.35)
}

/** Where each label of a legend at the bottom stands, row by row. */
function legendPlaces(spec: ChartSpec): readonly { series: ChartSeries; x: number; row: number }[] {
  if (spec.legend !== 'bottom') return []
  const rowsMax = Math.max(1, Math.floor((spec.height * 0.3) / legendRow))
  let x = margin
  let row = 0
  return spec.series.flatMap((series) => {
    const width = Math.min(textWidth(series.label, letterSize) + 34, spec.width - 2 * margin)
    if (x > margin && x + width > spec.width - margin) {
      x = margin
      row++
    }
    const place = { series, x, row }
    x += width
    return row < rowsMax ? [place] : []
  })
}

function legendHeight(spec: ChartSpec): number {
  const last = legendPlaces(spec).at(-1)
  return last ? (last.row + 1) * legendRow + 4 : 0
}

function drawLegend({ canvas, spec, ink, plot }: Paper): void {
  const label = (series: ChartSeries, at: Point, room: number): void => {
    canvas.fill({ x: at.x, y: at.y - letterSize, width: 9, height: 9 }, known(series.colour))
    const text = fitted(series.label, letterSize, room - 16)
    write(canvas, text, { x: at.x + 15, y: at.y }, { size: letterSize, colour: ink })
  }
  const bottom = spec.height - legendHeight(spec) + letterSize + 4
  for (const { series, x, row } of legendPlaces(spec)) {
    label(series, { x, y: bottom + row * legendRow }, spec.width - margin - x)
  }
  if (spec.legend !== 'right') return
  const width = legendWidth(spec)
  const rows = Math.floor(plot.height / legendRow)
  for (const [index, series] of spec.series.slice(0, Math.max(1, rows)).entries()) {
    const at = { x: spec.width - width, y: plot.y + letterSize + index * legendRow }
    label(series, at, width - margin)
  }
}

function xOf({ plot, spec }: Paper, at: number): number {
  return plot.x + ((at - spec.from) / Math.max(1, spec.until - spec.from)) * plot.width
}

function yOf({ plot, scales }: Paper, side: Side, value: number): number {
  const { from, to } = scales[side] ?? { from: 0, to: 1 }
  return plot.y + plot.height - ((value - from) / (to - from)) * plot.height
}

function drawTimes(paper: Paper): void {
  const { canvas, spec, ink, plot } = paper
  const ticksMax = Math.max(1, Math.floor(plot.width / 60))
  const { offsetMinutes } = spec
  const base = plot.y + plot.height
  for (const { at, text } of timeTicks(spec.from, spec.until, { ticksMax, offsetMinutes })) {
    const x = Math.round(xOf(paper, at))
    canvas.fill({ x, y: base, width: 1, height: 4 }, faded(ink, 0.5))
    const half = textWidth(text, letterSize) / 2
    const place = Math.min(Math.max(x, half + 2), spec.width - half - 2)
    const hand = { size: letterSize, colour: faded(ink, 0.85), align: 'centre' } as const
    write(canvas, text, { x: place, y: base + 9 + letterSize }, hand)
  }
  canvas.fill({ x: plot.x, y: base, width: plot.width, height: 1 }, faded(ink, 0.5))
}

function drawAxis(paper: Paper, side: Side): void {
  const { canvas, spec, ink, plot, scales } = paper
  const isLeft = side === 'left'
  for (const tick of scales[side]?.ticks ?? []) {
    const y = Math.round(yOf(paper, side, tick))
    if (isLeft && y < plot.y + plot.height) {
      canvas.fill({ x: plot.x, y, width: plot.width, height: 1 }, faded(ink, 0.15))
    }
    const x = isLeft ? plot.x - 6 : plot.x + plot.width + 6
    const hand = { size: letterSize, colour: faded(ink, 0.85) }
    const align = isLeft ? 'right' : 'left'
    write(canvas, shortNumber(tick), { x, y: y + letterSize / 2 }, { ...hand, align })
  }
  const { label } = spec.axes[side]
  if (label === undefined) return
  const widest = (scales[side]?.ticks ?? []).map((tick) => textWidth(shortNumber(tick), letterSize))
  const away = Math.max(0, ...widest) + 18
  const x = isLeft ? margin + letterSize : plot.x + plot.width + away + letterSize
  const text = fitted(label, letterSize, plot.height)
  write(
    canvas,
    text,
    { x, y: plot.y + plot.height / 2 },
    {
      ...{ size: letterSize, colour: ink, align: 'centre', isUpright: true },
    },
  )
}

/** What lies above a line, below it, or between two, lightly. */
function drawBands(paper: Paper): void {
  const { canvas, plot } = paper
  for (const { value, bandTo, fill, side, colour } of paper.spec.horizontal) {
    if (bandTo === undefined && fill === 'none') continue
    const y = within(plot, yOf(paper, side, value))
    const edge = fill === 'above' ? plot.y : plot.y + plot.height
    const other = bandTo === undefined ? edge : within(plot, yOf(paper, side, bandTo))
    const top = Math.min(y, other)
    const box = { x: plot.x, y: top, width: plot.width, height: Math.abs(y - other) }
    canvas.fill(box, faded(known(colour), 0.15))
  }
}

function within(plot: Box, y: number): number {
  return Math.min(Math.max(y, plot.y), plot.y + plot.height)
}

function drawMarks(paper: Paper): void {
  const { canvas, plot, spec } = paper
  const name = (text: string, at: Point, colour: Colour): void =>
    write(canvas, text, at, { size: letterSize, colour, halo: faded(paper.paper, 0.75) })
  for (const { value, bandTo, label, colour, side } of spec.horizontal) {
    for (const each of bandTo === undefined ? [value] : [value, bandTo]) {
      // The middle of a row of pixels: a line between two is faint.
      const y = Math.floor(yOf(paper, side, each)) + 0.5
      if (y < plot.y - 1 || y > plot.y + plot.height + 1) continue
      const end = { x: plot.x + plot.width, y }
      canvas.line({ x: plot.x, y }, end, { width: 1.4, colour: known(colour), clip: plot })
      const text = fitted(label ?? '', letterSize, plot.width - 8)
      const base = y - 5 < plot.y + letterSize ? y + letterSize + 5 : y - 5
      if (each === value) name(text, { x: plot.x + 6, y: base }, known(colour))
    }
  }
  for (const { at, label, colour } of spec.vertical) {
    if (at < spec.from || at > spec.until) continue
    const x = Math.floor(xOf(paper, at)) + 0.5
    const to = { x, y: plot.y + plot.height }
    canvas.line({ x, y: plot.y }, to, { width: 1.4, colour: known(colour), clip: plot })
    const text = fitted(label ?? '', letterSize, plot.x + plot.width - x - 8)
    name(text, { x: x + 5, y: plot.y + letterSize + 4 }, known(colour))
  }
}

/** Runs of points without a period missing between them. */
function runsOf(points: Layer['tops'], periodSeconds: number): readonly Layer['tops'][] {
  const runs: (readonly [number, number])[][] = []
  let last = -Infinity
  for (const point of points) {
    const isNext = point[0] - last <= periodSeconds * 1000 * 1.5
    if (isNext) runs.at(-1)?.push(point)
    else runs.push([point])
    last = point[0]
  }
  return runs
}

function drawLine(paper: Paper, { series, tops }: Layer): void {
  const { canvas, plot } = paper
  const clip = {
    ...plot,
    x: plot.x - 2,
    width: plot.width + 4,
    y: plot.y - 1,
    height: plot.height + 2,
  }
  const colour = known(series.colour)
  for (const run of runsOf(tops, series.periodSeconds)) {
    const path = run.map(([at, value]) => ({
      x: xOf(paper, at),
      y: yOf(paper, series.side, value),
    }))
    canvas.path(path, { width: path.length === 1 ? 4 : lineWidth, colour, clip })
  }
}

/** Of a stack: what lies between this layer and the one below it. */
function drawArea(paper: Paper, { series, tops, bottoms }: Layer): void {
  if (!bottoms) return
  const { canvas, plot } = paper
  const colour = faded(known(series.colour), 0.55)
  const place = ([at, value]: readonly [number, number]): Point => ({
    ...{ x: xOf(paper, at), y: within(plot, yOf(paper, series.side, value)) },
  })
  const upper = tops.map(place)
  const lower = bottoms.map(place)
  for (const [index, to] of upper.entries()) {
    const from = upper[index - 1]
    const [below, next] = [lower[index - 1], lower[index]]
    if (!from || !below || !next) continue
    const first = Math.max(plot.x, Math.ceil(from.x - 0.5))
    const last = Math.min(plot.x + plot.width, to.x - 0.5)
    for (let column = first; column < last; column++) {
      const part = (column + 0.5 - from.x) / (to.x - from.x)
      const top = from.y + (to.y - from.y) * part
      canvas.fillColumn(column, top, below.y + (next.y - below.y) * part, colour)
    }
  }
}
