/**
 * What a page needs once it has been read, or when it goes: the page loads it as a module after the first snapshot. Web vitals are kept by
 * the browser until they are asked for.
 */
export { onCLS, onFCP, onINP, onLCP, onTTFB } from 'web-vitals';
export { pack } from './transport/pack.ts';
