'use strict';
// What both reports share: making elements, colours, maps over photographs, tables that sort, and the theme.

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
    if (typeof value === 'function')
      element.addEventListener(name, value);
    else if (value !== null && value !== undefined && value !== false)
      element.setAttribute(name, value === true ? '' : value);
  element.append(...children.flat(9).filter(child => child !== null && child !== undefined));
  return element;
}

const find = selector => document.querySelector(selector);
const clear = element => { element.replaceChildren(); return element; };

/** A name of options as a select with a label. */
function choice(label, options, change, value) {
  const select = h('select', { change: () => change(select.value) },
    options.map(([key, text]) => h('option', { value: key }, text)));
  if (value !== undefined)
    select.value = value;
  return h('label', null, label, select);
}

/** A slider of 0…100 % with its value beside it. */
function slider(label, id, value, input) {
  const output = h('output', { for: id }, `${value} %`);
  const range = h('input', { type: 'range', id, min: 0, max: 100, value, input: () => {
    output.textContent = `${range.value} %`;
    input(range.value / 100);
  } });
  return h('label', null, label, range, output);
}

const number = (value, digits) => value === null || value === undefined || Number.isNaN(value) ? '–'
  : value.toFixed(digits).replace(/^-(0\.?0*)$/, '$1');
const percent = (value, digits = 0) => value === null || value === undefined ? '–' : `${(100 * value).toFixed(digits)} %`;
const count = (value, what) => `${value} ${what}${value === 1 ? '' : 's'}`;

function seconds(value) {
  if (value === null || value === undefined) return '–';
  return value < 0.0995 ? `${(1000 * value).toFixed(value < 0.00995 ? 1 : 0)} ms` : `${value.toFixed(value < 9.95 ? 2 : 0)} s`;
}

/** 1235496 as 1.24 M. */
function large(value) {
  for (const [size, unit] of [[1e9, 'G'], [1e6, 'M'], [1e3, 'k']])
    if (value >= size)
      return `${(value / size).toPrecision(3)} ${unit}`;
  return `${value}`;
}

/** The colour of the i-th item. Colours repeat after eight, so every mark has a label too. */
const color = i => `var(--c${i % 8})`;

const bytesOf = text => Uint8Array.from(atob(text), c => c.charCodeAt(0));

/** The colours of the maps: 256 times red, green, blue. */
let colormap = new Uint8Array(768);

/** Draws a small map in colours; the browser smooths it when it enlarges the canvas. */
function paint(canvas, values) {
  const context = canvas.getContext('2d'), image = context.createImageData(canvas.width, canvas.height);
  values.forEach((value, i) => {
    image.data.set(colormap.subarray(3 * value, 3 * value + 3), 4 * i);
    image.data[4 * i + 3] = 255;
  });
  context.putImageData(image, 0, 0);
}

/** A bar that shows which colour stands for which value. */
function colorScale(low = '0', high = '1') {
  const canvas = h('canvas', { width: 256, height: 1, role: 'img', 'aria-label': `Colours from ${low} (blue) to ${high} (red)` });
  paint(canvas, Uint8Array.from({ length: 256 }, (_, i) => i));
  return h('span', { class: 'scale' }, low, canvas, high);
}

/** The line along which a map crosses a level, as a path in cells of the map: marching squares. */
function contour(values, width, height, level) {
  const at = (x, y) => values[y * width + x] / 255, parts = [];
  const between = (a, b) => (level - a) / (b - a);
  for (let y = 0; y + 1 < height; y++)
    for (let x = 0; x + 1 < width; x++) {
      const a = at(x, y), b = at(x + 1, y), c = at(x + 1, y + 1), d = at(x, y + 1);
      const kind = (a >= level) | (b >= level) << 1 | (c >= level) << 2 | (d >= level) << 3;
      if (kind === 0 || kind === 15)
        continue;
      const top = [x + between(a, b), y], right = [x + 1, y + between(b, c)], bottom = [x + between(d, c), y + 1], left = [x, y + between(a, d)];
      // At a saddle the mean decides which corners belong together.
      const high = (a + b + c + d) / 4 >= level;
      const lines = { 1: [[left, top]], 2: [[top, right]], 3: [[left, right]], 4: [[right, bottom]], 6: [[top, bottom]], 7: [[left, bottom]],
        8: [[bottom, left]], 9: [[top, bottom]], 11: [[right, bottom]], 12: [[left, right]], 13: [[top, right]], 14: [[left, top]],
        5: high ? [[top, right], [bottom, left]] : [[left, top], [right, bottom]],
        10: high ? [[left, top], [right, bottom]] : [[top, right], [bottom, left]] }[kind];
      for (const [from, to] of lines)
        parts.push(`M${(from[0] + .5).toFixed(2)} ${(from[1] + .5).toFixed(2)}L${(to[0] + .5).toFixed(2)} ${(to[1] + .5).toFixed(2)}`);
    }
  return parts.join('');
}

const view = { level: 0.5 };
const waiting = new Set();
const seen = new IntersectionObserver(entries => entries.filter(entry => entry.isIntersecting).forEach(entry => {
  seen.unobserve(entry.target);
  drawOnce(entry.target);
}), { rootMargin: '400px' });

function drawOnce(shot) {
  if (waiting.delete(shot))
    shot.draw();
}

