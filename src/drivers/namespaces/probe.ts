import { accessSync, constants } from 'node:fs'
import { processLacks } from '../process/index.ts'
import type { UserMap } from './holder.ts'
import { unshareFlags } from './holder.ts'
import { limitsLacking } from './limits.ts'
import { runCommand } from './run-command.ts'

export interface ProbeResult {
  readonly driver: 'namespaces' | 'process'
  /** How users are mapped, when the driver is `namespaces`. */
  readonly userMap?: UserMap
  /** Sentences for a person: what is missing here, what that costs, what to do. */
  readonly lacks: readonly string[]
  /** Plain facts, `kernel: 6.18.1`. */
  readonly facts: Readonly<Record<string, string>>
}

const tools = ['unshare', 'nsenter', 'mount', 'umount', 'setpriv', 'ip', 'nft', 'findmnt', 'mkfifo']

/** Everything that a VPC and a machine need from the kernel, tried on things that vanish with the shell. */
const trial = [
  'mount -t tmpfs tmpfs /mnt',
  'cd /mnt && mkdir lower upper work root && mount -t tmpfs tmpfs upper && mkdir upper/u upper/w',
  'mount -t overlay -o lowerdir=lower,upperdir=upper/u,workdir=upper/w$MARK overlay root',
  ': > router && unshare --net=/mnt/router true',
  'nsenter --net=/mnt/router nft "add table inet t; add chain inet t c { type filter hook forward priority 0; policy drop; }"',
  'unshare --net ip link add eth0 type veth peer name m0 netns /mnt/router',
  'unshare --pid --fork --uts --ipc --kill-child setpriv --bounding-set=-all true',
].join(' && ')

/**
 * Which driver this machine can carry, found by doing it (some 50 ms). Changes nothing.
 */
export async function probeDriver(): Promise<ProbeResult> {
  const facts: Record<string, string> = {
    kernel: (await attempt('uname', ['-r'])).output,
    user: userWords(),
  }
  const missing = await missingTools()
  if (missing.length > 0) {
    const lack = `missing tools: ${missing.join(', ')} (Debian and Ubuntu: apt install util-linux iproute2 nftables)`
    return { driver: 'process', lacks: [lack, ...processLacks()], facts }
  }
  const maps: readonly UserMap[] = process.getuid?.() === 0 ? ['root'] : ['subordinate', 'single']
  const lacks: string[] = []
  for (const userMap of maps) {
    const { error } = await tryMap(userMap)
    facts[`namespaces (${userMap})`] = error ?? 'work'
    if (error === undefined)
      return { driver: 'namespaces', userMap, lacks: [...lacks, ...namespaceLacks(userMap)], facts }
    lacks.push(`namespaces (${userMap} user map) do not work here: ${error}${hint(error)}`)
  }
  return { driver: 'process', lacks: [...lacks, ...processLacks()], facts }
}

function namespaceLacks(userMap: UserMap): readonly string[] {
  const lacks = limitsLacking().map(
    (c) => `limits of ${c} are not enforced: no writable ${c} control group`,
  )
  if (userMap === 'root')
    return [
      ...lacks,
      'machines open no connections to the outside: that would take forwarding and translation on this machine, which stay as they are',
    ]
  lacks.push(
    "public addresses do not answer from this machine's own network, and machines open no connections to the outside (both need root for the first)",
  )
  if (userMap === 'single')
    lacks.push(
      'only one user id inside machines (no newuidmap, or no entry in /etc/subuid): `su`, runas and chown to other users fail',
    )
  return lacks
}

async function tryMap(userMap: UserMap): Promise<{ error?: string }> {
  const mark = userMap === 'root' ? '' : ',userxattr'
  const flags = [...unshareFlags(userMap), '--propagation', 'private']
  const { error } = await attempt('unshare', [...flags, 'sh', '-c', `MARK=${mark}; ${trial}`])
  return error === undefined ? {} : { error }
}

async function missingTools(): Promise<readonly string[]> {
  const script = 'for tool; do command -v "$tool" >/dev/null || echo "$tool"; done'
  const { output } = await attempt('sh', ['-c', script, 'sh', ...tools])
  return output.split('\n').filter((name) => name !== '')
}

async function attempt(
  command: string,
  args: readonly string[],
): Promise<{ output: string; error?: string }> {
  try {
    return { output: (await runCommand(command, args)).trim() }
  } catch (thrown) {
    const words = thrown instanceof Error ? thrown.message : String(thrown)
    const asked = `${[command, ...args].join(' ')}: `
    return { output: '', error: words.startsWith(asked) ? words.slice(asked.length) : words }
  }
}

function hint(error: string): string {
  if (!/not permitted|denied/i.test(error)) return ''
  if (isThere('/proc/sys/kernel/apparmor_restrict_unprivileged_userns'))
    return ' (AppArmor may forbid user namespaces: sysctl kernel.apparmor_restrict_unprivileged_userns=0)'
  return ' (a container without --privileged, or its seccomp profile, forbids them)'
}

function isThere(path: string): boolean {
  try {
    accessSync(path, constants.F_OK)
    return true
  } catch {
    return false
  }
}

function userWords(): string {
  const uid = process.getuid?.() ?? -1
  return uid === 0 ? 'root' : `ordinary user (uid ${uid})`
}
