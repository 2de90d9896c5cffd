import type { Command } from './command.ts'
import { agent } from './commands/agent.ts'
import { deploy } from './commands/deploy.ts'
import { doctor } from './commands/doctor.ts'
import { down } from './commands/down.ts'
import { env } from './commands/env.ts'
import { exec } from './commands/exec.ts'
import { forward } from './commands/forward.ts'
import { image } from './commands/image.ts'
import { gameday } from './commands/gameday.ts'
import { launch } from './commands/launch.ts'
import { logs } from './commands/logs.ts'
import { stacks } from './commands/stacks.ts'
import { start } from './commands/start.ts'
import { status } from './commands/status.ts'
import { up } from './commands/up.ts'

/** Every command, in the order of `evenkeel help`. */
export const commands: readonly Command[] = [
  start,
  up,
  down,
  status,
  env,
  launch,
  stacks,
  deploy,
  logs,
  exec,
  forward,
  agent,
  image,
  gameday,
  doctor,
]
