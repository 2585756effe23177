// What the pages add to HTML when scripts run. Without it they read and post all the same.

const soon = 700;          // Changes that come together are shown together.
const atMost = 8000;       // A list does not wait longer than this for a still pointer.
const toastStays = 9000;
const quiet = 30000;

/* ---- live: one event of ours for whatever the stream tells; who shows the books listens for it ---- */

let due = null;
let since = 0;

function booksChanged() {
  if (!since) since = performance.now();
  clearTimeout(due);
  due = setTimeout(() => {
    // Nothing moves away under a finger that is about to press.
    const busy = document.querySelector('#content :is(button, a, input, select, summary):hover, #content select:focus');
    if (busy && performance.now() - since < atMost) return booksChanged();
    since = 0;
    document.body.dispatchEvent(new CustomEvent('books-changed'));
  }, soon);
}

document.addEventListener('htmx:sse:after:message', booksChanged);
// Stock that nobody was served from tells of itself by no event; it is there a little later.
setInterval(() => document.hidden || booksChanged(), quiet);
// What was asked for before one went on to other filters comes too late: it would undo them.
document.addEventListener('htmx:before:swap', (event) => {
  const { ctx } = event.detail;
  if (ctx?.sourceElement?.id !== 'content' || addressOf(ctx.request.action) === addressOf(location.href)) return;
  event.preventDefault();
  booksChanged();
});
function addressOf(href) {
  const { pathname, searchParams } = new URL(href, location.href);
  return `${pathname}?${searchParams}`;
}
// A page that one goes back to is as old as when one left it.
if (performance.getEntriesByType('navigation')[0]?.type === 'back_forward') booksChanged();
let connected = false;
document.addEventListener('htmx:sse:after:connection', () => {
  if (connected) booksChanged();
  connected = true;
});

/* ---- toasts: what was done, or what went wrong ---- */

function say(words, kind = '', offered = null) {
  const toast = document.createElement('div');
  toast.className = `toast ${kind}`;
  const text = document.createElement('p');
  text.textContent = words;
  if (offered) {
    const button = document.createElement('button');
    button.textContent = offered.words;
    button.addEventListener('click', () => { toast.remove(); offered.act(); });
    text.append(' ', button);
  }
  const close = document.createElement('button');
  close.className = 'plain';
  close.textContent = '✕';
  close.setAttribute('aria-label', 'Dismiss');
  close.addEventListener('click', () => toast.remove());
  toast.append(text, close);
  document.getElementById('toasts')?.append(toast);
  if (kind !== 'bad') setTimeout(() => toast.matches(':hover, :focus-within') || toast.remove(), toastStays);
}

