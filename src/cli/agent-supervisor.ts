import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { CommandFailure } from './command.ts'

const agentProgram = new URL('../agent/on-premises/main.ts', import.meta.url).pathname
const pauseMilliseconds = { first: 200, most: 5000 } as const
/** An agent that ran for so long begins anew at once when it dies. */
const steadyMilliseconds = 10_000

/**
 * Keeps the agent running until this process is asked to end: a hook that kills its agent finds another one, which picks the hook up.
 * Resolves to the exit code of an agent that was asked to end.
 */
export async function superviseAgent(folder: string, root: string): Promise<number> {
  for (const file of ['codedeployagent.yml', 'codedeploy.onpremises.yml']) {
    if (existsSync(join(folder, file))) continue
    const advice = "'evenkeel agent register NAME --config-dir DIR' writes it"
    throw new CommandFailure(`${folder} holds no ${file}; ${advice}`)
  }
  let child: ChildProcess | undefined
  let isEnding = false
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      isEnding = true
      child?.kill('SIGTERM')
    })
  }
  let pause: number = pauseMilliseconds.first
  for (;;) {
    const begun = Date.now()
    child = spawn(process.execPath, [agentProgram, folder, root], { stdio: 'inherit' })
    const code = await ended(child)
    if (isEnding) return code ?? 0
    const isSteady = Date.now() - begun >= steadyMilliseconds
    pause = isSteady ? pauseMilliseconds.first : Math.min(pauseMilliseconds.most, pause * 2)
    await sleep(pause)
    if (isEnding) return 0
  }
}

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => resolve(code))
  })
}
