import { execFileSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'

/** What a machine's first process needs, and a little to look around with. */
const programs = ['sh', 'setpriv', 'umount', 'getent', 'cat', 'ls', 'sleep', 'tail', 'tee']

/** The smallest root file system that a machine starts from: programs of this machine with the libraries that they load. */
export function makeRootTree(folder: string): void {
  mkdirSync(join(folder, 'usr/bin'), { recursive: true })
  symlinkSync('usr/bin', join(folder, 'bin'))
  mkdirSync(join(folder, 'etc'))
  writeFileSync(join(folder, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n')
  for (const name of programs) {
    const path = realpathSync(execFileSync('which', [name], { encoding: 'utf8' }).trim())
    copyFileSync(path, join(folder, 'usr/bin', name))
    for (const [library] of execFileSync('ldd', [path], { encoding: 'utf8' }).matchAll(/\/\S+/g)) {
      const target = join(folder, library)
      mkdirSync(dirname(target), { recursive: true })
      if (!existsSync(target)) copyFileSync(library, target)
    }
  }
}