// The server says so in a header of its answer: {"said": {"words": …, "kind": …}}.
document.addEventListener('said', (event) => {
  if (event.detail.kind !== 'bad') dialog()?.close();
  say(event.detail.words, event.detail.kind);
  document.body.dispatchEvent(new CustomEvent('books-changed'));
});
// Once a form was answered, what it sends next is another deed, under another key. What is sent again because no answer
// came has the key of the first time, whatever was shown anew meanwhile (see `token` in parts.html).
document.addEventListener('htmx:after:request', (event) => {
  const form = event.target.closest?.('form');
  const answer = event.detail.ctx?.response;
  if (!form || !answer) return;
  if ('scans' in form.dataset) return answer.status >= 400 && takeBack(form, event.detail.ctx.request.body);
  if (answer.status >= 400) return;
  renew(form);
  // A form that enters one thing after the other is empty again after each, and ready for the next.
  if ('clears' in form.dataset) clear(form);
});
// A scanner does not wait: a form that it types into is empty again as soon as it is sent. The next scan has a key of its
// own and is sent after this one (hx-sync in its form).
document.addEventListener('htmx:config:request', (event) => {
  const form = event.target.closest?.('form[data-scans]');
  if (form) queueMicrotask(() => { renew(form); clear(form); });
});
function renew(form) {
  const key = form.querySelector('input[name="key"]');
  if (key) key.value = crypto.getRandomValues(new Uint32Array(5)).join('-');
}
function clear(form) {
  const stays = [...form.querySelectorAll('[data-stays], input[type="hidden"]')].map((one) => [one, one.value]);
  form.reset();
  for (const [one, value] of stays) one.value = value;
  form.querySelector('[data-scan]')?.focus();
}
// A scan finds its field from its first letter on, also where one tapped beside it or the page has only just opened.
document.addEventListener('keydown', (event) => {
  const typed = event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;
  if (typed && event.target === document.body) document.querySelector('[data-scan]')?.focus();
});
// What was refused, or may not have arrived, goes back into its form unless the next scan stands there already. It keeps
// its key: if it did arrive, it counts once.
function takeBack(form, body, over = false) {
  const scanned = form.querySelector('[data-scan]');
  if (scanned.value && !over) return;
  for (const [name, value] of body) if (form.elements[name]) form.elements[name].value = value;
  scanned.select();
}
// What takes its time is sent once, and says that it is under way.
document.addEventListener('submit', ({ target }) => {
  if (!('waits' in target.dataset)) return;
  for (const one of target.querySelectorAll('[data-waiting]')) one.hidden = false;
  setTimeout(() => { for (const one of target.querySelectorAll('button')) one.disabled = true; });
});
// What others did to what one looks at.
document.addEventListener('heard', (event) => say(event.detail.words));
document.addEventListener('troubled', (event) => {
  const place = dialog()?.querySelector('[data-trouble]');
  if (!dialog()?.open || !place) return say(event.detail.words, 'bad');
  place.hidden = false;
  place.textContent = event.detail.words;
});
document.addEventListener('htmx:error', (event) => {
  const { ctx } = event.detail;
  if (!ctx) return;
  const form = event.target.closest?.('form[data-scans]');
  if (!form) return say('The server did not answer. Nothing was lost: try again.', 'bad');
  const { body } = ctx.request;
  takeBack(form, body);
  const words = `The server did not answer: ${body.get(form.querySelector('[data-scan]').name)} may not be entered.`;
  say(words, 'bad', { words: 'Take it back', act: () => takeBack(form, body, true) });
});

/* ---- dialog: a link into it opens it, its form closes it when it is done ---- */

const dialog = () => document.getElementById('dialog');

document.addEventListener('htmx:after:swap', (event) => {
  if (event.detail.ctx?.target?.id === 'dialog' && dialog().textContent.trim() && !dialog().open) dialog().showModal();
  dress(document);
});
document.addEventListener('click', (event) => {
  if (event.target === dialog() || event.target.closest?.('[data-closes]')) dialog()?.close();
});

/* ---- times in the zone of the one who looks, exact on hover ---- */

const shown = { time: { dateStyle: 'medium', timeStyle: 'short' }, day: { dateStyle: 'medium' } };
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' });

function localTimes(root) {
  for (const one of root.querySelectorAll('time[datetime*="T"]:not([data-local])')) {
    const moment = new Date(one.dateTime);
    if (Number.isNaN(moment.valueOf())) continue;
    one.textContent = new Intl.DateTimeFormat(undefined, shown[one.dataset.as] ?? shown.time).format(moment);
    one.title = exact.format(moment);
    one.dataset.local = '';
  }
}

// The server counts the days of reports in this zone, where the business has chosen none.
document.cookie = `zone=${encodeURIComponent(Intl.DateTimeFormat().resolvedOptions().timeZone)}; path=/; max-age=31536000; samesite=lax`;

/* ---- ticks: all of a page at once, and how many are ticked ---- */

function countTicks(root) {
  for (const all of root.querySelectorAll('input[data-ticks]')) {
    const ticks = [...document.querySelectorAll(`input[name="${all.dataset.ticks}"]`)];
    const ticked = ticks.filter((one) => one.checked).length;
    all.hidden = false;
    all.checked = ticked > 0 && ticked === ticks.length;
    all.indeterminate = ticked > 0 && ticked < ticks.length;
    for (const said of document.querySelectorAll(`[data-ticked="${all.dataset.ticks}"]`)) said.textContent = ticked || '';
    for (const button of document.querySelectorAll(`button[data-needs="${all.dataset.ticks}"]`)) button.disabled = !ticked;
  }
}

document.addEventListener('change', (event) => {
  const name = event.target.dataset?.ticks;
  if (name) for (const one of document.querySelectorAll(`input[name="${name}"]`)) one.checked = event.target.checked;
  countTicks(document);
});

function dress(root) {
  localTimes(root);
  countTicks(root);
}

dress(document);