// A printed page shows the maps that the reader has not scrolled to.
addEventListener('beforeprint', () => [...waiting].filter(shot => shot.isConnected).forEach(drawOnce));

/** Sets the level of every contour on the page. */
function setLevel(level) {
  view.level = level;
  document.querySelectorAll('.shot[data-contour]').forEach(shot => shot.redraw?.());
}

/**
 * A photograph with a map over it. Drawn when it comes near the screen.
 * picture: { key, width, height, gridWidth, gridHeight, boxes }; map: base64 of one byte per cell, or null for the photograph alone.
 */
function shot(picture, map, label, { overlay = true, line = false, boxes = false, bare = false } = {}) {
  const element = h('span', { class: `shot ${bare ? 'bare' : picture.key}`, role: 'img', 'aria-label': label,
    style: `aspect-ratio:${picture.width}/${picture.height}` });
  if (boxes && picture.boxes.length > 0)
    element.append(s('svg', { viewBox: `0 0 ${picture.width} ${picture.height}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' },
      picture.boxes.map(box => s('rect', { x: box[0], y: box[1], width: box[2] - box[0], height: box[3] - box[1] }))));
  if (map) {
    element.draw = () => {
      const values = bytesOf(map);
      if (overlay) {
        const canvas = h('canvas', { width: picture.gridWidth, height: picture.gridHeight });
        paint(canvas, values);
        element.prepend(canvas);
      }
      if (line) {
        const paths = [s('path', { class: 'under' }), s('path', { class: 'line' })];
        element.append(s('svg', { viewBox: `0 0 ${picture.gridWidth} ${picture.gridHeight}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' }, paths));
        element.dataset.contour = '';
        element.redraw = () => {
          const path = contour(values, picture.gridWidth, picture.gridHeight, view.level);
          paths.forEach(line => line.setAttribute('d', path));
        };
        element.redraw();
      }
      if (values.every(value => value === 0))
        element.append(h('span', { class: 'blank' }, 'blank map'));
    };
    waiting.add(element);
    seen.observe(element);
  }
  return element;
}

/** A shot with a caption. */
const tile = (picture, map, label, caption, options) =>
  h('figure', { class: 'tile' }, shot(picture, map, label, options), h('figcaption', null, caption));

/**
 * A table whose columns sort. columns: { title, text, value(row), cell(row), wide, sort }; without value a column does not sort. The first
 * column heads the rows.
 */
function sortable(caption, columns, rows, { sort = null, className = '' } = {}) {
  const body = h('tbody', { role: 'rowgroup' });
  let order = { column: null, descending: false };
  const heads = columns.map((column, i) => h('th', { scope: 'col', role: 'columnheader', class: column.text ? 'text' : null },
    column.value ? h('button', { type: 'button', click: () => arrange(i) }, column.title) : column.title));
  function arrange(i, descending) {
    order = { column: i, descending: descending ?? (order.column === i ? !order.descending : columns[i].high !== false && !columns[i].text) };
    heads.forEach((head, j) => j === i ? head.setAttribute('aria-sort', order.descending ? 'descending' : 'ascending') : head.removeAttribute('aria-sort'));
    const key = row => columns[i].value(row) ?? null, sign = order.descending ? -1 : 1;
    const compare = (a, b) => (a === null) - (b === null) || sign * (typeof a === 'string' ? a.localeCompare(b) : a - b);
    body.append(...lines.slice().sort((a, b) => a === b ? 0 : compare(key(a.row), key(b.row))).map(line => line.element));
  }
  const lines = rows.map(row => ({ row, element: h('tr', { role: 'row' }, columns.map((column, i) =>
    h(i === 0 ? 'th' : 'td', { scope: i === 0 ? 'row' : null, role: i === 0 ? 'rowheader' : 'cell', 'data-label': i === 0 ? null : column.title,
      class: [column.text ? 'text' : '', column.wide ? 'wide' : ''].join(' ').trim() || null }, column.cell(row)))) }));
  body.append(...lines.map(line => line.element));
  if (sort !== null)
    arrange(sort);
  return h('table', { class: `cards ${className}`.trim(), role: 'table' },
    h('caption', null, caption), h('thead', { role: 'rowgroup' }, h('tr', { role: 'row' }, heads)), body);
}

/** A share as a number with a bar and the ends of its interval. */
function shareCell(share, mark) {
  if (!share || share.total === 0)
    return '–';
  const ends = `${percent(share.low)} to ${percent(share.high)}`;
  return [h('span', { class: 'num' }, h('b', null, percent(share.share)), h('small', null, ` ${share.count} of ${share.total}`)),
    h('span', { class: 'meter', style: `color:${mark}`, title: `95 % interval ${ends}` },
      h('i', { style: `width:${100 * share.share}%` }), h('b', { style: `left:${100 * share.low}%;width:${100 * (share.high - share.low)}%` }))];
}

/** Three states: the theme of the system, light, dark. */
function themeButton() {
  const states = ['auto', 'light', 'dark'];
  const button = h('button', { type: 'button', class: 'theme', click: () => {
    const next = states[(states.indexOf(document.documentElement.dataset.theme ?? 'auto') + 1) % 3];
    document.documentElement.dataset.theme = next;
    button.textContent = `Theme: ${next}`;
  } }, 'Theme: auto');
  return button;
}
