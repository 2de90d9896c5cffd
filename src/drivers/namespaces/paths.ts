import { join } from 'node:path'
import { createHash } from 'node:crypto'

/** The holder's tmpfs: seen only inside it. Short and without odd characters, because mount options and veth peers name it. */
export function workspacePath(runDirectory: string): string {
  return join(runDirectory, 'work')
}

/** The file that a VPC's network namespace is bound to. */
export function networkNamespacePath(runDirectory: string, networkId: string): string {
  return join(workspacePath(runDirectory), 'net', networkId)
}

/** A kernel interface name (15 characters at most) that stands for an id of ours: `m` and ten digits. */
export function deviceName(prefix: string, id: string): string {
  return prefix + createHash('sha256').update(id).digest('hex').slice(0, 10)
}
