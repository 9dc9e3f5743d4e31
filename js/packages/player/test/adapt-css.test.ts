import { expect, test } from 'vitest';
import { adaptCss } from '../src/replay/adapt-css.ts';

test.each([
  ['img[src]{color:red}', 'img:is([src],[data-sr-src]){color:red}'],
  [
    'img[src$=".png"] > a, [ DATA ~= x i]{}',
    'img:is([src$=".png"],[data-sr-src$=".png"]) > a, :is([ DATA ~= x i],[ data-sr-data ~= x i]){}',
  ],
  ['@media print{.a{color:red}object[data]{top:0}}', '@media print{.a{color:red}object:is([data],[data-sr-data]){top:0}}'],
  ['body[background]:not([poster]){}', 'body:is([background],[data-sr-background]):not(:is([poster],[data-sr-poster])){}'],
  ['a[href]{color:red}', 'a:is([href]:where(:not([data-sr-href])),[data-sr-href]){color:red}'],
  ['a[href^="https:" i]{}', 'a:is([href^="https:" i]:where(:not([data-sr-href])),[data-sr-href^="https:" i]){}'],
  ['x-a:not(:defined){} b:DEFINED > i{}', 'x-a:not(:not([data-sr-undefined])){} b:not([data-sr-undefined]) > i{}'],
  ['a{&[src]{color:red}}', 'a{&:is([src],[data-sr-src]){color:red}}'],
  ['a:hover{color:red} b:not(:Hover)>i,u{}', 'a:is(:hover,.\\:hover){color:red} b:not(:is(:Hover,.\\:hover))>i,u{}'],
  ['li::before,a:hover i{}p::part(x) b:hover{}', 'li::before,a:is(:hover,.\\:hover) i{}p::part(x) b:is(:hover,.\\:hover){}'],
  ['a{&:hover{color:red}}', 'a{&:is(:hover,.\\:hover){color:red}}'],
  ['@media (min-device-width:9px) and (max-device-height : 5em){a{}}', '@media (min-width:9px) and (max-height : 5em){a{}}'],
])('a selector of what a replay holds under another name matches it: %s', (css, expected) => {
  expect(adaptCss(css)).toBe(expected);
});

test.each([
  'a[rel],[data-x],[srcdoc],[data-src]{color:red}',
  'div{grid-template-columns:[src] 1fr [data] 2fr}',
  'p::after{content:"[src]{"}',
  '/* img[src]{ */p{color:red}',
  '[data-x="[src]"]{color:red}',
  ':defined-x,.a\\:defined,[data-x=":defined"]{color:red}',
  'a{b:defined;c:d}',
  'a\\[src\\]{color:red}',
  '::-webkit-scrollbar-thumb:hover{color:red}',
  '.a\\:hover,.hover,:hover-x,[title=":hover"]{color:red}',
  '/* a:hover{} */p::after{content:":hover{"}',
  '.min-device-width{top:0}a{--x:min-device-width}',
  'img[src',
  '"[src]{',
])('all else stays: %s', (css) => {
  expect(adaptCss(css)).toBe(css);
});

test.each(['[', ':hover', '::', '::a:hover', '@-device-width', '[src', '[src]', '"', '[src"', '/*', '\\', '[src]{', '[src\\']
)('takes linear time for %s again and again', (part) => {
  const time = (count: number): number => {
    const text = part.repeat(count);
    const start = performance.now();
    adaptCss(text);
    return performance.now() - start;
  };
  time(10_000);
  expect(time(60_000)).toBeLessThan(2000);
});
