export interface MountPlan {
  readonly workspace: string
  readonly machineId: string
  /** Layers of the image, uppermost first, as paths below the workspace. */
  readonly imageLayer: string
  /** Folders of the host machine that the image takes over as they are: `/usr`, and `/bin` and so on where those are no links. */
  readonly systemFolders: readonly string[]
  readonly shares: readonly { hostPath: string; machinePath: string; writable: boolean }[]
  /** The folder that it sees at `/media`. */
  readonly slot?: string
  /** An ordinary user may not separate the host machine's mounts from those below them, and marks files in another way. */
  readonly isOrdinaryUser: boolean
}

const masked = [
  'kcore',
  'keys',
  'sysrq-trigger',
  'timer_list',
  'latency_stats',
  'kmsg',
  'sched_debug',
]
const readOnly = ['sys', 'irq', 'bus', 'fs']

type Entry = readonly [source: string, target: string, type: string, options: string]

/** What every machine has of its own, mounted before it is known which machine it is. */
export const ownFolders = ['proc', 'sys', 'dev', 'run', 'tmp'] as const

/** Where a blank mounts them, in its own mount namespace. */
export const blankPath = (workspace: string): string => `${workspace}/blank`

/** A blank's `fstab`. `existing` are the names in `/proc` of this kernel. */
export function planBlankMounts(workspace: string, existing: ReadonlySet<string>): string {
  const blank = blankPath(workspace)
  return fstabOf([
    ['proc', `${blank}/proc`, 'proc', 'nosuid,nodev,noexec'],
    ['sysfs', `${blank}/sys`, 'sysfs', 'ro,nosuid,nodev,noexec'],
    [`${workspace}/dev`, `${blank}/dev`, 'none', 'rbind,ro'],
    ['devpts', `${blank}/dev/pts`, 'devpts', 'newinstance,ptmxmode=0666,mode=620'],
    ['tmpfs', `${blank}/dev/shm`, 'tmpfs', 'mode=1777,nosuid,nodev,size=64m'],
    ['tmpfs', `${blank}/run`, 'tmpfs', 'mode=755,nosuid,nodev,size=64m'],
    ['tmpfs', `${blank}/tmp`, 'tmpfs', 'mode=1777,nosuid,nodev,size=512m'],
    ...masked
      .filter((name) => existing.has(name))
      .map((name): Entry => ['/dev/null', `${blank}/proc/${name}`, 'none', 'bind']),
    ...readOnly
      .filter((name) => existing.has(name))
      .map((name): Entry => [`${blank}/proc/${name}`, `${blank}/proc/${name}`, 'none', 'bind,ro']),
  ])
}

/** A machine's `fstab`: the rest of its mounts, for one `mount -a`. */
export function planMounts(plan: MountPlan): string {
  const { workspace } = plan
  const root = `${workspace}/root`
  const disk = `${workspace}/data/machines/${plan.machineId}`
  const bind = plan.isOrdinaryUser ? 'rbind' : 'bind'
  const mark = plan.isOrdinaryUser ? ',userxattr' : ''
  const upper = `lowerdir=${plan.imageLayer},upperdir=${disk}/upper,workdir=${disk}/work${mark}`
  return fstabOf([
    ['overlay', root, 'overlay', upper],
    ...plan.systemFolders.map((f): Entry => [f, root + f, 'none', `${bind},ro`]),
    [`${workspace}/platform`, `${root}/opt/evenkeel`, 'none', 'rbind,ro'],
    ...ownFolders.map((name): Entry => [
      `${blankPath(workspace)}/${name}`,
      `${root}/${name}`,
      'none',
      'rbind',
    ]),
    // A slave of the mount that it is taken from: disks come and go in it while the machine runs.
    ...(plan.slot === undefined ? [] : [[plan.slot, `${root}/media`, 'none', 'rbind'] as const]),
    ...plan.shares.map((share): Entry => [
      share.hostPath,
      root + share.machinePath,
      'none',
      `bind${share.writable ? '' : ',ro'}`,
    ]),
  ])
}

function fstabOf(entries: readonly Entry[]): string {
  return entries.map((entry) => `${entry.map(escaped).join(' ')} 0 0\n`).join('')
}

/** fstab's own way to write blanks. */
function escaped(text: string): string {
  return text.replaceAll('\\', '\\134').replaceAll(' ', '\\040').replaceAll('\t', '\\011')
}
