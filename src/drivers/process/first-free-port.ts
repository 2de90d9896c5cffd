import { readFileSync } from 'node:fs'

/** The lowest port that this user may listen on. */
export function firstFreePort(): number {
  if (process.getuid?.() === 0) return 1
  try {
    return Number(readFileSync('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8'))
  } catch {
    return 1024
  }
}
