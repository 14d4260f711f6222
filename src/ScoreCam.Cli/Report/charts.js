'use strict';
// Charts as plain SVG. They are drawn again when their width changes, so that text keeps its size.

/** A figure whose drawing follows its width. draw(width) gives the SVG. */
function chart(draw, caption) {
  const holder = h('div');
  let drawn = 0;
  new ResizeObserver(() => {
    const width = Math.floor(holder.clientWidth);
    if (width > 0 && width !== drawn) {
      drawn = width;
      clear(holder).append(draw(width));
    }
  }).observe(holder);
  return h('figure', { class: 'tile' }, holder, caption ? h('figcaption', null, caption) : null);
}

const extent = values => [Math.min(...values), Math.max(...values)];

/** Round steps for an axis from low to high, about so many. */
function steps(low, high, about) {
  const raw = (high - low) / about,
    size = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map(factor => factor * size).find(value => value >= raw);
  const first = Math.ceil(low / step - 1e-9) * step;
  return Array.from({ length: Math.floor((high - first) / step + 1e-9) + 1 }, (_, i) => first + i * step);
}

/** Places labels beside points without overlap. A label without room is left out, unless it must be shown. */
function placeLabels(points, width, height, must) {
  const boxes = points.flatMap(point => [
    [point.x - point.r, point.y - point.r, point.x + point.r, point.y + point.r],
    ...(point.whisker ? [[point.x - 1, point.whisker[0], point.x + 1, point.whisker[1]]] : []),
  ]);
  const free = box =>
    box[0] >= 0 &&
    box[1] >= 0 &&
    box[2] <= width &&
    box[3] <= height &&
    boxes.every(other => box[2] < other[0] || box[0] > other[2] || box[3] < other[1] || box[1] > other[3]);
  return points.map(point => {
    const wide = 6.6 * point.label.length + 4,
      r = point.r + 5;
    const places = [
      [point.x + r, point.y - 7, 'start'],
      [point.x - r - wide, point.y - 7, 'end'],
      [point.x + r, point.y - 16, 'start'],
      [point.x - wide / 2, point.y - r - 13, 'middle'],
      [point.x - wide / 2, point.y + r, 'middle'],
      ...[-22, 9, -32, 20, -44, 32].flatMap(shift => [
        [point.x + r, point.y + shift, 'start'],
        [point.x - r - wide, point.y + shift, 'end'],
      ]),
    ];
    const place =
      places.find(([x, y]) => free([x, y, x + wide, y + 14])) ?? (must ? places[point.x > width / 2 ? 1 : 0] : null);
    if (!place) return null;
    boxes.push([place[0], place[1], place[0] + wide, place[1] + 14]);
    const x = place[2] === 'start' ? place[0] : place[2] === 'end' ? place[0] + wide : place[0] + wide / 2;
    return s('text', { x, y: place[1] + 11, 'text-anchor': place[2] }, point.label);
  });
}

