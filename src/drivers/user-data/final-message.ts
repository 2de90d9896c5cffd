import { readFileSync } from 'node:fs'

/** cloud-init's `final_message`: `$UPTIME`, `${timestamp}` and the like stand for what is so now. */
export function finalMessage(
  text: string,
  facts: Readonly<Record<string, string>> = now(),
): string {
  return text.replaceAll(/\$(?:\{(\w+)\}|(\w+))/g, (whole, braced?: string, bare?: string) => {
    const name = (braced ?? bare ?? '').toLowerCase()
    return Object.hasOwn(facts, name) ? (facts[name] ?? whole) : whole
  })
}

function now(): Record<string, string> {
  return {
    uptime: machineUptime().toFixed(2),
    timestamp: new Date().toUTCString().replace('GMT', '+0000'),
    datasource: 'DataSourceEc2',
    version: 'of Evenkeel',
  }
}

/** Seconds since the machine's init began to run user data: `/proc/uptime` is the host's, and a first process may have waited for its machine. */
function machineUptime(): number {
  const ofHost = Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0])
  const stat = readFileSync(`/proc/${process.ppid}/stat`, 'utf8')
  // The 22nd field, in hundredths of a second; the name before it may hold blanks.
  const started = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19])
  return Math.max(0, ofHost - started / 100)
}
