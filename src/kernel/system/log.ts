import type { Log, LogLevel } from '../ports.ts'

const order: Record<LogLevel, number> = { debug: 0, info: 1, warn: 2, error: 3 }

/** One JSON object a line on standard error: `{"at":…,"level":…,"process":…,"message":…}`. */
export function lineLog(processName: string, least: LogLevel = 'info'): Log {
  return {
    write(level, message, fields) {
      if (order[level] < order[least]) return
      const at = new Date().toISOString()
      process.stderr.write(
        `${JSON.stringify({ at, level, process: processName, message, ...fields })}\n`,
      )
    },
  }
}
