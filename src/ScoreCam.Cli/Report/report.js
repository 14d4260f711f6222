'use strict';
// The gallery is whole without this script: it only sorts the cards, and sets how strong the maps lie over the pictures.
const pick = id => document.getElementById(id);
const opacity = pick('opacity');
opacity.addEventListener('input', () => {
  document.documentElement.style.setProperty('--opacity', opacity.value / 100);
  pick('opacity-value').textContent = opacity.value + ' %';
});

const values = pick('values') && JSON.parse(pick('values').textContent);
const format = (metric, value) => value === null ? '–' : value.toFixed(metric.digits);

function sort() {
  const m = +pick('metric').value, method = +pick('method').value;
  const metric = values.metrics[m];
  const sign = (pick('order').value === 'worst') === metric.higherIsBetter ? 1 : -1;
  const gallery = pick('gallery');
  const cards = [...gallery.children].map(card => {
    const own = values.cases[+card.dataset.case];
    card.querySelectorAll('[data-method]').forEach(tile => tile.textContent = format(metric, own[+tile.dataset.method]?.[m] ?? null));
    return { card, value: own[method]?.[m] ?? null };
  });
  // What has no value stands last, and equals stay in order of name.
  cards.sort((a, b) => (a.value === null) - (b.value === null) || sign * (a.value - b.value) || a.card.dataset.case - b.card.dataset.case);
  gallery.append(...cards.map(entry => entry.card));
}

// A method in the legend shows its curves alone, as long as the pointer is on it.
for (const entry of document.querySelectorAll('.legend li')) {
  const show = only => document.querySelectorAll('polyline').forEach(curve => curve.classList.toggle('faint', only && curve.dataset.curve !== entry.dataset.curve));
  entry.addEventListener('pointerenter', () => show(true));
  entry.addEventListener('pointerleave', () => show(false));
}

if (values) {
  for (const id of ['metric', 'method', 'order'])
    pick(id).addEventListener('change', sort);
  sort();
}
