import { cfnGetMetadata } from './cfn-get-metadata.ts'
import { cfnHup } from './cfn-hup.ts'
import { cfnInit } from './cfn-init.ts'
import { cfnSignal } from './cfn-signal.ts'
import { httpd } from './httpd/httpd.ts'
import { ToolFailure } from './machine-context.ts'
import { power } from './power/power-commands.ts'
import { chkconfig, service, systemctl } from './services/service-commands.ts'
import { yum } from './yum.ts'

type Tool = (words: readonly string[], environment: NodeJS.ProcessEnv) => Promise<number>

const tools: Readonly<Record<string, Tool>> = {
  'cfn-get-metadata': cfnGetMetadata,
  'cfn-hup': cfnHup,
  'cfn-init': cfnInit,
  'cfn-signal': cfnSignal,
  chkconfig,
  dnf: yum,
  halt: (words) => power('halt', words),
  httpd,
  poweroff: (words) => power('poweroff', words),
  reboot: (words) => power('reboot', words),
  service,
  shutdown: (words) => power('shutdown', words),
  systemctl,
  yum,
}

const [name = '', ...words] = process.argv.slice(2)
try {
  const tool = tools[name]
  if (!tool) throw new ToolFailure(`there is no tool ${name}`)
  process.exitCode = await tool(words, process.env)
} catch (thrown) {
  if (!(thrown instanceof ToolFailure)) throw thrown
  process.stderr.write(`${thrown.message}\n`)
  process.exitCode = 1
}
