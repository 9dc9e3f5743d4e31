/** How a measurement is judged. */
export type Rating = 'good' | 'needs improvement' | 'poor';

/** A web vital: up to the first threshold it is good, above the second poor. Units: ms, none for CLS. */
export interface Vital {
  name: string;
  title: string;
  thresholds: [good: number, poor: number];
  /** Where the thresholds are from. */
  source: string;
}

/** The web vitals with the thresholds that web.dev gives for them. */
export const VITALS: readonly Vital[] = [
  {
    name: 'LCP',
    title: 'Largest contentful paint',
    thresholds: [2500, 4000],
    source: 'https://web.dev/articles/lcp#what_is_a_good_lcp_score',
  },
  {
    name: 'INP',
    title: 'Interaction to next paint',
    thresholds: [200, 500],
    source: 'https://web.dev/articles/inp#what_is_a_good_inp_score',
  },
  {
    name: 'CLS',
    title: 'Cumulative layout shift',
    thresholds: [0.1, 0.25],
    source: 'https://web.dev/articles/cls#what_is_a_good_cls_score',
  },
  {
    name: 'FCP',
    title: 'First contentful paint',
    thresholds: [1800, 3000],
    source: 'https://web.dev/articles/fcp#what_is_a_good_fcp_score',
  },
  { name: 'TTFB', title: 'Time to first byte', thresholds: [800, 1800], source: 'https://web.dev/articles/ttfb#what_is_a_good_ttfb_score' },
];

/** Judges a measurement. */
export function rate(vital: Vital, value: number): Rating {
  return value <= vital.thresholds[0] ? 'good' : value <= vital.thresholds[1] ? 'needs improvement' : 'poor';
}

/** Writes a measurement with its unit. */
export function formatVital(vital: Vital, value: number): string {
  return vital.name === 'CLS'
    ? String(Math.round(value * 1000) / 1000)
    : value >= 1000
      ? `${Math.round(value / 10) / 100} s`
      : `${Math.round(value)} ms`;
}
