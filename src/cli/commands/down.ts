import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { dataDirectoryOf } from '../admin.ts'
import { CommandFailure, type Command } from '../command.ts'

const downProgram = new URL('../../server/down.ts', import.meta.url).pathname

/** Works on the data directory alone: also after the server was killed. */
export const down: Command = {
  name: 'down',
  summary: 'stop machines and processes cleanly and keep their state for the next up',
  usage: '[--data-dir DIR]',
  flags: {},
  async run(call) {
    const dataDirectory = dataDirectoryOf(call)
    if (!existsSync(join(dataDirectory, 'instance.json'))) {
      throw new CommandFailure(`no installation in ${dataDirectory}`)
    }
    const child = spawn(process.execPath, [downProgram, dataDirectory], { stdio: 'inherit' })
    return new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)))
  },
}
