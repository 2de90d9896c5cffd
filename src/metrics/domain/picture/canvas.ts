/** Red, green and blue, each from 0 to 255, and how much of it covers what is below, from 0 to 1. */
export interface Colour {
  readonly red: number
  readonly green: number
  readonly blue: number
  readonly cover: number
}

export interface Point {
  readonly x: number
  readonly y: number
}

export interface Box extends Point {
  readonly width: number
  readonly height: number
}

export type Line = readonly [from: Point, to: Point]

/** How lines are painted; nothing of them outside of `clip`. */
export interface Stroke {
  readonly width: number
  readonly colour: Colour
  readonly clip?: Box
}

/** `#rgb` or `#rrggbb`; undefined for anything else. */
export function colourOf(text: string): Colour | undefined {
  const [, short, long] = /^#(?:([0-9a-f]{3})|([0-9a-f]{6}))$/i.exec(text) ?? []
  const digits = short === undefined ? long : short.replaceAll(/./g, '$&$&')
  if (digits === undefined) return undefined
  const part = (at: number): number => Number.parseInt(digits.slice(at, at + 2), 16)
  return { red: part(0), green: part(2), blue: part(4), cover: 1 }
}

/** The same, letting through what is below. */
export function faded(colour: Colour, cover: number): Colour {
  return { ...colour, cover }
}

/** A picture in memory: opaque, three bytes a pixel, row by row. Edges are smoothed by how much of a pixel a shape covers. */
export class Canvas {
  readonly width: number
  readonly height: number
  readonly pixels: Uint8ClampedArray

  constructor(width: number, height: number, background: Colour) {
    this.width = width
    this.height = height
    this.pixels = new Uint8ClampedArray(width * height * 3)
    this.fill({ x: 0, y: 0, width, height }, background)
  }

  /** A rectangle; its edges may lie between pixels. */
  fill({ x, y, width, height }: Box, colour: Colour): void {
    const bottom = Math.min(this.height, y + height)
    const right = Math.min(this.width, x + width)
    for (let row = Math.max(0, Math.floor(y)); row < bottom; row++) {
      const rows = Math.min(row + 1, bottom) - Math.max(row, y)
      for (let column = Math.max(0, Math.floor(x)); column < right; column++) {
        const columns = Math.min(column + 1, right) - Math.max(column, x)
        this.#blend(column, row, colour, rows * columns)
      }
    }
  }

  /** The part of one column of pixels between two heights. */
  fillColumn(column: number, from: number, to: number, colour: Colour): void {
    const y = Math.min(from, to)
    this.fill({ x: column, y, width: 1, height: Math.abs(to - from) }, colour)
  }

  /** A line with round ends. */
  line(from: Point, to: Point, stroke: Stroke): void {
    this.strokes([[from, to]], stroke)
  }

  /** Lines that follow each other. */
  path(points: readonly Point[], stroke: Stroke): void {
    const lines = points.map((to, index): Line => [points[index - 1] ?? to, to])
    this.strokes(lines, stroke)
  }

  /** Lines with round ends; where they meet nothing is painted twice. */
  strokes(lines: readonly Line[], { width, colour, clip }: Stroke): void {
    const covers = new Map<number, number>()
    const bounds = clip ?? { x: 0, y: 0, width: this.width, height: this.height }
    for (const [from, to] of lines) this.#cover(covers, { from, to, width, bounds })
    for (const [place, cover] of covers) {
      this.#blend(place % this.width, Math.floor(place / this.width), colour, cover)
    }
  }

  #cover(
    covers: Map<number, number>,
    at: { from: Point; to: Point; width: number; bounds: Box },
  ): void {
    const { from, to, width, bounds } = at
    const reach = width / 2 + 1
    const left = Math.max(0, bounds.x, Math.floor(Math.min(from.x, to.x) - reach))
    const right = Math.min(
      ...[this.width, bounds.x + bounds.width, Math.ceil(Math.max(from.x, to.x) + reach)],
    )
    for (let column = Math.floor(left); column < right; column++) {
      const { low, high } = spanAt(column + 0.5, at, reach)
      const top = Math.max(0, bounds.y, Math.floor(low))
      const bottom = Math.min(this.height, bounds.y + bounds.height, Math.ceil(high))
      for (let row = Math.floor(top); row < bottom; row++) {
        const away = distance({ x: column + 0.5, y: row + 0.5 }, from, to)
        const cover = Math.min(1, Math.max(0, width / 2 + 0.5 - away))
        const place = row * this.width + column
        if (cover > (covers.get(place) ?? 0)) covers.set(place, cover)
      }
    }
  }

  #blend(column: number, row: number, { red, green, blue, cover }: Colour, share: number): void {
    const part = cover * Math.min(1, Math.max(0, share))
    if (part === 0) return
    const at = (row * this.width + column) * 3
    for (const [offset, value] of [red, green, blue].entries()) {
      const below = this.pixels[at + offset] ?? 0
      this.pixels[at + offset] = below + (value - below) * part
    }
  }
}

/** The rows that a stroke can touch in one column. */
function spanAt(
  x: number,
  { from, to }: { from: Point; to: Point },
  reach: number,
): { readonly low: number; readonly high: number } {
  const [first, last] = from.x <= to.x ? [from, to] : [to, from]
  const run = last.x - first.x
  const heightAt = (where: number): number =>
    run === 0
      ? first.y
      : first.y +
        ((Math.min(Math.max(where, first.x), last.x) - first.x) / run) * (last.y - first.y)
  const near = run === 0 ? [from.y, to.y] : [heightAt(x - reach), heightAt(x + reach)]
  return { low: Math.min(...near) - reach, high: Math.max(...near) + reach }
}

/** Of a point from a stretch of a line. */
function distance({ x, y }: Point, from: Point, to: Point): number {
  const dx = to.x - from.x
  const dy = to.y - from.y
  const length = dx * dx + dy * dy
  const along = length === 0 ? 0 : ((x - from.x) * dx + (y - from.y) * dy) / length
  const part = Math.min(1, Math.max(0, along))
  return Math.hypot(x - from.x - part * dx, y - from.y - part * dy)
}
