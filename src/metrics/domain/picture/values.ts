import { Canvas, colourOf } from './canvas.ts'
import type { ChartSpec } from './chart.ts'
import { fitted, textWidth, write } from './letters.ts'
import { shortNumber } from './scale.ts'

const titleSize = 11
const labelSize = 8
const valueSizeMax = 40

/** Draws the last value of each series, side by side. */
export function drawValues(spec: ChartSpec): Canvas {
  const { width, height, title, isDark, series } = spec
  const grey = { red: 127, green: 127, blue: 127, cover: 1 }
  const ink = colourOf(isDark ? '#d5dbdb' : '#16191f') ?? grey
  const canvas = new Canvas(width, height, colourOf(isDark ? '#0f1b2a' : '#ffffff') ?? grey)
  const top = title ? titleSize + 20 : 0
  if (title) {
    const text = fitted(title, titleSize, width - 20)
    write(
      canvas,
      text,
      { x: 10, y: 10 + titleSize },
      { size: titleSize, colour: ink, isBold: true },
    )
  }
  const room = width / Math.max(1, series.length)
  for (const [index, one] of series.entries()) {
    const last = one.points.at(-1)
    const text = last ? shortNumber(last[1]) : '--'
    const middle = { x: room * (index + 0.5), y: top + (height - top) / 2 }
    const widest = (room - 20) / Math.max(1, textWidth(text, 1))
    const size = Math.max(4, Math.min(valueSizeMax, (height - top) / 3, widest))
    const colour = colourOf(one.colour) ?? ink
    const hand = { align: 'centre', colour: ink } as const
    write(canvas, text, { ...middle, y: middle.y + size / 3 }, { ...hand, size, colour })
    const label = fitted(one.label, labelSize, room - 10)
    const below = { ...middle, y: middle.y + size / 3 + labelSize + 12 }
    write(canvas, label, below, { ...hand, size: labelSize })
  }
  return canvas
}
