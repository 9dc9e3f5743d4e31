import { describe, expect, test } from 'vitest';
import { hasBrowser } from './support/browser.ts';
import { html, useHarness } from './support/harness.ts';

describe.runIf(hasBrowser())('what is private stays in the page', () => {
  const h = useHarness();

  test('hidden fields that change, fields that are shown empty, and one-time codes that are typed as text', async () => {
    h.server.pages['/'] = html(
      `<form><input type=hidden id=h value="hidden-secret-1"><input id=d value="default-secret-1"><textarea id=t>default-secret-2</textarea>
      <input id=code type=text autocomplete=one-time-code><input id=otp type=text name=otp_code><select id=s><option>a</option><option value=opt>option-secret</option></select></form><p id=p>end</p>`,
      'data-unmask-input-selector="#h,#code,#otp"');
    await h.open();
    await h.page.evaluate(() => {
      const get = (id: string) => document.getElementById(id) as HTMLInputElement;
      get('h').value = 'hidden-secret-2';
      get('h').setAttribute('value', 'hidden-secret-3');
      get('d').value = '';
      get('t').value = '';
    });
    await h.page.fill('#code', '482913');
    await h.page.fill('#otp', '593811');
    await h.page.selectOption('#s', 'opt');
    // Only now are the fields with defaults empty: the next full snapshot must not show the defaults.
    await h.page.evaluate(() => {
      window.SessionReplay!.current()!.stop();
      window.SessionReplay!.current()!.start();
    });
    await h.page.evaluate(() => window.SessionReplay!.current()!.ready);
    await h.said('end');
    await h.server.until(
      () => new Set(h.server.batches.map((b) => b.window)).size === 2 && h.server.batches.some((b) => b.batch.last),
      'the end of both windows',
    );
    const text = h.allText();
    for (const secret of ['hidden-secret', 'default-secret', '482913', '593811']) {
      expect(text).not.toContain(secret);
    }
    // What a select offers is the page's text; which option is chosen is the visitor's.
    expect(h.server.batches.flatMap((b) => b.dom).some((e) => JSON.stringify(e).includes('"selected":true'))).toBe(false);
  });

  test('what is chosen in a list is recorded where the list is unmasked, and neither secret nor masked', async () => {
    const list = (word: string, facts: string) => `<select ${facts}><option>${word}-1</option><option selected>${word}-2</option></select>`;
    const lists = `${list('masked', '')}${list('shown', 'class=open')}${list('secret', 'class=open name=card_number')}<div class=sr-mask>${list('private', 'class=open')}</div>`;
    h.server.pages['/'] = html(`${lists}<div id=more></div>`, 'data-unmask-input-selector=".open"');
    await h.open();
    await h.page.evaluate((added) => (document.getElementById('more')!.innerHTML = added), lists);
    await h.said('end');
    const dom = JSON.stringify(h.server.batches.flatMap((b) => b.dom));
    expect(/"selected":true.{0,200}?"textContent":"([^"]*)"/.exec(dom)?.[1]).toBe('shown-2');
    // Once in the snapshot, and once in what was added.
    expect(dom.match(/"selected":true/g)).toHaveLength(2);
  });

  test('private elements among many that change at once, also in a shadow root', async () => {
    // So many that they are searched for and not asked one by one.
    const mark = (i: number): string => `${i % 10 === 0 ? ' data-sr-mask' : ''}${i % 25 === 1 ? ' data-sr-block' : ''}`;
    const rows = Array.from({ length: 300 }, (_, i) => `<p${mark(i)}><b>x</b></p>`);
    h.server.pages['/'] = html(`<div id=rows>${rows.join('')}</div><div id=host></div>`);
    await h.open();
    await h.page.evaluate(async (shadowRows) => {
      const root = document.getElementById('host')!.attachShadow({ mode: 'open' });
      root.innerHTML = shadowRows;
      await new Promise((resolve) => setTimeout(resolve, 200));
      for (const row of [...document.querySelectorAll('#rows p'), ...root.querySelectorAll('p')]) {
        const word = row.matches('[data-sr-mask],[data-sr-block]') ? 'secret' : 'shown';
        row.firstElementChild!.firstChild!.nodeValue = `${word}-text`;
        row.firstElementChild!.setAttribute('title', `${word}-title`);
        row.append(Object.assign(document.createElement('i'), { textContent: `${word}-added`, title: `${word}-attribute` }));
      }
    }, rows.join(''));
    await h.said('end');
    const text = h.allText();
    for (const kind of ['text', 'title', 'added', 'attribute']) {
      expect(text.split(`shown-${kind}`).length).toBeGreaterThan(2);
      expect(text).not.toContain(`secret-${kind}`);
    }
  });

  test('words in attributes of private elements, at first, added and changed', async () => {
    h.server.pages['/'] = html(
      `<div data-sr-mask title="secret-title" aria-label="secret-label"><img alt="secret-alt" src="data:,"></div>
      <section class=own><input placeholder="secret-placeholder"></section><p title="public-title">x</p><div id=more></div>`,
      'data-mask-selector=".own"',
    );
    await h.open();
    await h.page.evaluate(() => {
      document.getElementById('more')!.innerHTML = '<b class=sr-mask title="secret-added">n</b><b title="public-added">n</b>';
      document.querySelector('[data-sr-mask]')!.setAttribute('title', 'secret-changed');
    });
    await h.flush();
    await h.server.until(() => h.allText().includes('public-added'), 'what was added');
    await h.said('end');
    expect(h.allText()).toContain('public-title');
    for (const secret of ['title', 'label', 'alt', 'placeholder', 'added', 'changed']) {
      expect(h.allText()).not.toContain(`secret-${secret}`);
    }
  });

  test('the text of clicked elements is masked wherever something in or around them is private', async () => {
    h.server.pages['/'] = html(
      '<button id=a class=own>secret-a</button><button id=b>pay <i class=own>secret-b</i></button><button id=c>public-c</button>',
      'data-mask-selector=".own"',
    );
    await h.open();
    const rages = () => h.server.events.filter((e) => e.interaction?.type === 'rage_click').length;
    for (const [i, id] of ['a', 'b', 'c'].entries()) {
      // All in one place, so the next must wait until these are reported.
      await h.page.evaluate((name) => [1, 2, 3].forEach(() => document.getElementById(name)!.click()), id);
      await h.page.waitForTimeout(1200);
      await h.flush();
      await h.server.until(() => rages() > i, `a rage click on ${id}`);
    }
    expect(h.server.events.flatMap((e) => (e.interaction?.type === 'rage_click' ? [e.interaction.text] : []))).toEqual([
      '********',
      '*** ********',
      'public-c',
    ]);
  });

  test('clicks, inputs and scrolls name what they are on, masked as the page is', async () => {
    h.server.pages['/'] = html(`<button id=save class="btn primary big"><svg></svg><span>Save  the
      order</span></button><a href="#x" id=icon><img alt="Delete it" src="data:,"></a><label for=mail>E-mail</label><input id=mail><input id=search placeholder="Search here">
      <p class=own id=private><button id=hidden>secret-word</button></p><div data-sr-block id=out><button id=inner>words-of-a-hidden-part</button></div><label id=note>Note <textarea id=area>what-was-typed</textarea></label>
      <div id=pane style="height:50px;overflow:auto"><p style="height:500px">secret-free text of a pane</p></div>`,
      'data-mask-selector=".own"',
    );
    await h.open();
    await h.page.evaluate(() => {
      for (const id of ['save', 'icon', 'hidden', 'inner', 'note']) {
        const element = document.getElementById(id)!;
        (element.querySelector('span') ?? element).dispatchEvent(new MouseEvent('click', { bubbles: true }));
      }
      document.getElementById('pane')!.scrollTop = 100;
    });
    await h.page.fill('#mail', 'ada@example.com');
    await h.page.fill('#search', 'tent');
    await h.page.locator('#search').blur();
    await h.said('end');
    const named = h.server.batches
      .flatMap((b) => b.dom as { type: number; data: Record<string, unknown> }[])
      .filter((e) => e.type === 3 && e.data['target'] !== undefined)
      .map(({ data }) => [data['source'], data['target'], data['label']]);
    const clicks = named.filter(([source]) => source === 2);
    expect(clicks.slice(0, 3)).toEqual([
      [2, 'button#save.btn.primary', 'Save the order'],
      [2, 'a#icon', 'Delete it'],
      [2, 'button#hidden', '***********'],
    ]);
    expect(clicks.filter(([, target]) => target === 'div#out').map(([, , label]) => label)).toEqual(
      clicks.some(([, target]) => target === 'div#out') ? [undefined] : [],
    );
    expect(clicks.find(([, target]) => target === 'label#note')?.[2]).toBe('Note');
    expect(named).toContainEqual([5, 'input#mail', 'E-mail']);
    expect(named).toContainEqual([5, 'input#search', 'Search here']);
    expect(named).toContainEqual([3, 'div#pane', undefined]);
    expect(h.allText()).not.toMatch(/secret-word|words-of-a-hidden-part|what-was-typed|ada@example/);
  });

  test('maskAllText leaves no word of the page, and the server can ask for it', async () => {
    h.server.settings = { maskAllText: true };
    h.server.pages['/'] = html('<p title="words-in-title">words-in-text</p>');
    await h.open();
    await h.server.until(() => h.server.batches.some((b) => b.dom.some((e) => e.type === 2)), 'the snapshot');
    expect(JSON.stringify(h.server.batches.map((b) => b.dom))).not.toContain('words-in');
  });
});
