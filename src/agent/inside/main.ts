import { createInterface } from 'node:readline'
import { adopt, look, prepare, reuse } from './archive.ts'
import { attachHook } from './attach-hook.ts'
import { HookRunners } from './hook-runners.ts'
import { install } from './install.ts'
import type { InsideLine, InsideQuestion, InsideRequest } from './requests.ts'

function say(line: InsideLine): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

/** The first of them begins to start at once: it is ready when the first hook is to run. */
const runners = new HookRunners()

async function answer(request: InsideRequest, tell: (log: string) => void): Promise<object> {
  switch (request.verb) {
    case 'look':
      return look(request)
    case 'prepare':
      return prepare(request)
    case 'adopt':
      return adopt(request)
    case 'reuse':
      return reuse(request)
    case 'install':
      return install(request)
    case 'hook':
      return attachHook(request, runners, tell)
  }
}

async function serve({ id, request }: InsideQuestion): Promise<void> {
  try {
    say({ id, answer: await answer(request, (log) => say({ id, log })) })
  } catch (thrown) {
    say({ id, failure: thrown instanceof Error ? thrown.message : String(thrown) })
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  if (line !== '') void serve(JSON.parse(line) as InsideQuestion)
}
// Nobody listens any more. Hooks that run have runners of their own.
process.exit(0)
