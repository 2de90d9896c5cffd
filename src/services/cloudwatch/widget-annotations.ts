import type { HorizontalMark, VerticalMark } from '../../metrics/domain/picture/chart.ts'
import { invalidWidget } from './errors.ts'
import { Members } from './widget-members.ts'
import { widgetMoment } from './widget-time.ts'

const usualColour = '#d62728'
const marksMax = 100
const horizontalMembers = ['value', 'label', 'color', 'fill', 'visible', 'yAxis']

/** Lines and bands across a widget. A band is a pair: its second edge may have a label of its own, which is not shown. */
export function horizontalMarks(list: readonly unknown[]): readonly HorizontalMark[] {
  few(list, '/annotations/horizontal')
  return list.flatMap((item, index): readonly HorizontalMark[] => {
    const path = `/annotations/horizontal/${index}`
    const [first, second, ...more] = Array.isArray(item) ? (item as readonly unknown[]) : [item]
    if (more.length > 0) throw invalidWidget(path, 'should NOT have more than 2 items')
    const mark = new Members(first, path, horizontalMembers)
    const other = second === undefined ? undefined : new Members(second, path, horizontalMembers)
    if (mark.flag('visible') === false) return []
    return [
      {
        value: valueOf(mark),
        bandTo: other && valueOf(other),
        label: mark.text('label'),
        colour: mark.text('color') ?? usualColour,
        side: mark.oneOf('yAxis', ['left', 'right']) ?? 'left',
        fill: mark.oneOf('fill', ['above', 'below', 'none']) ?? 'none',
      },
    ]
  })
}

function valueOf(mark: Members): number {
  const value = mark.number('value')
  if (value === undefined) throw invalidWidget(mark.path, "should have required property 'value'")
  return value
}

/** Moments. */
export function verticalMarks(list: readonly unknown[], now: number): readonly VerticalMark[] {
  few(list, '/annotations/vertical')
  return list.flatMap((item, index): readonly VerticalMark[] => {
    const path = `/annotations/vertical/${index}`
    const mark = new Members(item, path, ['value', 'label', 'color', 'fill', 'visible'])
    mark.oneOf('fill', ['none'])
    const value = mark.text('value')
    if (value === undefined) throw invalidWidget(path, "should have required property 'value'")
    if (mark.flag('visible') === false) return []
    const at = widgetMoment(value, `${path}/value`, now)
    return [{ at, label: mark.text('label'), colour: mark.text('color') ?? usualColour }]
  })
}

function few(list: readonly unknown[], path: string): void {
  if (list.length > marksMax)
    throw invalidWidget(path, `should NOT have more than ${marksMax} items`)
}
