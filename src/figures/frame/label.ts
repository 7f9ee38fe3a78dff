import { mainCode } from '../../grids/atlas/rows.ts';
import type { Frame } from './frame.ts';

/** What figures are about, in words: area, break-down, period, boundaries, campaign, and what is left out. */
export function labelOf(frame: Frame): string {
  const { within, by, from, to, boundaryDate, campaign, categories, origin, moment, timeZone } = frame;
  const local = (instant: Date) => localTime(instant, timeZone);
  const [name, code] = [within.name, mainCode(within.grid, moment.edition)];
  return [
    campaign && `${campaign.name} (${local(campaign.from)} to ${local(campaign.to)})`,
    `${name}${code === within.grid.id ? '' : ` (${code})`}${by ? ` by ${by.name}` : ''}`,
    `from ${local(from)} up to ${local(to)} ${timeZone}`,
    boundaryDate
      ? `by place, on the boundaries of ${local(boundaryDate)}, edition ${moment.edition}`
      : `by owner, in the tree of ${local(new Date(moment.asOf))}, edition ${moment.edition}`,
    categories.length > 0 && `only ${categories.join(', ')}`,
    origin && `only ${origin}`,
    isPartial(frame) && 'only matters that your areas have to do with',
  ]
    .filter(Boolean)
    .join('; ');
}

/** Whether there may be matters on the ground that the viewer does not see. */
export const isPartial = ({ areas, boundaryDate }: Frame): boolean => boundaryDate !== null && areas !== 'everywhere';

const formats = new Map<string, Intl.DateTimeFormat>();

function localTime(instant: Date, timeZone: string): string {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
    formats.set(timeZone, format);
  }
  return format.format(instant);
}