/** Accuracy against parameters: one point per network, with its interval. */
function accuracyChart(networks, figures) {
  const known = networks
    .map((network, i) => ({ network, i, share: figures[i].accuracy }))
    .filter(one => one.share.total > 0);
  const text = known
    .map(one => `${one.network.name}: ${percent(one.share.share)}, ${large(one.network.parameters)} parameters`)
    .join('; ');
  return chart(width => {
    const height = Math.min(340, Math.max(240, width * 0.62)),
      left = 44,
      right = 18,
      top = 14,
      bottom = 42;
    const logs = known.map(one => Math.log10(Math.max(1, one.network.parameters)));
    let [low, high] = extent(logs);
    [low, high] = [low - 0.18 - 0.1 * (high - low), high + 0.18 + 0.1 * (high - low)];
    const x = value => left + ((Math.log10(Math.max(1, value)) - low) / (high - low)) * (width - left - right);
    const floor = Math.max(0, Math.floor(10 * Math.min(...known.map(one => one.share.low)) - 0.5) / 10);
    const ceiling = Math.min(1, Math.ceil(10 * Math.max(...known.map(one => one.share.high)) + 0.2) / 10);
    const y = value => height - bottom - ((value - floor) / (ceiling - floor)) * (height - top - bottom);
    const ticks = [];
    for (let power = Math.floor(low); power <= Math.ceil(high); power++)
      for (const factor of high - low < 1.3 ? [1, 2, 5] : high - low < 2.5 ? [1, 3] : [1])
        if (Math.log10(factor * 10 ** power) >= low && Math.log10(factor * 10 ** power) <= high)
          ticks.push(factor * 10 ** power);
    const points = known.map(one => ({
      x: x(one.network.parameters),
      y: y(one.share.share),
      r: 7,
      label: one.network.name,
      whisker: [y(one.share.high), y(one.share.low)],
      ...one,
    }));
    return s(
      'svg',
      { width, height, role: 'img', 'aria-label': `Accuracy against the number of parameters. ${text}` },
      steps(floor, ceiling, 5).map(value => [
        s('line', { class: 'grid', x1: left, x2: width - right, y1: y(value), y2: y(value) }),
        s('text', { class: 'axis', x: left - 8, y: y(value) + 4, 'text-anchor': 'end' }, percent(value)),
      ]),
      ticks.map(value =>
        s('text', { class: 'axis', x: x(value), y: height - bottom + 18, 'text-anchor': 'middle' }, large(value)),
      ),
      s(
        'text',
        { class: 'axis', x: (width + left - right) / 2, y: height - 6, 'text-anchor': 'middle' },
        'parameters (log scale)',
      ),
      points.map(point =>
        s(
          'g',
          { style: `color:${color(point.i)}` },
          s('line', { class: 'whisker', x1: point.x, x2: point.x, y1: y(point.share.low), y2: y(point.share.high) }),
          s(
            'circle',
            { class: 'mark', cx: point.x, cy: point.y, r: point.r },
            s('title', null, `${point.label}: ${percent(point.share.share)} of ${point.share.total}`),
          ),
        ),
      ),
      placeLabels(points, width, height - bottom, true),
    );
  }, 'Accuracy (upwards) against parameters. The lines are 95 % intervals.');
}

/** Points in a plane. Only their distances have a meaning. points: { x, y, label, color, r, title, click }. */
function planeChart(points, { caption, label, must = true, ratio = 0.5 }) {
  return chart(width => {
    const height = Math.max(220, Math.min(460, width * ratio)),
      edge = 34;
    const [left, right] = extent(points.map(point => point.x)),
      [low, high] = extent(points.map(point => point.y));
    const scale = Math.min(
      (width - 2 * edge) / Math.max(right - left, 1e-9),
      (height - 2 * edge) / Math.max(high - low, 1e-9),
      1e6,
    );
    const placed = points.map(point => ({
      ...point,
      x: width / 2 + scale * (point.x - (left + right) / 2),
      y: height / 2 - scale * (point.y - (low + high) / 2),
    }));
    return s(
      'svg',
      { width, height, role: 'group', 'aria-label': label },
      s('rect', { x: 0.5, y: 0.5, width: width - 1, height: height - 1, rx: 8, fill: 'none', class: 'grid' }),
      placed.map(point => {
        const circle = s(
          'circle',
          {
            class: 'mark',
            cx: point.x,
            cy: point.y,
            r: point.r,
            style: `color:${point.color}`,
            'fill-opacity': 0.85,
            tabindex: point.click ? 0 : null,
            role: point.click ? 'button' : 'img',
            'aria-label': point.title,
            cursor: point.click ? 'pointer' : null,
            click: () => point.click?.(),
            keydown: event => (event.key === 'Enter' || event.key === ' ') && (event.preventDefault(), point.click?.()),
          },
          s('title', null, point.title),
        );
        return circle;
      }),
      placeLabels(placed, width, height, must),
    );
  }, caption);
}

