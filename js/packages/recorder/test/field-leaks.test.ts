import { describe, expect, test } from 'vitest';
import { hasBrowser } from './support/browser.ts';
import { html } from './support/harness.ts';
import { useLeaks } from './support/leaks.ts';

/** Each test puts the word "leak", with a number, where it must not leave the page from, and looks for it in all that was sent. */
describe.runIf(hasBrowser())('what is typed and chosen must not leave the browser', () => {
  const { h, leaks, again } = useLeaks();

  test('values of fields that pages and components copy into attributes, and the contents of meta elements', async () => {
    h.server.pages['/'] = html(
      '<meta name=csrf-token content=leak-1><meta name=viewport content="width=device-width"><x-field value=leak-2></x-field><div id=grow data-replicated-value=leak-3></div>'
        + '<input type=range aria-valuetext=leak-4><select id=s><option>a<option value=b selected>b</select>',
    );
    await h.open();
    await h.page.evaluate(() => {
      document.querySelector('x-field')!.setAttribute('value', 'leak-5');
      document.getElementById('grow')!.dataset['replicatedValue'] = 'leak-6';
      document.querySelectorAll('option')[0]!.setAttribute('selected', '');
    });
    await h.said('end');
    expect(leaks()).toEqual([]);
    expect(h.allText()).toContain('width=device-width');
    expect(h.allText()).not.toContain('"selected":');
  });

  test('fields that are never in the page', async () => {
    h.server.pages['/'] = html('<input id=shown>', 'data-unmask-input-selector=input');
    await h.open();
    await h.page.evaluate(() => {
      const field = document.createElement('input');
      field.type = 'checkbox';
      field.value = 'leak-1';
      field.checked = true;
      (document.getElementById('shown') as HTMLInputElement).value = 'shown-1';
    });
    await h.said('end');
    const inputs = h.server.batches.flatMap((b) => b.dom).filter((e) => e.type === 3 && e.data['source'] === 5);
    expect(inputs.map(({ data }) => data['text'])).toEqual(['shown-1']);
  });

  test('which options of a list are chosen, unless it is shown, and ticks of what is private', async () => {
    h.server.pages['/'] = html(
      '<select id=hidden multiple><option value="">a<option>b<option>c</select><select id=shown multiple><option>a<option>b<option>c</select>'
        + '<select id=card name=card-number multiple><option>a<option>b<option>c</select><p data-sr-mask><input id=tick type=checkbox></p><input id=open type=checkbox>',
      'data-unmask-input-selector="#shown,#card"',
    );
    await h.open();
    await h.page.evaluate(() => {
      for (const id of ['hidden', 'shown', 'card']) {
        const list = document.getElementById(id) as HTMLSelectElement;
        list.options[0]!.selected = list.options[2]!.selected = true;
        list.dispatchEvent(new Event('change', { bubbles: true }));
      }
      for (const id of ['tick', 'open']) {
        (document.getElementById(id) as HTMLInputElement).indeterminate = true;
      }
    });
    await h.said('end');
    const states = h.server.batches.flatMap((b) => b.dom).filter((e) => e.type === 3 && e.data['source'] === 5).map(({ data }) => data);
    expect(states.flatMap((data) => ('chosen' in data ? [data['chosen']] : []))).toEqual([[0, 2]]);
    expect(states.filter((data) => data['indeterminate'])).toHaveLength(1);
  });

  test.each([
    ['<input id=f type=PASSWORD>', ''],
    ['<input id=f autocomplete="section-a billing CC-NUMBER">', ''],
    ['<input id=f placeholder="Card number">', ''],
    ['<input id=f aria-label="Verification code">', ''],
    ['<input id=f name=userPassword>', ''],
    ['<div data-sr-mask><input id=f></div>', ''],
    ['<input id=f type=password>', 'document.getElementById("f").type = "text"'],
    // A field that is put in the place of another, with its value.
    [
      '<input id=f type=password>',
      'const f = document.getElementById("f"); const g = document.createElement("input"); g.id = "f"; g.value = f.value; f.replaceWith(g); g.value = g.value + ""; g.dispatchEvent(new Event("change", { bubbles: true }))',
    ],
  ])('an unmask of everything does not show %s%s', async (field, then) => {
    h.server.pages['/'] = html(`${field}<input id=open>`, 'data-unmask-input-selector=input');
    await h.open();
    await h.page.locator('#f').pressSequentially('leak-12 345');
    await h.page.fill('#open', 'shown');
    await h.page.evaluate(then);
    if (!then.includes('replaceWith')) {
      await h.page.locator('#f').pressSequentially(' leak-678');
    }
    await h.page.fill('#open', 'shown too');
    await h.said('typed');
    await again();
    await h.said('end');
    expect(h.allText()).toContain('shown too');
    expect(leaks()).toEqual([]);
  });

  test('a password that the page puts elsewhere: title, address, history, console, requests, errors, attributes, texts, events', async () => {
    h.server.pages['/'] = html(
      '<form><input id=pw type=password><input id=card autocomplete=cc-number></form><p id=p></p><x-a></x-a>',
      'data-network=full data-unmask-input-selector=input',
    );
    h.server.pages['/echo.json'] = '{}';
    await h.open();
    await h.page.evaluate(() => {
      document.getElementById('pw')!.addEventListener('input', (event) => console.log('typing', (event.target as HTMLInputElement).value));
    });
    await h.page.locator('#pw').pressSequentially('leak pa$$"1&é');
    await h.page.fill('#card', '4111 1111 1111 1111');
    await h.page.evaluate(async () => {
      const value = (document.getElementById('pw') as HTMLInputElement).value;
      const card = (document.getElementById('card') as HTMLInputElement).value;
      document.title = `Hello ${value}`;
      history.pushState({ value }, '', `/?q=${encodeURIComponent(value)}`);
      history.replaceState({}, '', `/#${new URLSearchParams({ q: value }).toString()}`);
      console.error('sign in with', { nested: [{ value }] }, value, new Error(`no ${value}`), card);
      await fetch(`/echo.json?q=${encodeURIComponent(value)}`, {
        method: 'POST',
        body: JSON.stringify({ value, card: card.replaceAll(' ', '') }),
      });
      await fetch('/echo.json', { method: 'POST', body: new URLSearchParams({ value }).toString() });
      await new Promise((resolve) => {
        const xhr = new XMLHttpRequest();
        xhr.open('POST', `/echo.json?${new URLSearchParams({ value }).toString()}`);
        xhr.onloadend = resolve;
        xhr.send(`value=${value}`);
      });
      navigator.sendBeacon(`/echo.json?${value}`, value);
      document.getElementById('p')!.textContent = `You typed ${value}`;
      document.getElementById('p')!.setAttribute('data-echo', value);
      document.getElementById('p')!.style.setProperty('--echo', JSON.stringify(value));
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(`p::after { content: ${JSON.stringify(value)} }`);
      document.adoptedStyleSheets = [sheet];
      window.SessionReplay!.current()!.track('login', { value });
      window.SessionReplay!.current()!.addError(new TypeError(value));
      setTimeout(() => {
        throw new Error(`failed: ${value}`);
      }, 0);
      void Promise.reject(new Error(value));
      await new Promise((resolve) => setTimeout(resolve, 100));
    });
    await h.said('echoed');
    await again();
    await h.said('end');
    // And what goes while the page goes is encoded by the page.
    await h.page.evaluate(() =>
      window.SessionReplay!.current()!.track('tail', { value: (document.getElementById('pw') as HTMLInputElement).value }),
    );
    await h.page.goto('about:blank');
    await h.server.until(() => h.server.events.some((e) => e.custom?.name === 'tail'), 'the tail');
    const text = h.allText();
    expect(h.server.events.filter((e) => e.network).length).toBeGreaterThanOrEqual(4);
    expect(text).toContain('You typed ***');
    expect(text).not.toMatch(/pa(\$|%24){2}/);
    expect(text).not.toMatch(/4111.?1111/);
  });

  test.each([
    ['the field is mirrored', '<input id=f type=password><p id=m></p>', ''],
    ['the field is in a frame', '<iframe id=frame srcdoc="<input id=f type=password>"></iframe><p id=m></p>', 'frame'],
    ['a card', '<input id=f autocomplete=cc-number><p id=m></p>', ''],
    ['a word', '<input id=f type=password><p id=m></p>', 'word'],
  ])('no beginning of a secret of three or more characters, letter by letter: %s', async (_, body, how) => {
    h.server.pages['/'] = html(body);
    await h.open();
    const typed = how === 'word' ? 'Zwetschgen' : body.includes('cc-number') ? '5105 1051 0510 5100' : 'Qx7!zu$V"9é pw';
    const field = how === 'frame' ? h.page.frameLocator('#frame').locator('#f') : h.page.locator('#f');
    await field.evaluate((element) => element.addEventListener('input', () => {
      const { value } = element as HTMLInputElement;
      const m = top!.document.getElementById('m')!;
      m.textContent = value;
      m.dataset['x'] = value;
      top!.document.title = `T ${value}`;
      top!.history.replaceState(0, '', `?q=${value}`);
      (top as unknown as { console: Console }).console.log('typed', value);
    }));
    for (const letter of typed) {
      await field.pressSequentially(letter);
      // Each beginning goes by itself: what comes later cannot take it back.
      await h.flush();
    }
    await h.said('typed');
    await again();
    await h.said('end');
    const text = decodeURIComponent(h.allText().replaceAll(/%(?![0-9a-f]{2})/gi, '%25'));
    expect(text).toContain('typed');
    for (let length = 3; length <= typed.length; length++) {
      const beginning = typed.slice(0, length);
      // Digits alone stand in times and addresses too.
      const places = /^\d+$/.test(beginning) ? [`"${beginning}"`, `T ${beginning}`, `q=${beginning}`] : [beginning];
      expect(places.filter((place) => text.includes(place))).toEqual([]);
    }
  });

  test('what was typed before a password is long enough to be distinguished from other words is not looked for, and no word of the page is hidden', async () => {
    h.server.pages['/'] = html('<input id=pw type=password><input id=code name=cvc><p>summer 123 node</p>');
    await h.open();
    await h.page.fill('#pw', 'summer');
    await h.page.fill('#code', '123');
    await h.said('typed');
    await again();
    await h.said('end');
    // A mask in their place would reveal what was typed.
    expect(JSON.stringify(h.server.batches.map((b) => b.dom)).split('summer 123 node').length).toBe(3);
  });
});
