'use strict';
// The evaluation of methods: pictures with their maps, and the sanity check.

function showCards() {
  const target = place('pictures');
  if (!target) return;
  const state = { metric: 0, method: 0, order: 'worst', shown: 6 };
  const list = h('div', { class: 'cards-list' }),
    more = h('div');
  const value = (card, m) => card.maps[m]?.values[state.metric] ?? null;
  const caption = (card, m) => {
    const metric = data.metrics[state.metric];
    return [
      h('b', null, data.methods[m].name),
      h('br'),
      `${metric.title} `,
      h('b', { 'data-method': m }, showMetric(metric, value(card, m))),
    ];
  };
  const values = card =>
    h(
      'details',
      null,
      h('summary', null, 'All values'),
      h(
        'div',
        { class: 'scroll' },
        h(
          'table',
          null,
          h(
            'thead',
            null,
            h(
              'tr',
              null,
              h('th', { class: 'text', scope: 'col' }, 'Metric'),
              data.methods.map(method => h('th', { scope: 'col' }, method.name)),
            ),
          ),
          h(
            'tbody',
            null,
            data.metrics.map((metric, i) =>
              h(
                'tr',
                null,
                h('th', { class: 'text', scope: 'row' }, `${metric.title} ${direction(metric)}`),
                indices(data.methods).map(m => h('td', null, showMetric(metric, card.maps[m]?.values[i]))),
              ),
            ),
          ),
        ),
      ),
    );
  const draw = card =>
    h(
      'article',
      { class: 'card', 'data-picture': card.name },
      h('h3', null, card.className, h('small', null, ` ${percent(card.probability, 1)}`)),
      h(
        'small',
        null,
        card.name,
        card.predicted ? ` · the network predicts ${card.predicted} ${percent(card.predictedProbability, 1)}` : '',
      ),
      h(
        'div',
        { class: 'tiles' },
        tile(
          card,
          null,
          `${card.name}, the photograph`,
          ['photograph', card.boxes.length > 0 ? ', with the boxes of the class' : ''],
          { boxes: true },
        ),
        indices(data.methods).map(m =>
          card.maps[m] ? tile(card, card.maps[m].map, `Map by ${data.methods[m].name}`, caption(card, m)) : null,
        ),
      ),
      [
        ...new Set(
          indices(data.methods).flatMap(m =>
            (card.maps[m]?.warnings ?? []).map(warning => `${data.methods[m].name}: ${warning}`),
          ),
        ),
      ].map(warning => h('p', { class: 'note' }, warning)),
      values(card),
    );
  const show = () => {
    const sign = (state.order === 'worst') === data.metrics[state.metric].higherIsBetter ? 1 : -1;
    const key = card => value(card, state.method);
    // Pictures without a value come last. Equal values keep the order of names.
    const cards =
      state.order === 'name'
        ? data.cards
        : data.cards
            .slice()
            .sort(
              (a, b) =>
                (key(a) === null) - (key(b) === null) ||
                sign * (key(a) - key(b)) ||
                data.cards.indexOf(a) - data.cards.indexOf(b),
            );
    clear(list).append(...cards.slice(0, state.shown).map(draw));
    offerMore(more, cards.length, state, 30, show);
  };
  const set = (key, number) => chosen => {
    state[key] = number ? +chosen : chosen;
    show();
  };
  const identified = (label, id) => {
    label.querySelector('select').id = id;
    return label;
  };
  clear(target).append(
    h(
      'div',
      { class: 'controls sticky' },
      identified(
        choice(
          'Order',
          [
            ['worst', 'worst first'],
            ['best', 'best first'],
            ['name', 'by name'],
          ],
          set('order'),
        ),
        'order',
      ),
      identified(
        choice(
          'by',
          data.metrics.map((metric, i) => [i, `${metric.title} ${direction(metric)}`]),
          set('metric', true),
        ),
        'metric',
      ),
      identified(
        choice(
          'of',
          data.methods.map((method, i) => [i, method.name]),
          set('method', true),
        ),
        'method',
      ),
      slider('Overlay', 'overlay', 55, share => document.documentElement.style.setProperty('--overlay', share)),
      colorScale('0 ', ' 1'),
    ),
    list,
    more,
  );
  show();
}

function showSanity() {
  if (!place('sanity')) return;
  clear(place('sanity')).append(
    h('p', null, colorScale('0 ', ' 1')),
    ...data.sanity.flatMap(record => {
      const grid = {
        width: record.gridWidth,
        height: record.gridHeight,
        gridWidth: record.gridWidth,
        gridHeight: record.gridHeight,
        boxes: [],
      };
      return [
        h('h3', null, record.method, h('small', null, ` ${record.className} · ${record.picture}`)),
        h(
          'div',
          { class: 'strip' },
          tile(grid, record.map, 'Map of the trained network', h('b', null, 'trained network'), { bare: true }),
          record.steps.map(step =>
            tile(
              grid,
              step.map,
              `Map with ${step.randomizedLayers} layers randomized`,
              [
                h('b', null, count(step.randomizedLayers, 'layer')),
                ' randomized',
                h('br'),
                `ρ ${number(step.spearman, 2)} · SSIM ${number(step.ssim, 2)}`,
                h('br'),
                h('small', null, `to ${step.layer}`),
              ],
              { bare: true },
            ),
          ),
        ),
      ];
    }),
  );
}

showCards();
showSanity();
