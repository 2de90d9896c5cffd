import { readFileSync } from 'node:fs'
import { commands } from './commands.ts'
import { CommandFailure, helpOf, parseCall, UsageError } from './command.ts'

/** The program's own help: a line for each command. */
function overview(): string {
  const width = Math.max(...commands.map((command) => command.name.length)) + 2
  return [
    'evenkeel: a highly available website on machines you own, driven by AWS APIs',
    '',
    ...commands.map((command) => `  ${command.name.padEnd(width)}${command.summary}`),
    '',
    "'evenkeel COMMAND --help' tells more, 'evenkeel --version' which one this is. Every flag is also an EVENKEEL_* variable.",
    '',
  ].join('\n')
}

function packageVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}

async function main(words: readonly string[]): Promise<number> {
  const [name, ...rest] = words
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    process.stdout.write(overview())
    return name === undefined ? 2 : 0
  }
  if (name === '--version' || name === 'version') {
    process.stdout.write(`${packageVersion()}\n`)
    return 0
  }
  const command = commands.find((candidate) => candidate.name === name)
  if (!command) throw new UsageError(`no command '${name}'; 'evenkeel help' lists them`)
  const call = parseCall(command, rest, process.env)
  if (call.switched('help')) {
    process.stdout.write(helpOf(command))
    return 0
  }
  return command.run(call)
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (thrown) {
  if (thrown instanceof UsageError || thrown instanceof CommandFailure) {
    process.stderr.write(`evenkeel: ${thrown.message}\n`)
    process.exitCode = thrown instanceof UsageError ? 2 : 1
  } else {
    throw thrown
  }
}
