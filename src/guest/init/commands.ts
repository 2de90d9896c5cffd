import { existsSync } from 'node:fs'
import { ToolFailure } from '../machine-context.ts'
import { isTrue, scalarText, sectionOf } from './config-sets.ts'
import { runProgram, type InitRun, type Program } from './init-run.ts'

/** Runs commands in the order of their names. Throws a `ToolFailure` naming the one that failed. */
export function applyCommands(run: InitRun, value: unknown): void {
  const commands = sectionOf(value, 'commands')
  for (const name of Object.keys(commands).toSorted())
    applyCommand(run, name, sectionOf(commands[name], name))
}

function applyCommand(
  { machine, changed }: InitRun,
  name: string,
  given: Readonly<Record<string, unknown>>,
): void {
  const around = {
    ...(typeof given['cwd'] === 'string' ? { cwd: machine.path(given['cwd']) } : {}),
    ...(given['env'] === undefined ? {} : { environment: environmentOf(given['env']) }),
  }
  const program = (command: unknown): Program => ({ command: wordsOf(name, command), ...around })
  if (given['test'] !== undefined && runProgram(machine, program(given['test'])).code !== 0) {
    machine.log(`command ${name}: its test says no`)
    return
  }
  const { code, output } = runProgram(machine, program(given['command']))
  if (code === 0) {
    machine.log(`command ${name} succeeded`)
    changed.commands.add(name)
    return
  }
  machine.log(`command ${name} failed (exit code ${code}): ${output.trim()}`, 'ERROR')
  if (isTrue(given['ignoreErrors'])) return
  throw new ToolFailure(`Command ${name} failed`)
}

/** The shell behind `/bin/sh` where AWS's samples were written: they say `==` and `((`. */
const shell = existsSync('/bin/bash') ? '/bin/bash' : '/bin/sh'

/** A text is the shell's; a list is a program and its words. */
function wordsOf(name: string, command: unknown): readonly string[] {
  if (typeof command === 'string') return [shell, '-c', command]
  if (Array.isArray(command) && command.length > 0) return command.map(scalarText)
  throw new ToolFailure(`command ${name} has no command`)
}

/** As AWS has it, what is given replaces the environment. */
function environmentOf(value: unknown): NodeJS.ProcessEnv {
  const entries = Object.entries(sectionOf(value, 'env'))
  return Object.fromEntries(entries.map(([name, text]) => [name, scalarText(text)]))
}
