import { spawn } from 'node:child_process'
import { dataDirectoryOf } from '../admin.ts'
import type { Command } from '../command.ts'

const doctorProgram = new URL('../../server/doctor.ts', import.meta.url).pathname

/** Tries for real what this machine can do, and says what each missing thing costs. */
export const doctor: Command = {
  name: 'doctor',
  summary: 'tell what this machine can do, which driver that gives, and what is missing',
  usage: '[--json]',
  flags: {},
  async run(call) {
    const words = [
      doctorProgram,
      dataDirectoryOf(call),
      ...(call.switched('json') ? ['--json'] : []),
    ]
    const child = spawn(process.execPath, words, { stdio: 'inherit' })
    return new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)))
  },
}
