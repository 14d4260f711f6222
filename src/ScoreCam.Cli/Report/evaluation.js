'use strict';
// The evaluation of methods: their cost, and every figure.

const data = JSON.parse(find('#data').textContent);
colormap = bytesOf(data.colormap);
const place = name => find(`[data-view=${name}]`);
const showMetric = (metric, value) => (value === null || value === undefined ? '–' : value.toFixed(metric.digits));
const direction = metric => (metric.higherIsBetter ? '↑' : '↓');
const indices = list => list.map((_, i) => i);
const real = indices(data.methods).filter(m => !data.methods[m].isControl),
  controls = indices(data.methods).filter(m => data.methods[m].isControl);

function showMethods() {
  const leads = m => data.metrics.filter(metric => metric.leaders.includes(m));
  const decided = data.metrics.filter(metric => metric.leaders.length > 0).length;
  const cost = m => data.costs[m];
  const gradients = m =>
    cost(m).gradientPasses > 0 ? ` + ${count(Math.round(cost(m).gradientPasses), 'gradient')}` : '';
  const runs = m => `${Math.round(1 + cost(m).passes)}${gradients(m)}`;
  const columns = [
    {
      title: 'Method',
      text: true,
      value: m => data.methods[m].name,
      cell: m => [data.methods[m].name, data.methods[m].isControl ? h('small', null, ' control') : null],
    },
    { title: 'Time of a map', high: false, value: m => cost(m).seconds, cell: m => seconds(cost(m).seconds) },
    { title: 'Forward passes', high: false, value: m => 1 + cost(m).passes + cost(m).gradientPasses, cell: runs },
    ...(real.length > 1
      ? [
          {
            title: 'Leading in',
            value: m => (data.methods[m].isControl ? null : leads(m).length),
            cell: m => (data.methods[m].isControl ? '–' : `${leads(m).length} of ${decided}`),
          },
          {
            title: 'Metrics',
            text: true,
            wide: true,
            cell: m =>
              data.methods[m].isControl
                ? ''
                : h(
                    'small',
                    null,
                    leads(m)
                      .map(metric => metric.title)
                      .join(', ') || '–',
                  ),
          },
        ]
      : []),
  ];
  clear(place('methods')).append(
    sortable('Cost of a map, and metrics in which a method leads', columns, [...real, ...controls]),
  );
}

/** One metric: a row per method with its mean and interval on one scale. */
function forest(metric, i) {
  const cells = data.summary[i],
    known = cells.filter(cell => cell.mean !== null);
  if (known.length === 0) return null;
  const [low, high] = [Math.min(...known.map(cell => cell.low)), Math.max(...known.map(cell => cell.high))];
  const at = value => (100 * (value - low)) / (high - low || 1);
  const most = Math.max(...known.map(cell => cell.count));
  const row = m => {
    const cell = cells[m],
      name = data.methods[m].name;
    const uniform = name === 'uniform' && /drop|increase|gain/.test(metric.name) ? ' (keeps the whole picture)' : '';
    return h(
      'tr',
      {
        role: 'row',
        class:
          [metric.leaders.includes(m) ? 'lead' : '', data.methods[m].isControl ? 'control' : ''].join(' ').trim() ||
          null,
      },
      h('th', { scope: 'row', role: 'rowheader' }, name, uniform ? h('small', null, uniform) : null),
      h(
        'td',
        { class: 'track', role: 'cell' },
        cell.mean === null
          ? null
          : h(
              'span',
              { 'aria-hidden': 'true' },
              h('i', { style: `left:${at(cell.low)}%;width:${at(cell.high) - at(cell.low)}%` }),
              h('b', { style: `left:${at(cell.mean)}%` }),
            ),
      ),
      h(
        'td',
        { class: 'num', role: 'cell' },
        showMetric(metric, cell.mean),
        cell.mean === null
          ? null
          : h(
              'small',
              null,
              ` [${showMetric(metric, cell.low)}, ${showMetric(metric, cell.high)}]`,
              cell.count < most ? ` n = ${cell.count}` : '',
            ),
      ),
    );
  };
  const sign = metric.higherIsBetter ? -1 : 1;
  const ranked = real
    .slice()
    .sort((a, b) => (cells[a].mean === null) - (cells[b].mean === null) || sign * (cells[a].mean - cells[b].mean));
  return h(
    'table',
    { class: 'forest', role: 'table', 'data-metric': metric.name },
    h(
      'caption',
      null,
      `${metric.title} ${direction(metric)} `,
      h(
        'small',
        null,
        metric.text,
        real.length > 1 && metric.leaders.length === 0 ? '; no method is clearly better than another' : '',
      ),
    ),
    h('tbody', { role: 'rowgroup' }, ranked.map(row)),
    h('tbody', { role: 'rowgroup' }, controls.map(row)),
  );
}