/** Rows with a dot per network on one scale of 0…100 %: accuracy by group. */
function dotRows(rows, names, label) {
  return chart(width => {
    // On a phone names stand above their rows.
    const narrow = width < 480,
      left = narrow ? 8 : 200,
      right = 16,
      step = narrow ? 44 : 30,
      top = 8,
      bottom = 30;
    const height = top + step * rows.length + bottom;
    const x = value => left + value * (width - left - right);
    const shift = names.length > 1 ? Math.min(5, 16 / names.length) : 0;
    return s(
      'svg',
      { width, height, role: 'img', 'aria-label': label },
      (narrow ? [0, 0.5, 1] : [0, 0.25, 0.5, 0.75, 1]).map(value => [
        s('line', { class: 'grid', x1: x(value), x2: x(value), y1: top, y2: height - bottom }),
        s(
          'text',
          {
            class: 'axis',
            x: x(value),
            y: height - 10,
            'text-anchor': value === 1 ? 'end' : value === 0 ? 'start' : 'middle',
          },
          percent(value),
        ),
      ]),
      rows.map((row, r) => {
        const y = top + step * (r + (narrow ? 0.72 : 0.5)),
          known = row.shares.filter(share => share?.total > 0);
        const [low, high] = known.length > 0 ? extent(known.map(share => share.share)) : [0, 0];
        return [
          narrow
            ? s('text', { x: left, y: y - 14 }, row.name)
            : s('text', { x: left - 12, y: y + 4, 'text-anchor': 'end' }, row.name),
          s('line', { class: 'grid', x1: x(low), x2: x(high), y1: y, y2: y, style: 'stroke-width:3' }),
          row.shares.map((share, i) =>
            share?.total > 0
              ? s(
                  'circle',
                  {
                    class: 'mark',
                    cx: x(share.share),
                    cy: y + shift * (i - (names.length - 1) / 2),
                    r: 6,
                    style: `color:${color(i)}`,
                  },
                  s(
                    'title',
                    null,
                    `${row.name}, ${names[i]}: ${percent(share.share)} (${share.count} of ${share.total})`,
                  ),
                )
              : null,
          ),
        ];
      }),
    );
  });
}

/** A symmetric matrix of coloured numbers. at(i, j) is a number or null; low is the value of the palest colour. */
function heatMatrix(caption, names, at, { digits = 2, low = 0, high = 1, short = null } = {}) {
  const letters = short ?? names.map((_, i) => (i < 26 ? String.fromCharCode(65 + i) : `${i + 1}`));
  const cell = (value, self) => {
    if (self) return h('td', { class: 'self' }, number(value, digits));
    if (value === null || value === undefined) return h('td', null, '–');
    const strength = Math.max(0, Math.min(1, (value - low) / (high - low)));
    // At 45 % the text keeps its contrast in both themes.
    return h(
      'td',
      { style: `background:color-mix(in srgb, var(--accent) ${(45 * strength).toFixed(0)}%, var(--panel))` },
      number(value, digits),
    );
  };
  return h(
    'div',
    { class: 'scroll' },
    h(
      'table',
      { class: 'heat' },
      h('caption', null, caption),
      h(
        'thead',
        null,
        h(
          'tr',
          null,
          h('td'),
          letters.map(letter => h('th', { scope: 'col' }, letter)),
        ),
      ),
      h(
        'tbody',
        null,
        names.map((name, i) =>
          h(
            'tr',
            null,
            h('th', { scope: 'row' }, short ? name : [h('b', null, letters[i]), ` ${name}`]),
            names.map((_, j) => cell(at(i, j), i === j)),
          ),
        ),
      ),
    ),
  );
}

/** The names of networks with their colours. */
const legend = names =>
  h(
    'p',
    { class: 'controls' },
    names.map((name, i) =>
      h(
        'span',
        { style: `color:${color(i)}` },
        h('span', { class: 'dot' }),
        h('span', { style: 'color:var(--ink)' }, name),
      ),
    ),
  );
