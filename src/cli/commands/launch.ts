import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { openAdmin, type Admin } from '../admin.ts'
import { CommandFailure, UsageError, type Command } from '../command.ts'
import { seconds, terminalScreen, type Screen } from '../screen.ts'

export interface StackOutput {
  readonly OutputKey: string
  readonly OutputValue: string
}

interface StackEvent {
  readonly EventId: string
  readonly LogicalResourceId: string
  readonly ResourceType: string
  readonly ResourceStatus: string
  readonly ResourceStatusReason?: string
}

interface DescribedStack {
  readonly StackStatus: string
  readonly StackStatusReason?: string
  readonly Outputs?: readonly StackOutput[]
}

export const launch: Command = {
  name: 'launch',
  summary: 'create a CloudFormation stack from a template file and follow it',
  usage: 'TEMPLATE [--stack-name NAME] [--parameter KEY=VALUE]…',
  flags: {
    'stack-name': { kind: 'text', help: "the stack's name", standard: "the file's name" },
    parameter: { kind: 'list', help: 'a parameter, KEY=VALUE; may be repeated' },
  },
  async run(call) {
    const [file] = call.positionals
    if (!file) throw new UsageError('launch needs a template file')
    const name =
      call.text('stack-name') ??
      basename(file)
        .replace(/\.[^.]+$/, '')
        .replace(/[^A-Za-z0-9-]+/g, '-')
    const parameters = call.list('parameter').map((pair) => {
      const at = pair.indexOf('=')
      if (at < 1) throw new UsageError(`--parameter is KEY=VALUE, not '${pair}'`)
      return { ParameterKey: pair.slice(0, at), ParameterValue: pair.slice(at + 1) }
    })
    const template = readTemplate(file)
    const screen = terminalScreen()
    const outputs = await launchStack(
      openAdmin(call),
      { name, template, parameters },
      call.switched('json') ? quiet : screen,
    )
    if (call.switched('json')) screen.line(JSON.stringify({ stackName: name, outputs }))
    else for (const output of outputs) screen.line(`  ${output.OutputKey} = ${output.OutputValue}`)
    return 0
  },
}

const quiet: Screen = { line() {}, status() {}, clear() {} }

function readTemplate(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (thrown) {
    throw new UsageError(
      `cannot read the template: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
    )
  }
}

/** Creates the stack and shows each event until it is complete. Fails with the first reasons when it is not. */
export async function launchStack(
  admin: Admin,
  stack: {
    name: string
    template: string
    parameters: readonly { ParameterKey: string; ParameterValue: string }[]
  },
  screen: Screen,
): Promise<readonly StackOutput[]> {
  const made = await admin.call<{ StackId: string }>('cloudformation', 'CreateStack', {
    StackName: stack.name,
    TemplateBody: stack.template,
    Parameters: stack.parameters,
    Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'],
  })
  return followCreation(admin, { name: stack.name, stackId: made.StackId }, screen)
}

/** Shows each event of a stack that is being created until it is complete. Fails with the first reasons when it is not. */
export async function followCreation(
  admin: Admin,
  { name, stackId }: { name: string; stackId: string },
  screen: Screen,
): Promise<readonly StackOutput[]> {
  const begun = Date.now()
  const shown = new Set<string>()
  const failures: string[] = []
  for (;;) {
    const described = await describe(admin, stackId)
    for (const event of await eventsOf(admin, stackId)) {
      if (shown.has(event.EventId)) continue
      shown.add(event.EventId)
      showEvent(screen, event, Date.now() - begun)
      if (event.ResourceStatus.endsWith('_FAILED')) {
        failures.push(
          `${event.LogicalResourceId}: ${event.ResourceStatusReason ?? event.ResourceStatus}`,
        )
      }
    }
    if (described.StackStatus === 'CREATE_COMPLETE') {
      screen.line(`stack ${name} is complete after ${seconds(Date.now() - begun)}`)
      return described.Outputs ?? []
    }
    if (!described.StackStatus.endsWith('_IN_PROGRESS')) {
      throw new CommandFailure(
        [`stack ${name} ended as ${described.StackStatus}`, ...failures.slice(0, 5)].join('\n  '),
      )
    }
    await new Promise((resolve) => setTimeout(resolve, 150))
  }
}

async function describe(admin: Admin, stackId: string): Promise<DescribedStack> {
  const answer = await admin.call<{ Stacks?: readonly DescribedStack[] }>(
    'cloudformation',
    'DescribeStacks',
    { StackName: stackId },
  )
  const [stack] = answer.Stacks ?? []
  if (!stack) throw new CommandFailure(`stack ${stackId} is gone`)
  return stack
}

async function eventsOf(admin: Admin, stackId: string): Promise<readonly StackEvent[]> {
  const answer = await admin.call<{ StackEvents?: readonly StackEvent[] }>(
    'cloudformation',
    'DescribeStackEvents',
    { StackName: stackId },
  )
  return (answer.StackEvents ?? []).toReversed()
}

function showEvent(screen: Screen, event: StackEvent, elapsed: number): void {
  const words = `${seconds(elapsed).padStart(7)}  ${event.ResourceStatus.padEnd(20)} ${event.LogicalResourceId} (${event.ResourceType})`
  if (event.ResourceStatus.endsWith('_IN_PROGRESS')) return screen.status(words)
  const reason = event.ResourceStatusReason ? `: ${event.ResourceStatusReason}` : ''
  screen.line(words + reason)
}