function showFigures() {
  const kinds = [...new Set(data.metrics.map(metric => metric.kind))];
  clear(place('figures')).append(
    h('p', { class: 'dim' }, '↑ larger is better, ↓ smaller is better. The controls stand below the line.'),
    ...kinds.flatMap(kind => [
      h('h3', null, kind),
      h(
        'div',
        { class: 'panels' },
        data.metrics.map((metric, i) => (metric.kind === kind ? forest(metric, i) : null)),
      ),
    ]),
  );
}

/** Mean curves of one kind, each labelled at its end. */
function curveChart(panel) {
  const known = indices(panel.curves).filter(m => panel.curves[m]);
  const names = known.map(m => data.methods[m].name);
  const hue = m => (data.methods[m].isControl ? 'var(--dim)' : color(real.indexOf(m)));
  const figure = chart(width => {
    const longest = Math.max(...names.map(name => name.length));
    const left = 40,
      right = Math.min(width * 0.4, 16 + 6.4 * longest),
      top = 12,
      bottom = 38;
    const height = Math.max(260, 46 + 15 * known.length),
      most = Math.max(...known.flatMap(m => panel.curves[m].values));
    const ceiling = [0.1, 0.2, 0.4, 0.6, 0.8].find(value => value >= most) ?? 1;
    const x = value => left + value * (width - left - right),
      y = value => height - bottom - (value / ceiling) * (height - top - bottom);
    const points = m =>
      panel.curves[m].values.map((value, i, all) => {
        const { from, to } = panel.curves[m];
        return [x(from + (i * (to - from)) / Math.max(1, all.length - 1)), y(value)];
      });
    // Names stand at the ends of their curves, at least 14 pixels apart.
    const ends = known.map(m => ({ m, at: points(m).at(-1)[1] })).sort((a, b) => a.at - b.at);
    ends.forEach((end, i) => {
      end.y = Math.max(end.at, top + 4, i > 0 ? ends[i - 1].y + 14 : 0);
    });
    for (let i = ends.length - 1, floor = height - bottom; i >= 0; i--, floor -= 14)
      ends[i].y = Math.min(ends[i].y, floor);
    const alone = only =>
      figure
        .querySelectorAll('[data-curve]')
        .forEach(part => part.classList.toggle('faint', only !== null && +part.dataset.curve !== only));
    const follow = m => ({ pointerenter: () => alone(m), pointerleave: () => alone(null) });
    return s(
      'svg',
      { width, height, role: 'img', 'aria-label': `${panel.title}. ${names.join(', ')}` },
      steps(0, ceiling, 4).map(value => [
        s('line', { class: 'grid', x1: left, x2: width - right, y1: y(value), y2: y(value) }),
        s(
          'text',
          { class: 'axis', x: left - 6, y: y(value) + 4, 'text-anchor': 'end' },
          number(value, ceiling <= 0.2 ? 2 : 1),
        ),
      ]),
      [0, 0.25, 0.5, 0.75, 1].map(value =>
        s('text', { class: 'axis', x: x(value), y: height - bottom + 16, 'text-anchor': 'middle' }, value),
      ),
      s('text', { class: 'axis', x: (left + width - right) / 2, y: height - 5, 'text-anchor': 'middle' }, panel.axis),
      known.map(m =>
        s('polyline', {
          'data-curve': m,
          class: data.methods[m].isControl ? 'control' : null,
          style: `color:${hue(m)}`,
          points: points(m)
            .map(point => point.map(value => value.toFixed(1)).join(','))
            .join(' '),
          ...follow(m),
        }),
      ),
      ends.map(end =>
        s(
          'text',
          {
            'data-curve': end.m,
            class: 'name',
            x: width - right + 8,
            y: end.y + 4,
            style: `fill:${hue(end.m)}`,
            ...follow(end.m),
          },
          data.methods[end.m].name,
        ),
      ),
    );
  });
  return h('div', null, h('h3', null, panel.title), figure);
}

function showCurves() {
  if (place('curves')) clear(place('curves')).append(h('div', { class: 'charts' }, data.curves.map(curveChart)));
}

showMethods();
showFigures();
showCurves();
find('.top .row').append(themeButton());
