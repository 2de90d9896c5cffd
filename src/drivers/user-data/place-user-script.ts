import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readCloudConfig } from './cloud-config.ts'
import { readUserData } from './read-parts.ts'

export interface PlacedUserData {
  readonly machineId: string
  readonly bytes: Buffer
  /** Where the machine's disk is, as we see it. */
  readonly disk: string
}

const cloud = '/var/lib/cloud'
const program = '/opt/evenkeel/bin/node /opt/evenkeel/app/src/drivers/user-data/main.ts'

/**
 * What runs user data that is no script, for a machine without a disk of its own: beside `script`, in a folder of its own.
 */
export function writeDiskless(script: string, bytes: Buffer, machineId: string): void {
  const folder = `${script}.parts`
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeFileSync(join(folder, 'user-data.txt'), bytes, { mode: 0o600 })
  const main = fileURLToPath(new URL('main.ts', import.meta.url))
  const words = `'${main}' first no-disk '${folder}' ${machineId}`
  writeFileSync(script, `#!/bin/sh\nexec "$EVENKEEL_NODE" ${words}\n`, { mode: 0o700 })
}

/** Gives a new disk its user data: a script as it is; anything else with what runs it, now and at every later boot. */
export function placeUserData({ machineId, bytes, disk }: PlacedUserData): void {
  const folder = join(disk, cloud, 'instance')
  mkdirSync(folder, { recursive: true, mode: 0o755 })
  const script = join(folder, 'user-script')
  if (isScript(bytes)) return writeFileSync(script, bytes, { mode: 0o700 })
  writeFileSync(join(folder, 'user-data.txt'), bytes, { mode: 0o600 })
  const words = `disk ${cloud}/instance ${machineId}`
  writeFileSync(script, `#!/bin/sh\nexec ${program} first ${words}\n`, { mode: 0o700 })
  const perBoot = join(disk, cloud, 'scripts/per-boot')
  mkdirSync(perBoot, { recursive: true, mode: 0o755 })
  const again = `#!/bin/sh\n[ -e ${cloud}/instance/boot-finished ] || exit 0\nexec ${program} again ${words}\n`
  writeFileSync(join(perBoot, '000-user-data'), again, { mode: 0o700 })
}

export function isScript(bytes: Buffer): boolean {
  return bytes.subarray(0, 2).toString('latin1') === '#!'
}

/** The name that cloud-config gives the machine, which only the host can set; undefined when it gives none. */
export function hostnameOf(userData: string | undefined): string | undefined {
  if (userData === undefined) return undefined
  const bytes = Buffer.from(userData, 'base64')
  if (isScript(bytes)) return undefined
  try {
    const configs = readUserData(bytes).filter((part) => part.type === 'cloud-config')
    const { hostname } = readCloudConfig(configs.map((part) => part.content.toString()))
    return hostname !== undefined && /^[A-Za-z0-9][A-Za-z0-9.-]{0,62}$/.test(hostname)
      ? hostname
      : undefined
  } catch {
    // What is broken in it is said on the machine's console.
    return undefined
  }
}
