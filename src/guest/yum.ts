import { ensureInstalled } from './init/packages.ts'
import { machineContext, ToolFailure } from './machine-context.ts'

/** Verbs that have nothing to do where no repository is known. */
const idle = new Set(['update', 'upgrade', 'clean', 'makecache', 'check-update', 'repolist'])

/** `yum -y install NAME…`: succeeds for what is there, and says what is not. */
export async function yum(
  words: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<number> {
  const [verb = '', ...names] = words.filter((word) => !word.startsWith('-'))
  const machine = machineContext(environment, { logFile: '/var/log/yum.log' })
  if (idle.has(verb)) {
    process.stdout.write('No packages marked for update\n')
    return 0
  }
  if (!/^(install|localinstall|reinstall)$/.test(verb) || names.length === 0) {
    throw new ToolFailure(
      `yum ${words.join(' ')}: only install, update and clean are supported here`,
    )
  }
  for (const name of names) {
    const isNew = ensureInstalled(machine, name)
    process.stdout.write(isNew ? `Installed: ${name}\n` : `Package ${name} already installed\n`)
  }
  return 0
}
