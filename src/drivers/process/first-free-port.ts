import { readFileSync } from 'node:fs'

/** CAP_NET_BIND_SERVICE, by its number in `linux/capability.h`. */
const bindService = 1n << 10n

/** The lowest port that this process may listen on. Being root does not settle it: a locked-down container takes the capability away. */
export function firstFreePort(): number {
  if (mayBindAny()) return 1
  try {
    return Number(readFileSync('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8'))
  } catch {
    return 1024
  }
}

function mayBindAny(): boolean {
  const status = readFileSync('/proc/self/status', 'utf8')
  const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'
  return (BigInt(`0x${effective}`) & bindService) !== 0n
}
