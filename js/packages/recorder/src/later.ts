/**
 * What only a page that is recorded needs: it loads this as a module while it asks the server for the settings, and begins to record when
 * both are there.
 */
export { onCLS, onFCP, onINP, onLCP, onTTFB } from 'web-vitals';
export { pack } from './transport/pack.ts';
