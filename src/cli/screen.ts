/** What a command shows: lines that stay, and on a terminal one line that changes. */
export interface Screen {
  /** A line that stays. */
  line(text: string): void
  /** The line that changes; nothing where output is not a terminal. */
  status(text: string): void
  /** Takes the changing line away. */
  clear(): void
}

export function terminalScreen(output: NodeJS.WriteStream = process.stdout): Screen {
  const live = output.isTTY === true
  let shown = false
  const clear = (): void => {
    if (shown) output.write('\r\x1b[2K')
    shown = false
  }
  return {
    line(text) {
      clear()
      output.write(`${text}\n`)
    },
    status(text) {
      if (!live) return
      const room = (output.columns ?? 80) - 1
      output.write(`\r\x1b[2K${text.slice(0, room)}`)
      shown = true
    },
    clear,
  }
}

/** `[#####.....] 5/10` */
export function bar(done: number, total: number, width = 24): string {
  const filled = total === 0 ? 0 : Math.round((done / total) * width)
  return `[${'#'.repeat(filled)}${'.'.repeat(width - filled)}] ${done}/${total}`
}

/** Seconds with one decimal. */
export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`
}
