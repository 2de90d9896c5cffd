import { execFileSync } from 'node:child_process'
import { chmodSync, lstatSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { AppspecPermission } from '../../protocol/appspec.ts'
import type { InstallPlan } from './install.ts'
import { machineRoot } from './layout.ts'

/** Sets owner, group and mode on what was installed, as the appspec says. Owners by the machine's own `chown`: it knows the names. */
export function applyPermissions(
  plan: InstallPlan,
  permissions: readonly AppspecPermission[],
): void {
  for (const permission of permissions) {
    const paths = matching(plan, permission)
    if (permission.mode !== undefined) {
      const mode = Number.parseInt(permission.mode, 8)
      for (const path of paths) {
        if (!lstatSync(path).isSymbolicLink()) chmodSync(path, mode)
      }
    }
    const group = permission.group === undefined ? '' : `:${ownRoot(permission.group, 'getgid')}`
    const owner = `${ownRoot(permission.owner ?? '', 'getuid')}${group}`
    if (owner !== '' && paths.length > 0) changeOwner(owner, paths)
  }
}

/** In a machine that is a folder, root is whoever runs it. */
function ownRoot(name: string, id: 'getuid' | 'getgid'): string {
  return name === 'root' && machineRoot !== '' ? String(process[id]?.() ?? name) : name
}

/** Arguments of one process have a bound. */
const pathsPerCall = 500

function changeOwner(owner: string, paths: readonly string[]): void {
  for (let start = 0; start < paths.length; start += pathsPerCall) {
    const some = paths.slice(start, start + pathsPerCall)
    try {
      execFileSync('chown', ['-h', owner, '--', ...some], { stdio: 'pipe' })
    } catch (thrown) {
      const said = (thrown as { stderr?: Buffer }).stderr?.toString().trim()
      throw new Error(`chown ${owner} failed: ${said ?? String(thrown)}`, { cause: thrown })
    }
  }
}

export function matching(plan: InstallPlan, permission: AppspecPermission): readonly string[] {
  const object = join(machineRoot, '/', permission.object).replace(/\/+$/, '')
  const isMeant = (path: string): boolean => {
    if (path === object) return true
    if (!path.startsWith(`${object}/`)) return false
    const rest = path.slice(object.length + 1)
    const isInReach = permission.pattern === '**' || glob(permission.pattern).test(rest)
    return isInReach && !permission.except.some((pattern) => glob(pattern).test(basename(path)))
  }
  const files = permission.type.includes('file') ? plan.files.map((file) => file.target) : []
  const folders = permission.type.includes('directory') ? plan.folders : []
  return [...files, ...folders.filter((folder) => folder !== object)].filter(isMeant)
}

/** `*` is any text within one name. */
function glob(pattern: string): RegExp {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('[^/]*')}$`)
}
