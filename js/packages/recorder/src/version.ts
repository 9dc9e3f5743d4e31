/** The recorder's version; the build replaces the placeholder by the package's. */
declare const __VERSION__: string;
export const VERSION: string = typeof __VERSION__ === 'undefined' ? '0.0.0' : __VERSION__;
