import { text } from 'node:stream/consumers'
import { adopt, look, prepare, reuse } from './archive.ts'
import { attachHook } from './attach-hook.ts'
import { install } from './install.ts'
import type { InsideLine, InsideRequest } from './requests.ts'

function say(line: InsideLine): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

async function answer(request: InsideRequest): Promise<object> {
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
      return attachHook(request, (log) => say({ log }))
  }
}

try {
  say({ answer: await answer(JSON.parse(await text(process.stdin)) as InsideRequest) })
} catch (thrown) {
  say({ failure: thrown instanceof Error ? thrown.message : String(thrown) })
}
