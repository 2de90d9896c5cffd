import type { Canvas, Colour, Line, Point } from './canvas.ts'

/** Of a letter, in its own units. */
const columns = 5
const rows = 8
/** Between two letters, and a word space, in the same units. */
const gap = 2
const space = 4

/**
 * The letters from space to tilde, five columns each, two hexadecimal digits a column; the lowest bit is the top row. Dots that touch are
 * joined by strokes, so that letters are smooth at any size.
 */
const dots = [
  ...['0000000000', '00005f0000', '0007000700', '147f147f14', '242a7f2a12', '2313086462'],
  ...['3649562050', '0000070000', '001c224100', '0041221c00', '2a1c7f1c2a', '08083e0808'],
  ...['0080703000', '0808080808', '0000606000', '2010080402', '3e5149453e', '00427f4000'],
  ...['7249494946', '2141494d33', '1814127f10', '2745454539', '3c4a494931', '4121110907'],
  ...['3649494936', '464949291e', '0000140000', '0040340000', '0008142241', '1414141414'],
  ...['0041221408', '0201590906', '3e415d594e', '7c1211127c', '7f49494936', '3e41414122'],
  ...['7f4141413e', '7f49494941', '7f09090901', '3e41415173', '7f0808087f', '00417f4100'],
  ...['2040413f01', '7f08142241', '7f40404040', '7f021c027f', '7f0408107f', '3e4141413e'],
  ...['7f09090906', '3e4151215e', '7f09192946', '2649494932', '03017f0103', '3f4040403f'],
  ...['1f2040201f', '3f4038403f', '6314081463', '0304780403', '6159494d43', '007f414100'],
  ...['0204081020', '004141417f', '0402010204', '4040404040', '0003070800', '2054547840'],
  ...['7f28444438', '3844444428', '384444287f', '3854545418', '00087e0902', '18a4a49c78'],
  ...['7f08040478', '00447d4000', '2040403d00', '7f10284400', '00417f4000', '7c04780478'],
  ...['7c08040478', '3844444438', 'fc18242418', '18242418fc', '7c08040408', '4854545424'],
  ...['04043f4424', '3c4040207c', '1c2040201c', '3c4030403c', '4428102844', '4c9090907c'],
  ...['4464544c44', '0008364100', '0000770000', '0041360800', '0201020402'],
].join('')

const firstLetter = 0x20
const lastLetter = 0x7e
/** Stands for letters that are not here. */
const unknown = '?'

interface Letter {
  readonly lines: readonly Line[]
  /** From its first dot to its last. */
  readonly width: number
}

const known = new Map<string, Letter>()

function letterOf(letter: string): Letter {
  const held = known.get(letter)
  if (held) return held
  const code = letter.charCodeAt(0)
  if (code < firstLetter || code > lastLetter) return letterOf(unknown)
  const from = (code - firstLetter) * columns * 2
  const bits = Array.from({ length: columns }, (_, n) =>
    Number.parseInt(dots.slice(from + n * 2, from + n * 2 + 2), 16),
  )
  const isSet = (x: number, y: number): boolean => (((bits[x] ?? 0) >> y) & 1) === 1 && y >= 0
  const strokes: Line[] = []
  for (let x = 0; x < columns; x++) {
    for (let y = 0; y < rows; y++) {
      if (!isSet(x, y)) continue
      const ends: Point[] = []
      if (isSet(x + 1, y)) ends.push({ x: x + 1, y })
      if (isSet(x, y + 1)) ends.push({ x, y: y + 1 })
      // A corner has its own way round.
      const turns = (dy: number): boolean => isSet(x + 1, y) || isSet(x, y + dy)
      if (isSet(x + 1, y + 1) && !turns(1)) ends.push({ x: x + 1, y: y + 1 })
      if (isSet(x + 1, y - 1) && !turns(-1)) ends.push({ x: x + 1, y: y - 1 })
      strokes.push(
        [
          { x, y },
          { x, y },
        ],
        ...ends.map((end): Line => [{ x, y }, end]),
      )
    }
  }
  const places = strokes.flatMap((line) => line.map(({ x }) => x))
  const left = places.length === 0 ? 0 : Math.min(...places)
  const lines = strokes.map(([one, other]): Line => [moved(one, -left), moved(other, -left)])
  const width = places.length === 0 ? space - gap : Math.max(...places) - left
  known.set(letter, { lines, width })
  return { lines, width }
}

function moved({ x, y }: Point, by: number): Point {
  return { x: x + by, y }
}

/** How text is written. `size`: the height of a capital letter, in pixels. */
export interface Hand {
  readonly size: number
  readonly colour: Colour
  readonly align?: 'left' | 'centre' | 'right'
  readonly isBold?: boolean
  /** Turned to run upwards. */
  readonly isUpright?: boolean
  /** Around the letters, so that they can be read on anything. */
  readonly halo?: Colour
}

/** Height of a capital letter in the letters' units. */
const capital = 6

export function textWidth(text: string, size: number): number {
  if (text === '') return 0
  const units = Array.from(text).reduce((sum, letter) => sum + letterOf(letter).width + gap, -gap)
  return (units * size) / capital
}

/** The text, or as much of its beginning as there is room for. */
export function fitted(text: string, size: number, room: number): string {
  if (textWidth(text, size) <= room) return text
  const letters = Array.from(text)
  while (letters.length > 0 && textWidth(`${letters.join('')}...`, size) > room) letters.pop()
  return letters.length === 0 ? '' : `${letters.join('')}...`
}

/** Writes text; `at` is the left, middle or right of its base line. */
export function write(canvas: Canvas, text: string, at: Point, hand: Hand): void {
  const { size, colour, align = 'left', isBold = false, isUpright = false, halo } = hand
  const unit = size / capital
  const whole = textWidth(text, size)
  const place = ({ x, y }: Point, start: number): Point => {
    const along = start + x * unit
    const up = (capital - y) * unit
    return isUpright ? { x: at.x - up, y: at.y - along } : { x: at.x + along, y: at.y - up }
  }
  let start = align === 'left' ? 0 : align === 'centre' ? -whole / 2 : -whole
  const lines: Line[] = []
  for (const letter of text) {
    const { lines: own, width } = letterOf(letter)
    for (const [from, to] of own) lines.push([place(from, start), place(to, start)])
    start += (width + gap) * unit
  }
  const pen = unit * (isBold ? 1.3 : 0.95)
  if (halo) canvas.strokes(lines, { width: pen + 4, colour: halo })
  canvas.strokes(lines, { width: pen, colour })
}
