import type { HookTransition } from './hooks.ts'
import type { LaunchChoice, LaunchReason, Place, TakeOutReason } from './views.ts'

/** One thing to do. Data, so that a dry run, the log and a test print the same words. Each may be repeated. */
export type Step =
  | {
      readonly type: 'launch'
      readonly place: Place
      readonly why: LaunchReason
      /** Of a group of several types. */
      readonly choice?: LaunchChoice | undefined
      /** Of a group of several types: the member that leaves for it, once it serves. */
      readonly replaces?: string
    }
  | { readonly type: 'resume-launch'; readonly memberId: string }
  | { readonly type: 'draw'; readonly memberId: string; readonly why: LaunchReason }
  | { readonly type: 'start'; readonly memberId: string }
  | { readonly type: 'return'; readonly memberId: string }
  | { readonly type: 'stop'; readonly memberId: string }
  | {
      readonly type: 'enter-pool'
      readonly memberId: string
      readonly as: 'Warmed:Stopped' | 'Warmed:Running'
    }
  | { readonly type: 'bring-in'; readonly memberId: string }
  | {
      readonly type: 'begin-hooks'
      readonly memberId: string
      readonly transition: HookTransition
    }
  | { readonly type: 'expire-hooks'; readonly memberId: string }
  | { readonly type: 'set-aside'; readonly memberId: string }
  | { readonly type: 'mark-unhealthy'; readonly memberId: string; readonly why: TakeOutReason }
  | { readonly type: 'take-out'; readonly memberId: string; readonly why: TakeOutReason }
  | { readonly type: 'register'; readonly memberId: string; readonly targetGroupArn: string }
  | { readonly type: 'deregister'; readonly memberId: string; readonly targetGroupArn: string }
  | { readonly type: 'terminate'; readonly memberId: string }
  | { readonly type: 'finish'; readonly memberId: string }
  | { readonly type: 'settle' }
  | { readonly type: 'remove-pool' }
  | { readonly type: 'remove-group' }

/** For the log and for people. */
export function describeStep(step: Step): string {
  switch (step.type) {
    case 'launch':
      return `launch ${described(step.choice)}in ${step.place.subnetId ?? step.place.zone} (${step.why})`
    case 'resume-launch':
      return `launch ${step.memberId} again`
    case 'draw':
      return `draw ${step.memberId} from the warm pool (${step.why})`
    case 'start':
      return `start the instance of ${step.memberId}`
    case 'return':
      return `return ${step.memberId} to the warm pool`
    case 'stop':
      return `stop the instance of ${step.memberId}`
    case 'enter-pool':
      return `record ${step.memberId} as ${step.as}`
    case 'bring-in':
      return `bring ${step.memberId} into service`
    case 'begin-hooks':
      return `hold ${step.memberId} for the hooks of ${step.transition}`
    case 'expire-hooks':
      return `let the hooks of ${step.memberId} end by their default`
    case 'set-aside':
      return `set ${step.memberId} aside`
    case 'mark-unhealthy':
      return `mark ${step.memberId} unhealthy (${step.why})`
    case 'take-out':
      return `take ${step.memberId} out of service (${step.why})`
    case 'register':
      return `register ${step.memberId} in ${step.targetGroupArn}`
    case 'deregister':
      return `deregister ${step.memberId} from ${step.targetGroupArn}`
    case 'terminate':
      return `terminate the instance of ${step.memberId}`
    case 'finish':
      return `record that ${step.memberId} is gone`
    case 'settle':
      return 'record that the capacity is reached'
    case 'remove-pool':
      return 'remove the warm pool'
    case 'remove-group':
      return 'remove the group'
  }
}

function described(choice: LaunchChoice | undefined): string {
  return choice ? `${choice.instanceType ?? 'an instance'} ${choice.market} ` : ''
}
