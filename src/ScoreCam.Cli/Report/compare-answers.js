'use strict';

// The comparison of networks: answers of one network, and all pictures by all methods.

/** One network: right answers, wrong answers within the group of the class, and wrong answers outside it. */
function showAnswers() {
  const target = place('answers');
  if (!target) return;
  const state = { network: 0, method: 0 },
    body = h('div', { class: 'three' });
  const kinds =
    data.groupNames.length > 0
      ? [
          ['Right', answer => answer.right],
          ['Wrong, within the group', answer => answer.right === false && answer.sameGroup === true],
          ['Wrong, outside the group', answer => answer.right === false && answer.sameGroup !== true],
        ]
      : [
          ['Right', answer => answer.right],
          ['Wrong', answer => answer.right === false],
        ];
  const card = p => {
    const picture = data.pictures[p],
      answer = answerOf(state.network, p),
      map = mapOf(state.network, state.method, p);
    const caption = (name, value) => [h('b', null, short(name)), ` ${percent(value)}`];
    return h(
      'div',
      { class: 'answer' },
      h(
        'div',
        { class: 'pairs' },
        tile(picture, map?.map, `Map for the truth, ${picture.className}`, [
          'truth: ',
          caption(picture.className, answer.truth),
        ]),
        answer.right
          ? tile(picture, null, picture.name, 'photograph')
          : tile(picture, map?.predicted, `Map for the prediction, ${answer.top[0][0]}`, [
              'predicted: ',
              caption(answer.top[0][0], answer.top[0][1]),
            ]),
      ),
      h('small', null, picture.name, picture.group ? ` · ${picture.group}` : ''),
    );
  };
  const draw = () =>
    clear(body).append(
      ...kinds.map(([title, matches]) => {
        const own = data.pictures
          .map((_, p) => p)
          .filter(
            p =>
              answerOf(state.network, p) &&
              answerOf(state.network, p).right !== null &&
              matches(answerOf(state.network, p)),
          );
        own.sort((a, b) => answerOf(state.network, b).top[0][1] - answerOf(state.network, a).top[0][1]);
        const list = h('div', null, own.slice(0, 3).map(card));
        const more =
          own.length > 3
            ? h(
                'button',
                {
                  type: 'button',
                  click: () => {
                    list.append(...own.slice(3).map(card));
                    more.remove();
                  },
                },
                `${own.length - 3} more`,
              )
            : null;
        return h(
          'section',
          { 'aria-label': title },
          h('h3', null, `${title} `, h('small', null, `${own.length}`)),
          own.length === 0 ? h('p', { class: 'dim' }, 'none') : null,
          list,
          more,
        );
      }),
    );
  clear(target).append(
    h(
      'div',
      { class: 'controls' },
      numbered('Network', names, state, 'network', draw),
      numbered('Method', methods, state, 'method', draw),
    ),
    body,
  );
  draw();
}

/** Pictures by methods on one network, with the consensus of the methods. */
function showMatrix() {
  const state = { network: 0, metric: 0, sort: 'name', shown: 12 },
    body = h('div', { class: 'matrix' }),
    more = h('div');
  const value = (m, p) => mapOf(state.network, m, p)?.values[state.metric] ?? null;
  const orders = [
    ['name', 'name of the picture'],
    ['spread', 'how much the methods disagree'],
    ...(data.metrics.length > 0 ? methods.flatMap((method, m) => [[`worst${m}`, `worst of ${method} first`]]) : []),
  ];
  const deviation = p => data.consensus[state.network]?.[p]?.spread ?? -1;
  const order = () => {
    const pictures = data.pictures.map((_, p) => p);
    if (state.sort === 'spread') return pictures.sort((a, b) => deviation(b) - deviation(a));
    if (state.sort !== 'name') {
      const m = +state.sort.slice(5),
        sign = data.metrics[state.metric].higherIsBetter ? 1 : -1;
      return pictures.sort(
        (a, b) => (value(m, a) === null) - (value(m, b) === null) || sign * (value(m, a) - value(m, b)),
      );
    }
    return pictures;
  };
  const line = p => {
    const picture = data.pictures[p],
      answer = answerOf(state.network, p),
      consensus = data.consensus[state.network]?.[p];
    const metric = data.metrics[state.metric];
    return h(
      'div',
      { class: 'line' },
      h(
        'div',
        { class: 'text' },
        h('b', null, picture.className ?? picture.name),
        h('small', null, ` ${picture.name}`),
        answer
          ? h(
              'small',
              null,
              ` · ${names[state.network]} predicts ${short(answer.top[0][0])} ${percent(answer.top[0][1])}`,
            )
          : null,
      ),
      tile(picture, null, picture.name, 'photograph', { boxes: true }),
      methods.map((method, m) =>
        mapOf(state.network, m, p)
          ? tile(picture, mapOf(state.network, m, p).map, `Map by ${method}`, [
              method,
              metric ? [h('br'), `${metric.title} `, h('b', null, showMetric(metric, value(m, p)))] : null,
              mapOf(state.network, m, p).warnings.map(warning => h('div', { class: 'note' }, warning)),
            ])
          : h('p', { class: 'dim' }, `${method}: no map`),
      ),
      consensus
        ? [
            tile(picture, consensus.mean, 'Mean of the maps of all methods', [
              h('b', null, 'consensus'),
              h('br'),
              'mean of the methods',
            ]),
            tile(picture, consensus.deviation, 'Where the methods disagree', [
              h('b', null, 'disagreement'),
              h('br'),
              `deviation, at most ${number(consensus.most, 2)}`,
            ]),
          ]
        : null,
    );
  };
  const draw = () => {
    const pictures = order();
    clear(body).append(...pictures.slice(0, state.shown).map(line));
    offerMore(more, pictures.length, state, 24, draw);
  };
  const titles = data.metrics.map(metric => `${metric.title} ${direction(metric)}`);
  clear(place('matrix')).append(
    h(
      'div',
      { class: 'controls' },
      numbered('Network', names, state, 'network', draw),
      data.metrics.length > 0
        ? numbered('Under each map', titles, state, 'metric', draw)
        : null,
      choice('Order', orders, value => {
        state.sort = value;
        draw();
      }),
    ),
    body,
    more,
  );
  draw();
}

find('#map-controls').append(
  slider('Overlay', 'overlay', 55, value => document.documentElement.style.setProperty('--overlay', value)),
  slider('Contour at', 'level', 50, setLevel),
  colorScale('0 ', ' 1'),
  h('small', null, 'of the largest value'),
);
showAnswers();
showMatrix();
