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

/** A machine's `fstab`: all of its mounts, for one `mount -a`. `existing` are the names in `/proc` of this kernel. */
export function planMounts(plan: MountPlan, existing: ReadonlySet<string>): string {
  const { workspace } = plan
  const root = `${workspace}/root`
  const disk = `${workspace}/data/machines/${plan.machineId}`
  const bind = plan.isOrdinaryUser ? 'rbind' : 'bind'
  const mark = plan.isOrdinaryUser ? ',userxattr' : ''
  const upper = `lowerdir=${plan.imageLayer},upperdir=${disk}/upper,workdir=${disk}/work${mark}`
  const entries: (readonly [string, string, string, string])[] = [
    ['overlay', root, 'overlay', upper],
    ...plan.systemFolders.map((f) => [f, root + f, 'none', `${bind},ro`] as const),
    [`${workspace}/platform`, `${root}/opt/evenkeel`, 'none', 'rbind,ro'],
    ['proc', `${root}/proc`, 'proc', 'nosuid,nodev,noexec'],
    ['sysfs', `${root}/sys`, 'sysfs', 'ro,nosuid,nodev,noexec'],
    [`${workspace}/dev`, `${root}/dev`, 'none', 'rbind,ro'],
    ['devpts', `${root}/dev/pts`, 'devpts', 'newinstance,ptmxmode=0666,mode=620'],
    ['tmpfs', `${root}/dev/shm`, 'tmpfs', 'mode=1777,nosuid,nodev,size=64m'],
    ['tmpfs', `${root}/run`, 'tmpfs', 'mode=755,nosuid,nodev,size=64m'],
    ['tmpfs', `${root}/tmp`, 'tmpfs', 'mode=1777,nosuid,nodev,size=512m'],
    ...masked
      .filter((name) => existing.has(name))
      .map((name) => ['/dev/null', `${root}/proc/${name}`, 'none', 'bind'] as const),
    ...readOnly
      .filter((name) => existing.has(name))
      .map((name) => [`${root}/proc/${name}`, `${root}/proc/${name}`, 'none', 'bind,ro'] as const),
    // A slave of the mount that it is taken from: disks come and go in it while the machine runs.
    ...(plan.slot === undefined ? [] : [[plan.slot, `${root}/media`, 'none', 'rbind'] as const]),
    ...plan.shares.map(
      (share) =>
        [
          share.hostPath,
          root + share.machinePath,
          'none',
          `bind${share.writable ? '' : ',ro'}`,
        ] as const,
    ),
  ]
  return entries.map((entry) => `${entry.map(escaped).join(' ')} 0 0\n`).join('')
}

/** fstab's own way to write blanks. */
function escaped(text: string): string {
  return text.replaceAll('\\', '\\134').replaceAll(' ', '\\040').replaceAll('\t', '\\011')
}
