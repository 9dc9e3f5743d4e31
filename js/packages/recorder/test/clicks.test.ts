import { describe, expect, test } from 'vitest';
import { hasBrowser } from './support/browser.ts';
import { html, useHarness } from './support/harness.ts';

describe.runIf(hasBrowser())('rage clicks are clicks that do nothing', () => {
  const h = useHarness();
  const rage = () => h.server.events.filter((e) => e.interaction?.type === 'rage_click').map((e) => e.interaction!);
  const open = async (body: string): Promise<void> => {
    h.server.pages['/'] = html(body);
    await h.open();
    await h.server.until(() => h.server.batches.length > 0, 'the snapshot');
  };
  const decided = async (): Promise<void> => {
    await h.page.waitForTimeout(500);
    await h.said('end');
  };

  test.each([
    ['a paragraph that is selected with three clicks', '<p id=t style="width:200px">a paragraph of several words</p>', 3],
    ['a word that is selected with two, then the paragraph', '<div id=t style="width:200px">a paragraph of several words</div>', 4],
    ['a counter', '<button id=t onclick="n.textContent = +n.textContent + 1">+</button><b id=n>0</b>', 5],
    ['a stepper of a field', '<button id=t onclick="f.value = +f.value + 1">+</button><input id=f value=0>', 6],
    [
      'a carousel that moves by a style',
      '<button id=t onclick="c.style.left = ++at + \'px\'">next</button><div id=c></div><script>let at = 0</script>',
      5,
    ],
    [
      'a carousel that moves by a rule',
      "<style id=s>p{left:0}</style><button id=t onclick=\"s.sheet.cssRules[0].style.setProperty('left', ++at + 'px')\">next</button><script>let at = 0</script>",
      5,
    ],
    ['what answers after a while', '<button id=t onclick="setTimeout(() => n.append(1), 60)">+</button><b id=n></b>', 5],
    ['a box that is ticked again and again', '<input id=t type=checkbox>', 5],
    ['a field of a number', '<input id=t type=number>', 5],
    ['a canvas', '<canvas id=t></canvas>', 6],
    [
      'what scrolls',
      '<div id=d style="height:50px;overflow:auto"><p style="height:2000px">x</p></div><button id=t onclick="d.scrollTop += 20">more</button>',
      5,
    ],
    ['what opens and closes', '<details><summary id=t>more</summary>text</details>', 5],
  ])('no rage: %s', async (_, body, count) => {
    await open(body);
    await h.page.locator('#t').click({ clickCount: count, delay: 20 });
    await decided();
    expect(rage()).toEqual([]);
  });

  test('on one thing after the other: each is decided when the next begins', async () => {
    await open('<button id=a>a</button><button id=b><i>b</i> b</button><p id=c>c</p>');
    await h.page.evaluate(() => {
      for (const id of ['a', 'b', 'c']) {
        for (let i = 0; i < 4; i++) {
          (document.querySelector(i % 2 ? `#${id} > i` : `#${id}`) ?? document.getElementById(id)!).dispatchEvent(
            new MouseEvent('click', { bubbles: true }),
          );
        }
      }
    });
    await decided();
    expect(rage().map(({ target, count }) => `${target} ${count}`)).toEqual(['button#a 4', 'button#b 4', 'p#c 4']);
  });

  test.each([
    ['a button that does nothing', '<button id=t>buy</button>', 3],
    ['a text that is taken for a button', '<p id=t style="width:200px">a paragraph of several words</p>', 8],
    [
      'a button that has done something once',
      '<button id=t onclick="if (!window.done) { window.done = true; n.append(1); }">+</button><b id=n></b>',
      5,
    ],
  ])('rage: %s', async (_, body, count) => {
    await open(body);
    await h.page.locator('#t').click({ clickCount: count });
    await decided();
    expect(rage()).toHaveLength(1);
    expect(rage()[0]!.count).toBeGreaterThanOrEqual(3);
  });
});
