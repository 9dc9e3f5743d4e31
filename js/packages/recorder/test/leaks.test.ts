import { describe, expect, test } from 'vitest';
import { hasBrowser } from './support/browser.ts';
import { NO_TRACES, html, htmlWith } from './support/harness.ts';
import { useLeaks } from './support/leaks.ts';

/** Each test puts the word "leak", with a number, where it must not leave the page from, and looks for it in all that was sent. */
describe.runIf(hasBrowser())('what must not leave the browser', () => {
  const { h, leaks, again } = useLeaks();

  test('what is written into editable elements, also in frames and after an unmask of another', async () => {
    h.server.pages['/'] = html(
      `<div id=a contenteditable>start</div><div id=b contenteditable=plaintext-only></div><div id=c contenteditable=TRUE><p>leak-1</p></div>
      <div id=d contenteditable=false>shown-1</div><div id=e contenteditable class=open>shown-2</div><iframe id=f></iframe>`,
      'data-unmask-input-selector=".open"',
    );
    await h.open();
    for (const id of ['a', 'b', 'c']) {
      await h.page.click(`#${id}`);
      await h.page.keyboard.type(`leak-typed-${id}`);
    }
    await h.page.evaluate(() => {
      const frame = document.getElementById('f') as HTMLIFrameElement;
      frame.contentDocument!.designMode = 'on';
      frame.contentDocument!.body.innerHTML = '<p>leak-design</p>';
    });
    await h.said('typed');
    await again();
    await h.said('end');
    expect(h.allText()).toContain('shown-1');
    expect(h.allText()).toContain('shown-2');
    expect(leaks()).toEqual([]);
  });

  test('text, attributes and fields in a shadow root whose host, or what it is in, is private or left out', async () => {
    h.server.pages['/'] = html(
      '<div data-sr-mask><x-a></x-a></div><x-a data-sr-mask></x-a><x-a data-sr-block id=left></x-a><div data-sr-block><x-a></x-a></div><x-a class=late></x-a><p>shown</p>',
    );
    await h.page.addInitScript(() => {
      customElements.define(
        'x-a',
        class extends HTMLElement {
          connectedCallback(): void {
            this.attachShadow({ mode: 'open' }).innerHTML =
              '<p title="leak-1">leak-2</p><input type=radio name=r value=leak-3><input value="leak-4"><slot></slot>';
          }
        },
      );
    });
    await h.open();
    await h.page.evaluate(() => document.querySelector('.late')!.setAttribute('data-sr-mask', ''));
    // The first snapshot has what was not marked yet; from here on nothing of it may come.
    await h.server.until(() => h.server.batches.some((b) => b.dom.some((e) => e.type === 2)), 'the snapshot');
    h.server.batches.length = 0;
    await h.page.evaluate(async () => {
      for (const host of document.querySelectorAll('x-a')) {
        const root = host.shadowRoot!;
        root.querySelector('p')!.firstChild!.nodeValue = 'leak-5';
        root.querySelector('p')!.setAttribute('title', 'leak-6');
        root.append(Object.assign(document.createElement('i'), { textContent: 'leak-7', title: 'leak-8' }));
        (root.querySelector('[type=radio]') as HTMLInputElement).click();
      }
      const late = Object.assign(document.createElement('x-a'), { textContent: 'leak-9' });
      late.setAttribute('data-sr-mask', '');
      document.body.append(late);
      await new Promise((resolve) => setTimeout(resolve, 50));
      late.shadowRoot!.append('leak-10');
    });
    await h.said('changed');
    await again();
    await h.said('end');
    expect(h.allText()).toContain('shown');
    expect(leaks()).toEqual([]);
    expect(h.server.batches.flatMap((b) => b.dom).some((e) => e.type === 3 && e.data['source'] === 5 && e.data['isChecked'] === true)).toBe(
      false,
    );
  });

  test('frames: what is in private and left-out ones, their srcdoc, and fields in them', async () => {
    h.server.pages['/inner'] = '<!doctype html><body><p>leak-inner</p><input id=i value=leak-value><p id=t></p>';
    h.server.pages['/open'] = '<!doctype html><body><p>shown-inner</p><input id=i type=password><div data-sr-mask>leak-marked</div>';
    h.server.pages['/'] =
      html(`<iframe id=a data-sr-block src=/inner></iframe><div data-sr-block><iframe src=/inner></iframe></div><iframe id=b data-sr-mask src=/inner></iframe>
      <div data-sr-mask><iframe src=/inner></iframe></div><iframe id=c src=/open></iframe><iframe srcdoc="<input value='leak-srcdoc-1'>"></iframe><iframe sandbox srcdoc="<p>leak-srcdoc-2</p>"></iframe>`);
    await h.open();
    await h.server.until(() => h.allText().includes('shown-inner'), 'the open frame');
    await h.page.evaluate(async () => {
      for (const id of ['a', 'b']) {
        const inner = (document.getElementById(id) as HTMLIFrameElement).contentDocument!;
        inner.getElementById('t')!.textContent = 'leak-changed';
        inner.getElementById('t')!.title = 'leak-title';
        inner.body.append(Object.assign(inner.createElement('p'), { textContent: 'leak-added' }));
      }
      document.body.append(Object.assign(document.createElement('iframe'), { srcdoc: '<input value="leak-srcdoc-3">' }));
      await new Promise((resolve) => setTimeout(resolve, 300));
    });
    await h.page.frameLocator('#c').locator('#i').fill('leak-password');
    await h.page.frameLocator('#a').locator('#i').fill('leak-typed');
    await h.said('changed');
    await again();
    // Frames are looked at in turns of their own.
    await h.page.waitForTimeout(500);
    await h.said('end');
    expect(leaks()).toEqual([]);
  });

  test('what changes in elements that were marked after they had been recorded', async () => {
    h.server.pages['/'] = html('<div id=a><p><b title=t>shown</b></p></div><div id=b><p><b title=t>shown</b></p></div>');
    await h.open();
    await h.server.until(() => h.server.batches.length > 0, 'the snapshot');
    await h.page.evaluate(async () => {
      document.getElementById('a')!.setAttribute('data-sr-block', '');
      document.getElementById('b')!.setAttribute('data-sr-mask', '');
      await new Promise((resolve) => setTimeout(resolve, 50));
      for (const deep of document.querySelectorAll('b')) {
        deep.firstChild!.nodeValue = 'leak-text';
        deep.title = 'leak-title';
        deep.append(Object.assign(document.createElement('i'), { textContent: 'leak-added' }));
      }
    });
    await h.said('end');
    expect(leaks()).toEqual([]);
  });

  test('the words in any attribute of private elements', async () => {
    h.server.pages['/'] =
      html(`<div data-sr-mask data-name="leak-1" aria-description="leak-2"><a href="mailto:leak-3@example.org" data-id=leak-4 download=leak-5>x</a>
      <button value=leak-6>x</button><time datetime=leak-7>x</time><select><option label=leak-8 value=leak-9>x</option></select>
      <input type=radio value=leak-10 checked><input type=checkbox id=box value=leak-11><table><td abbr=leak-12>x</td></table><svg><a xlink:href="tel:leak-13"><title>leak-14</title></a></svg></div>
      <p data-sr-mask data-state=open>x</p>`);
    await h.open();
    await h.page.check('#box');
    await h.page.evaluate(() => document.querySelector('[data-name]')!.setAttribute('data-name', 'leak-15'));
    await h.said('end');
    expect(h.allText()).toContain('"data-state":"open"');
    expect(leaks()).toEqual([]);
    const inputs = h.server.batches.flatMap((b) => b.dom).filter((e) => e.type === 3 && e.data['source'] === 5);
    expect(inputs.map((e) => e.data['isChecked'])).not.toContain(true);
    expect(h.allText()).not.toContain('"checked":');
  });

  test('recordings that are played in the page', async () => {
    h.server.pages['/'] = html(
      '<session-replay-list><p>leak-1</p></session-replay-list><session-replay-player></session-replay-player><p>shown-1</p>',
    );
    await h.open();
    await h.page.evaluate(() => {
      const root = document.querySelector('session-replay-player')!.attachShadow({ mode: 'open' });
      root.innerHTML = '<b>leak-2</b><button>leak-3</button><input value=leak-4>';
      root.querySelector('button')!.click();
      document.querySelector('session-replay-list')!.append('leak-5');
    });
    await again();
    await h.said('end');
    expect(leaks()).toEqual([]);
    expect(h.allText()).toContain('shown-1');
  });

  test('addresses: names and passwords before the host, and parameters that are named like a secret', async () => {
    h.server.pages['/'] = html('<p>x</p>');
    await h.open('/?q=shown-1&user%5Bpassword%5D=leak-1&otp=leak-2#card_number=leak-3');
    await h.page.evaluate(async () => {
      await new Promise((resolve) => {
        const xhr = new XMLHttpRequest();
        xhr.open('GET', `http://ann:leak-4@${location.host}/x.json?passwd=leak-5&footprint=shown-2`);
        xhr.onloadend = resolve;
        xhr.send();
      });
      history.pushState({}, '', '/?cvc=leak-6');
    });
    await h.said('end');
    expect(h.allText()).toContain('shown-1');
    expect(h.allText()).toContain('footprint=shown-2');
    expect(leaks()).toEqual([]);
  });

  test('titles, where all text or the title is masked', async () => {
    h.server.pages['/'] = html('<p>x</p>', 'data-mask-all-text').replace('<title>T', '<title>leak-1');
    h.server.pages['/marked'] = html('<p>x</p>').replace('<title>T', '<title data-sr-mask>leak-2');
    await h.open();
    await h.said('first');
    await h.open('/marked');
    await h.page.evaluate(() => {
      document.title = 'leak-3';
      history.pushState({}, '', '/marked?2');
    });
    await h.said('second');
    expect(leaks()).toEqual([]);
  });

  test('the names and classes of what is left out', async () => {
    h.server.pages['/'] = html('<div data-sr-block id=outer><button id=leak-1 class=leak-2>leak-3</button></div><x-a></x-a>');
    await h.open();
    for (let i = 0; i < 4; i++) {
      await h.page.evaluate(() => document.querySelector<HTMLElement>('#outer button')!.click());
    }
    await h.said('end');
    expect(h.server.events.find((e) => e.interaction)!.interaction).toMatchObject({ target: 'div#outer', text: '' });
    expect(leaks()).toEqual([]);
  });

  test.each(["maskSelector: '.own['", "maskSelector: '.own:not(.x'", "blockSelector: '['", "unmaskInputSelector: ':is('"])(
    'with a selector that is none nothing is recorded at all: %s', async (options) => {
      h.server.pages['/'] = htmlWith(options, '<p data-sr-mask>leak-1</p>');
      await h.open();
      expect((await h.failures())[0]).toContain('options: ');
      expect(await h.traces()).toEqual(NO_TRACES);
      await h.nextPage();
      expect(leaks()).toEqual([]);
    });
});
