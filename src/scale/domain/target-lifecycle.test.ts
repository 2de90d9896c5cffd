import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { targetLifecycleOf } from './target-lifecycle.ts'
import type { LifecycleState, WarmStage } from './views.ts'

describe('the target lifecycle state of a member', () => {
  const cases: readonly (readonly [LifecycleState, WarmStage | undefined, string])[] = [
    ['Pending', undefined, 'InService'],
    ['Pending', 'drawn', 'InService'],
    ['InService', undefined, 'InService'],
    ['EnteringStandby', undefined, 'Standby'],
    ['Standby', undefined, 'Standby'],
    ['Detaching', undefined, 'Detached'],
    ['Terminating', undefined, 'Terminated'],
    ['Terminating', 'leaving', 'Warmed:Terminated'],
    ['Warmed:Pending', undefined, 'Warmed:Stopped'],
    ['Warmed:Pending', 'returning', 'Warmed:Stopped'],
    ['Warmed:Stopped', undefined, 'Warmed:Stopped'],
  ]
  for (const [lifecycle, warm, target] of cases) {
    it(`is ${target} of one that is ${lifecycle}${warm ? ` and ${warm}` : ''}`, () => {
      assert.equal(targetLifecycleOf({ lifecycle, warm }, 'Stopped'), target)
    })
  }

  it('is Warmed:Running where the pool keeps machines running', () => {
    assert.equal(targetLifecycleOf({ lifecycle: 'Warmed:Pending' }, 'Running'), 'Warmed:Running')
  })
})
