'use strict';
// What both reports share: elements, numbers, colours, tables that sort, and the theme.

/** An HTML element. Attributes that are null are left out; functions become listeners; children may be nested lists. */
function h(tag, attributes, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** An SVG element. */
function s(tag, attributes, ...children) {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {}))
    if (typeof value === 'function') element.addEventListener(name, value);
    else if (value !== null && value !== undefined && value !== false)
      element.setAttribute(name, value === true ? '' : value);
  element.append(...children.flat(9).filter(child => child !== null && child !== undefined));
  return element;
}

const find = selector => document.querySelector(selector);
const clear = element => {
  element.replaceChildren();
  return element;
};

/** A name of options as a select with a label. */
function choice(label, options, change, value) {
  const select = h(
    'select',
    { change: () => change(select.value) },
    options.map(([key, text]) => h('option', { value: key }, text)),
  );
  if (value !== undefined) select.value = value;
  return h('label', null, label, select);
}

/** A choice of one of several names. Its number goes into a field of the state; then `draw` is called. */
function numbered(label, names, state, field, draw) {
  const change = number => {
    state[field] = +number;
    draw();
  };
  const options = names.map((name, i) => [i, name]);
  return choice(label, options, change, state[field]);
}

/** Puts a button into a place, if not all of the pictures are shown. It shows `step` more of them. */
function offerMore(place, total, state, step, draw) {
  const click = () => {
    state.shown += step;
    draw();
  };
  const rest = total - state.shown;
  clear(place).append(rest > 0 ? h('button', { type: 'button', id: 'more', click }, `${rest} more pictures`) : '');
}

/** A slider of 0…100 % with its value beside it. */
function slider(label, id, value, input) {
  const output = h('output', { for: id }, `${value} %`);
  const range = h('input', {
    type: 'range',
    id,
    min: 0,
    max: 100,
    value,
    input: () => {
      output.textContent = `${range.value} %`;
      input(range.value / 100);
    },
  });
  return h('label', null, label, range, output);
}

const number = (value, digits) =>
  value === null || value === undefined || Number.isNaN(value)
    ? '–'
    : value.toFixed(digits).replace(/^-(0\.?0*)$/, '$1');
const percent = (value, digits = 0) =>
  value === null || value === undefined ? '–' : `${(100 * value).toFixed(digits)} %`;
const count = (value, what) => `${value} ${what}${value === 1 ? '' : 's'}`;

function seconds(value) {
  if (value === null || value === undefined) return '–';
  return value < 0.0995
    ? `${(1000 * value).toFixed(value < 0.00995 ? 1 : 0)} ms`
    : `${value.toFixed(value < 9.95 ? 2 : 0)} s`;
}

/** 1235496 as 1.24 M. */
function large(value) {
  for (const [size, unit] of [
    [1e9, 'G'],
    [1e6, 'M'],
    [1e3, 'k'],
  ])
    if (value >= size) return `${(value / size).toPrecision(3)} ${unit}`;
  return `${value}`;
}

/** The colour of the i-th item. Colours repeat after eight, so every mark has a label too. */
const color = i => `var(--c${i % 8})`;

/**
 * A table whose columns sort. columns: { title, text, value(row), cell(row), wide, sort }; without value a column does
 * not sort. The first column heads the rows.
 */
function sortable(caption, columns, rows, { sort = null, className = '' } = {}) {
  const body = h('tbody', { role: 'rowgroup' });
  let order = { column: null, descending: false };
  const heads = columns.map((column, i) =>
    h(
      'th',
      { scope: 'col', role: 'columnheader', class: column.text ? 'text' : null },
      column.value ? h('button', { type: 'button', click: () => arrange(i) }, column.title) : column.title,
    ),
  );
  function arrange(i, descending) {
    order = {
      column: i,
      descending:
        descending ?? (order.column === i ? !order.descending : columns[i].high !== false && !columns[i].text),
    };
    heads.forEach((head, j) =>
      j === i
        ? head.setAttribute('aria-sort', order.descending ? 'descending' : 'ascending')
        : head.removeAttribute('aria-sort'),
    );
    const key = row => columns[i].value(row) ?? null,
      sign = order.descending ? -1 : 1;
    const compare = (a, b) =>
      (a === null) - (b === null) || sign * (typeof a === 'string' ? a.localeCompare(b) : a - b);
    body.append(
      ...lines
        .slice()
        .sort((a, b) => (a === b ? 0 : compare(key(a.row), key(b.row))))
        .map(line => line.element),
    );
  }
  const lines = rows.map(row => ({
    row,
    element: h(
      'tr',
      { role: 'row' },
      columns.map((column, i) =>
        h(
          i === 0 ? 'th' : 'td',
          {
            scope: i === 0 ? 'row' : null,
            role: i === 0 ? 'rowheader' : 'cell',
            'data-label': i === 0 ? null : column.title,
            class: [column.text ? 'text' : '', column.wide ? 'wide' : ''].join(' ').trim() || null,
          },
          column.cell(row),
        ),
      ),
    ),
  }));
  body.append(...lines.map(line => line.element));
  if (sort !== null) arrange(sort);
  return h(
    'table',
    { class: `cards ${className}`.trim(), role: 'table' },
    h('caption', null, caption),
    h('thead', { role: 'rowgroup' }, h('tr', { role: 'row' }, heads)),
    body,
  );
}

/** A share as a number with a bar and the ends of its interval. */
function shareCell(share, mark) {
  if (!share || share.total === 0) return '–';
  const ends = `${percent(share.low)} to ${percent(share.high)}`;
  return [
    h(
      'span',
      { class: 'num' },
      h('b', null, percent(share.share)),
      h('small', null, ` ${share.count} of ${share.total}`),
    ),
    h(
      'span',
      { class: 'meter', style: `color:${mark}`, title: `95 % interval ${ends}` },
      h('i', { style: `width:${100 * share.share}%` }),
      h('b', { style: `left:${100 * share.low}%;width:${100 * (share.high - share.low)}%` }),
    ),
  ];
}

/** Three states: the theme of the system, light, dark. */
function themeButton() {
  const states = ['auto', 'light', 'dark'];
  const button = h(
    'button',
    {
      type: 'button',
      class: 'theme',
      click: () => {
        const next = states[(states.indexOf(document.documentElement.dataset.theme ?? 'auto') + 1) % 3];
        document.documentElement.dataset.theme = next;
        button.textContent = `Theme: ${next}`;
      },
    },
    'Theme: auto',
  );
  return button;
}
