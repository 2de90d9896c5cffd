import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'
import type { Sample } from './workers.ts'

const width = 1000
const height = 460
const area = { left: 70, right: 930, top: 50, bottom: 400 }
const browserProgram = '/usr/bin/chromium'

/** Something that happened in a run, such as a kill. */
export interface Moment {
  readonly seconds: number
  readonly label: string
}

/** Depth of the queue and machines in service over time, as SVG. */
export function drawRun(samples: readonly Sample[], moments: readonly Moment[]): string {
  const total = ({ machines }: Sample): number => Object.values(machines).reduce((a, b) => a + b, 0)
  const end = Math.max(...samples.map(({ seconds }) => seconds))
  const deepest = Math.max(...samples.map(({ waiting, taken }) => waiting + taken), 1)
  const most = Math.max(...samples.map(total), 1)
  const x = (seconds: number): number =>
    area.left + ((area.right - area.left) * seconds) / Math.max(end, 1)
  const y = (part: number): number => area.bottom - (area.bottom - area.top) * part
  const depth = samples.map((one) => [x(one.seconds), y((one.waiting + one.taken) / deepest)])
  const staff = samples.flatMap((one, n) => {
    const before = samples[n - 1]
    const at = x(one.seconds)
    return [...(before ? [[at, y(total(before) / most)]] : []), [at, y(total(one) / most)]]
  })
  const line = (points: readonly (readonly number[])[], color: string): string =>
    `<polyline fill="none" stroke="${color}" stroke-width="2" points="${points
      .map((point) => point.map((each) => each.toFixed(1)).join(','))
      .join(' ')}"/>`
  const text = (at: readonly [number, number], words: string, style: string): string =>
    `<text x="${at[0].toFixed(0)}" y="${at[1].toFixed(0)}" ${style}>${words}</text>`
  const rows = [0, 0.25, 0.5, 0.75, 1].flatMap((part) => [
    `<line x1="${area.left}" x2="${area.right}" y1="${y(part)}" y2="${y(part)}" stroke="#ddd"/>`,
    text([area.left - 8, y(part) + 4], `${Math.round(deepest * part)}`, 'text-anchor="end"'),
  ])
  const sizes = Array.from({ length: most + 1 }, (_, n) =>
    text([area.right + 8, y(n / most) + 4], `${n}`, 'fill="#c2410c"'),
  )
  const times = Array.from({ length: 6 }, (_, n) => (end * n) / 5).map((seconds) =>
    text([x(seconds), area.bottom + 20], `${seconds.toFixed(0)} s`, 'text-anchor="middle"'),
  )
  const kills = moments.flatMap(({ seconds, label }, n) => [
    `<line x1="${x(seconds)}" x2="${x(seconds)}" y1="${area.top}" y2="${area.bottom}" stroke="#999" stroke-dasharray="3 3"/>`,
    text([x(seconds) + 2, area.top + 12 + (n % 4) * 12], label, 'font-size="10" fill="#666"'),
  ])
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="${width}" height="${height}" fill="white"/>`,
    ...[...rows, ...sizes, ...times, ...kills],
    line(depth, '#1d4ed8'),
    line(staff, '#c2410c'),
    text([area.left, 28], 'messages in the queue', 'font-size="14" fill="#1d4ed8"'),
    text([area.right, 28], 'machines', 'font-size="14" fill="#c2410c" text-anchor="end"'),
    text([area.left, height - 14], 'dashed: what was killed', 'fill="#666"'),
    '</svg>',
  ].join('\n')
}

/** The picture as PNG at `path`; false where there is no Chromium. */
export async function writePng(svg: string, path: string): Promise<boolean> {
  if (!existsSync(browserProgram)) return false
  const browser = await chromium.launch({
    executablePath: browserProgram,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  })
  try {
    const page = await browser.newPage({ viewport: { width, height } })
    await page.setContent(`<body style="margin:0">${svg}</body>`)
    await page.screenshot({ path })
  } finally {
    await browser.close()
  }
  return true
}
