import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { planDriver } from './scaffold/driver.ts'
import { planOperation } from './scaffold/operation.ts'
import { ScaffoldError, type ScaffoldPlan } from './scaffold/plan.ts'
import { planReconciler } from './scaffold/reconciler.ts'
import { planService } from './scaffold/service.ts'

/** `npm run new -- KIND …`: the files that every new thing of its kind begins with. See docs/howto. */
const usage = `usage: npm run new -- KIND …

  operation SERVICE NAME        npm run new -- operation sqs CreateQueue
  service ID OPERATION          npm run new -- service kms CreateKey
  reconciler ROOM NOUN          npm run new -- reconciler scale idle-groups
  driver CONTRACT TECHNOLOGY    npm run new -- driver compute/driver.ts lxc
`

const root = process.env['SCAFFOLD_ROOT'] ?? new URL('..', import.meta.url).pathname

function read(path: string): string | undefined {
  const file = join(root, path)
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}

function planOf([kind, first, second, ...rest]: readonly string[]): ScaffoldPlan | undefined {
  if (first === undefined || second === undefined || rest.length > 0) return undefined
  switch (kind) {
    case 'operation':
      return planOperation(read, { service: first, operation: second })
    case 'service':
      return planService(read, { service: first, operation: second })
    case 'reconciler':
      return planReconciler(read, { room: first, noun: second })
    case 'driver':
      return planDriver(read, { contract: first, technology: second })
    case undefined:
    default:
      return undefined
  }
}

function write({ files, next }: ScaffoldPlan): void {
  for (const [path, text] of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
    process.stdout.write(`wrote ${path}\n`)
  }
  process.stdout.write(`\nnext:\n${next.map((line) => `- ${line}\n`).join('')}`)
}

try {
  const plan = planOf(process.argv.slice(2))
  if (plan) write(plan)
  else process.stderr.write(usage)
  process.exitCode = plan ? 0 : 2
} catch (thrown) {
  if (!(thrown instanceof ScaffoldError)) throw thrown
  process.stderr.write(`${thrown.message}\n`)
  process.exitCode = 1
}
