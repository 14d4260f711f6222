'use strict';
// The comparison of networks: accuracy, cost and agreement.

const data = JSON.parse(find('#data').textContent);
colormap = bytesOf(data.colormap);
const names = data.networks.map(network => network.name);
const methods = data.methods.map(method => method.name);
const anyKnown = data.figures.networks.some(network => network.accuracy.total > 0);
const place = name => find(`[data-view=${name}]`);
const named = i => [h('span', { class: 'dot', style: `color:${color(i)}` }), names[i]];
const figureOf = (n, m) => data.figures.maps.find(map => map.network === names[n] && map.method === methods[m]);
const showMetric = (metric, value) => (value === null || value === undefined ? '–' : value.toFixed(metric.digits));
const direction = metric => (metric.higherIsBetter ? '↑' : '↓');

function showNetworks() {
  const own = i => data.figures.networks[i];
  const mean = (i, key) => {
    const values = methods.map((_, m) => figureOf(i, m)?.[key]).filter(value => value !== undefined && value !== null);
    return values.length === 0 ? null : values.reduce((a, b) => a + b, 0) / values.length;
  };
  const columns = [
    { title: 'Network', text: true, value: i => names[i], cell: i => named(i) },
    { title: 'Accuracy', value: i => own(i).accuracy.share, cell: i => shareCell(own(i).accuracy, color(i)) },
    { title: 'Top 5', value: i => own(i).topFive.share, cell: i => percent(own(i).topFive.share) },
    {
      title: 'Parameters',
      high: false,
      value: i => data.networks[i].parameters,
      cell: i => large(data.networks[i].parameters),
    },
    { title: 'File', high: false, value: i => data.networks[i].bytes, cell: i => `${large(data.networks[i].bytes)}B` },
    { title: 'Prediction time', high: false, value: i => own(i).seconds, cell: i => seconds(own(i).seconds) },
    { title: 'Map time', high: false, value: i => mean(i, 'seconds'), cell: i => seconds(mean(i, 'seconds')) },
  ].filter(column => anyKnown || !/Accuracy|Top 5/.test(column.title));
  const table = sortable(
    'Networks: accuracy, size and time',
    columns,
    names.map((_, i) => i),
    { sort: anyKnown ? 1 : 0 },
  );
  const cost = (m, i) => {
    const own = figureOf(i, m);
    if (!own || own.pictures === 0) return '–';
    const gradients = own.gradientPasses > 0 ? ` + ${count(Math.round(own.gradientPasses), 'gradient')}` : '';
    const runs = Math.round(1 + own.passes),
      text = `${runs} ${runs === 1 ? 'pass' : 'passes'}`;
    return [seconds(own.seconds), h('small', null, ` ${text}${gradients}`)];
  };
  const costs = sortable(
    'Cost of a map: time and forward passes',
    [
      { title: 'Network', text: true, value: i => names[i], cell: i => named(i) },
      ...methods.map((method, m) => ({
        title: method,
        high: false,
        value: i => figureOf(i, m)?.seconds,
        cell: i => cost(m, i),
      })),
    ],
    names.map((_, i) => i),
  );
  clear(place('networks')).append(
    ...(anyKnown
      ? [
          h(
            'div',
            { class: 'columns wide' },
            accuracyChart(data.networks, data.figures.networks),
            h('div', { class: 'scroll' }, table),
          ),
        ]
      : [table]),
    h('div', { class: 'scroll costs' }, costs),
  );
}

function showAgreement() {
  const target = place('agreement');
  if (!target) return;
  const pairs = data.figures.agreement,
    many = pairs.length > 10;
  const total = pair => pair.bothRight + pair.onlyFirst + pair.onlySecond + pair.bothWrong;
  const part = (pair, key, name) =>
    pair[key] === 0
      ? null
      : h('span', { class: name, style: `flex:${pair[key]}`, title: `${pair[key]} of ${total(pair)}` }, pair[key]);
  const bar = pair =>
    h(
      'span',
      {
        class: 'stack',
        role: 'img',
        'aria-label':
          `both right ${pair.bothRight}, only ${pair.first} ${pair.onlyFirst}, ` +
          `only ${pair.second} ${pair.onlySecond}, both wrong ${pair.bothWrong}`,
      },
      part(pair, 'bothRight', 'both'),
      part(pair, 'onlyFirst', 'first'),
      part(pair, 'onlySecond', 'second'),
      part(pair, 'bothWrong', 'none'),
    );
  const words = pair =>
    total(pair) === 0
      ? '–'
      : pair.mcNemar < 0.05
        ? `${pair.onlyFirst > pair.onlySecond ? pair.first : pair.second} is more accurate`
        : 'not clear from these pictures';
  const columns = [
    {
      title: 'Networks',
      text: true,
      value: pair => `${pair.first} ${pair.second}`,
      cell: pair => [named(names.indexOf(pair.first)), h('br'), named(names.indexOf(pair.second))],
    },
    { title: 'Right and wrong', text: true, wide: true, cell: pair => (total(pair) > 0 ? bar(pair) : '–') },
    {
      title: 'Same answer',
      value: pair => pair.sameAnswer?.share,
      cell: pair => (pair.sameAnswer ? percent(pair.sameAnswer.share) : '–'),
    },
    { title: 'Cohen’s κ', value: pair => pair.kappa, cell: pair => number(pair.kappa, 2) },
    {
      title: 'McNemar’s p',
      high: false,
      value: pair => (total(pair) > 0 ? pair.mcNemar : null),
      cell: pair => (total(pair) === 0 ? '–' : pair.mcNemar < 0.001 ? '< 0.001' : number(pair.mcNemar, 3)),
    },
    { title: 'Difference in accuracy', text: true, wide: true, cell: words },
  ];
  const table = sortable(many ? `All ${pairs.length} pairs` : 'Pairs of networks', columns, pairs, { sort: 4 });
  const key = h(
    'p',
    { class: 'key' },
    [
      ['both', 'both right'],
      ['first', 'only the first'],
      ['second', 'only the second'],
      ['none', 'both wrong'],
    ].map(([name, text]) => h('span', null, h('i', { class: name }), text)),
  );
  const same = (i, j) =>
    i === j
      ? 1
      : pairs.find(
          pair =>
            (pair.first === names[i] && pair.second === names[j]) ||
            (pair.first === names[j] && pair.second === names[i]),
        )?.sameAnswer?.share;
  clear(target).append(
    ...(many
      ? [
          heatMatrix('Share of pictures with the same answer', names, same),
          h('details', null, h('summary', null, `All ${pairs.length} pairs`), key, table),
        ]
      : [key, table]),
  );
}

showNetworks();
showAgreement();
find('.top .row').append(themeButton());
