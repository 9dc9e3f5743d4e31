'use strict';
// The shop's own script: written as a shop would, without a thought for being recorded.
const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const money = (value) => `€${value.toFixed(2)}`;

function toast(text) {
  const box = $('#toast');
  box.textContent = text;
  box.hidden = false;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => { box.hidden = true; }, 2500);
}

// Search with suggestions (fetch).
const searchBox = $('#search-box');
const suggestions = $('#suggestions');
let pending;
searchBox.addEventListener('input', () => {
  pending?.abort();
  const text = searchBox.value.trim();
  if (text.length < 2) {
    suggestions.hidden = true;
    return;
  }
  pending = new AbortController();
  fetch(`/api/suggestions?q=${encodeURIComponent(text)}`, { signal: pending.signal })
    .then((response) => response.json())
    .then((found) => {
      suggestions.replaceChildren(...found.map((product) => {
        const item = document.createElement('li');
        const link = document.createElement('a');
        link.href = `/product/${product.slug}`;
        link.textContent = product.name;
        const price = document.createElement('span');
        price.textContent = money(product.price);
        item.append(link, price);
        return item;
      }));
      suggestions.hidden = found.length === 0;
    })
    .catch((error) => { if (error.name !== 'AbortError') throw error; });
});
document.addEventListener('click', (event) => {
  if (!event.target.closest('.search')) suggestions.hidden = true;
});

// Add to cart (fetch).
document.addEventListener('click', async (event) => {
  const button = event.target.closest('[data-add]');
  if (!button) return;
  const quantity = button.dataset.quantity ? Number($(button.dataset.quantity).value) : 1;
  button.disabled = true;
  try {
    const response = await fetch('/api/cart', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ slug: button.dataset.add, quantity }),
    });
    const cart = await response.json();
    $('#cart-count').textContent = String(cart.count);
    toast('In your cart.');
    console.info('cart', cart);
    window.SessionReplay?.current()?.track('add_to_cart', { slug: button.dataset.add, quantity });
  } finally {
    button.disabled = false;
  }
});

// Change the cart (XMLHttpRequest, as older code does).
function setQuantity(slug, quantity) {
  const request = new XMLHttpRequest();
  request.open('PUT', '/api/cart');
  request.setRequestHeader('content-type', 'application/json');
  request.responseType = 'json';
  request.addEventListener('load', () => {
    const cart = request.response;
    $('#cart-count').textContent = String(cart.count);
    $('#cart-total').textContent = money(cart.total);
    const line = $(`[data-line="${slug}"]`);
    if (slug in cart.lines) $('[data-total]', line).textContent = money(cart.lines[slug]);
    else line.remove();
    if (cart.count === 0) location.reload();
  });
  request.send(JSON.stringify({ slug, quantity }));
}
$$('[data-set]').forEach((input) => input.addEventListener('change', () => setQuantity(input.dataset.set, Number(input.value))));
$$('[data-remove]').forEach((button) => button.addEventListener('click', () => setQuantity(button.dataset.remove, 0)));

// Sort a category in place.
$('#sort')?.addEventListener('change', (event) => {
  const grid = $('#grid');
  const price = (card) => Number($('.price', card).textContent.slice(1));
  const name = (card) => $('.card-name', card).textContent;
  const by = { name: (a, b) => name(a).localeCompare(name(b)), price: (a, b) => price(a) - price(b), '-price': (a, b) => price(b) - price(a) };
  grid.append(...$$('.card', grid).sort(by[event.target.value]));
});

// The live list of what leaves the warehouse (server-sent events).
const ticker = $('#ticker');
if (ticker || $('#stock-of')) {
  const source = new EventSource('/api/stock');
  source.addEventListener('stock', (event) => {
    const change = JSON.parse(event.data);
    if (ticker) {
      const item = document.createElement('li');
      const what = document.createElement('strong');
      what.textContent = change.product;
      const where = document.createElement('span');
      where.textContent = `to ${change.town}, ${change.left} left`;
      const when = document.createElement('time');
      when.textContent = change.at;
      item.append(what, where, when);
      ticker.prepend(item);
      while (ticker.children.length > 8) ticker.lastElementChild.remove();
      $('#ticker-total').textContent = String(change.number);
    }
    const stock = $('#stock-of');
    if (stock?.dataset.slug === change.slug) stock.textContent = `${change.left} in stock`;
  });
  addEventListener('pagehide', () => source.close());
}

// Checkout.
$('#gift')?.addEventListener('change', (event) => { $('#gift-note').hidden = !event.target.checked; });
$('#Input_Card')?.addEventListener('input', (event) => {
  const digits = event.target.value.replace(/\D/g, '').slice(0, 16);
  event.target.value = digits.replace(/(\d{4})(?=\d)/g, '$1 ');
  $('#card-kind').textContent = digits.startsWith('4') ? 'Visa' : digits.startsWith('5') ? 'Mastercard' : 'We take all common cards.';
});
$('#show-password')?.addEventListener('click', (event) => {
  const field = $('#Input_Password');
  field.type = field.type === 'password' ? 'text' : 'password';
  event.target.textContent = field.type === 'password' ? 'Show password' : 'Hide password';
});
$('#checkout')?.addEventListener('submit', () => { window.SessionReplay?.current()?.track('checkout'); });

// Help: things that break.
$('#throw')?.addEventListener('click', () => {
  $('#help-answer').textContent = 'Something broke.';
  undefined.basket.total();
});
$('#reject')?.addEventListener('click', () => { Promise.reject(new RangeError('The basket has no bottom.')); });
$('#failed-fetch')?.addEventListener('click', async () => {
  const response = await fetch('/api/vouchers/AUTUMN-99');
  const answer = await response.json();
  console.warn('voucher', response.status, answer);
  $('#help-answer').textContent = answer.message;
});
$('#server-error')?.addEventListener('click', async () => {
  const response = await fetch('/api/delivery-estimate');
  console.error(`delivery estimate: ${response.status}`);
  $('#help-answer').textContent = `The server answered ${response.status}.`;
});

// Consent and opt-out: what a page does for its visitors' say in being recorded.
const recorder = new Promise((resolve) => {
  const script = $('script[data-write-key]');
  if (window.SessionReplay || !script) resolve(window.SessionReplay?.current());
  else script.addEventListener('load', () => resolve(window.SessionReplay?.current()));
});
const banner = $('#consent');
if (banner) {
  const decide = async (answer) => {
    localStorage.setItem('consent', answer);
    banner.hidden = true;
    (await recorder)?.setConsent(answer === 'yes');
  };
  const known = localStorage.getItem('consent');
  if (known) decide(known);
  else banner.hidden = false;
  $('#consent-yes').addEventListener('click', () => decide('yes'));
  $('#consent-no').addEventListener('click', () => decide('no'));
}
$('#opt-out').addEventListener('click', async () => {
  await (await recorder)?.optOut();
  toast('The recording of this visit is being erased.');
});
