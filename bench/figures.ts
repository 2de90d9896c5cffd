/** The middle of the values; of an even count, the lower of the two. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN
}

/** `share` 0.9 is the value that nine tenths stay under. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
}

export function row(label: string, ...cells: readonly string[]): void {
  process.stdout.write(`${label.padEnd(34)}${cells.map((cell) => cell.padStart(16)).join('')}\n`)
}
