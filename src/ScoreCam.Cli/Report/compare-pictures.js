'use strict';
// The comparison of networks: single pictures.

const short = label => label.split(',')[0];
const answerOf = (n, p) => data.answers[n][p];
const mapOf = (n, m, p) => data.maps[n][m][p];
const rights = p => names.map((_, n) => answerOf(n, p)?.right ?? null);

const filters = {
  all: ['all pictures', () => true],
  split: ['networks disagree', p => rights(p).includes(true) && rights(p).includes(false)],
  wrong: ['all wrong', p => rights(p).every(right => right === false)],
  right: ['all right', p => rights(p).every(right => right === true)],
};

/** All networks on one picture. */
function showPicture() {
  const state = {
    filter: anyKnown && data.pictures.some((_, p) => filters.split[1](p)) ? 'split' : 'all',
    picture: 0,
    method: 0,
    predicted: false,
    measure: 0,
  };
  const film = h('div', { class: 'film', role: 'group', 'aria-label': 'Pictures' }),
    body = h('div', { 'aria-live': 'polite' });
  const chosen = () => data.pictures.map((_, p) => p).filter(filters[state.filter][1]);
  const drawFilm = () => {
    clear(film).append(
      ...chosen().map(p =>
        h(
          'button',
          {
            type: 'button',
            'aria-pressed': String(p === state.picture),
            'data-picture': p,
            'aria-label': [data.pictures[p].name, data.pictures[p].className].filter(Boolean).join(', '),
            click: () => pick(p),
          },
          h('span', { class: `shot ${data.pictures[p].key}` }),
          h(
            'span',
            { class: 'marks' },
            rights(p).map(right =>
              right === null ? null : h('span', { class: right ? 'right' : 'wrong' }, right ? '✓' : '✗'),
            ),
          ),
        ),
      ),
    );
  };
  const pick = p => {
    state.picture = p;
    film
      .querySelectorAll('button')
      .forEach(button => button.setAttribute('aria-pressed', String(+button.dataset.picture === p)));
    drawBody();
  };
  const step = by => {
    const list = chosen(),
      at = list.indexOf(state.picture);
    if (list.length > 0) {
      pick(list[(at + by + list.length) % list.length]);
      film.querySelector('[aria-pressed=true]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
    }
  };
  const filter = value => {
    state.filter = value;
    const list = chosen();
    drawFilm();
    if (list.length > 0) pick(list.includes(state.picture) ? state.picture : list[0]);
    else clear(body).append(h('p', { class: 'dim' }, 'No picture matches.'));
  };
  function drawBody() {
    const p = state.picture,
      picture = data.pictures[p];
    const similarity = names.length > 1 ? pictureLikeness(p, state) : null;
    clear(body).append(
      h(
        'div',
        { class: 'picture' },
        h(
          'div',
          { class: 'original' },
          tile(
            picture,
            null,
            `${picture.name}, the photograph`,
            [
              h('b', null, picture.className ?? 'class not known'),
              h('br'),
              picture.name,
              picture.boxes.length > 0
                ? ` · ${count(picture.boxes.length, 'box').replace('boxs', 'boxes')} of the class`
                : '',
            ],
            { boxes: true },
          ),
        ),
        h('div', null, similarity),
      ),
      pictureTable(p, state),
    );
  }
  clear(place('picture')).append(
    h(
      'div',
      { class: 'controls' },
      anyKnown
        ? choice(
            'Show',
            Object.entries(filters).map(([key, [text, matches]]) => [
              key,
              `${text} (${data.pictures.filter((_, p) => matches(p)).length})`,
            ]),
            filter,
            state.filter,
          )
        : null,
      numbered('Method', methods, state, 'method', drawBody),
      choice(
        'Explain',
        [
          ['truth', 'the class of the picture'],
          ['predicted', 'what each network predicts'],
        ],
        value => {
          state.predicted = value === 'predicted';
          drawBody();
        },
      ),
      h('button', { type: 'button', click: () => step(-1) }, '← previous'),
      h('button', { type: 'button', click: () => step(1) }, 'next →'),
    ),
    film,
    body,
  );
  filter(state.filter);
}

function answerCell(answer) {
  return h(
    'ul',
    { class: 'tops' },
    answer.top
      .slice(0, 3)
      .map(([label, p], i) =>
        h(
          'li',
          null,
          h('i', { style: `width:${100 * p}%` }),
          h(
            'span',
            null,
            i === 0 && answer.right !== null
              ? h('span', { class: answer.right ? 'right' : 'wrong' }, answer.right ? '✓ ' : '✗ ')
              : null,
            short(label),
          ),
          h('span', { class: 'num' }, percent(p)),
        ),
      ),
  );
}

function pictureTable(p, state) {
  const picture = data.pictures[p];
  const map = n => mapOf(n, state.method, p);
  const values = n => (state.predicted && map(n)?.predicted ? map(n).predicted : map(n)?.map);
  const explains = n => (state.predicted ? answerOf(n, p)?.top[0][0] : map(n)?.label);
  const shotOf = (n, options, what) =>
    values(n)
      ? tile(
          picture,
          values(n),
          `${what} of ${names[n]} by ${methods[state.method]} for ${explains(n)}`,
          `for ${short(explains(n))}`,
          options,
        )
      : '–';
  const columns = [
    {
      title: 'Network',
      text: true,
      value: n => names[n],
      cell: n => [
        named(n),
        h('br'),
        h(
          'small',
          null,
          data.figures.networks[n].accuracy.total > 0
            ? `accuracy ${percent(data.figures.networks[n].accuracy.share)}`
            : '',
        ),
      ],
    },
    { title: 'Contour', text: true, cell: n => shotOf(n, { overlay: false, line: true }, 'Contour of the map') },
    { title: 'Overlay', text: true, cell: n => shotOf(n, {}, 'Map') },
    {
      title: 'Prediction',
      text: true,
      wide: true,
      value: n => (answerOf(n, p) ? `${answerOf(n, p).right ? 0 : 1}${answerOf(n, p).top[0][0]}` : ''),
      cell: n => (answerOf(n, p) ? answerCell(answerOf(n, p)) : '–'),
    },
    { title: 'Confidence', value: n => answerOf(n, p)?.top[0][1], cell: n => percent(answerOf(n, p)?.top[0][1], 1) },
    ...(picture.className
      ? [
          {
            title: 'Probability of the truth',
            value: n => answerOf(n, p)?.truth,
            cell: n => percent(answerOf(n, p)?.truth, 1),
          },
        ]
      : []),
    ...(state.predicted
      ? []
      : data.metrics.map((metric, i) => ({
          title: `${metric.title} ${direction(metric)}`,
          value: n => map(n)?.values[i],
          cell: n => showMetric(metric, map(n)?.values[i]),
        }))),
  ];
  return h(
    'div',
    { class: 'scroll' },
    sortable(
      `${picture.className ?? picture.name}, by ${methods[state.method]}`,
      columns,
      names.map((_, n) => n),
      { className: 'task' },
    ),
  );
}

function pictureLikeness(p, state) {
  const holder = h('div');
  const draw = () => {
    const columns = columnsOf(`m${state.method}`);
    const at = (i, j) => (i === j ? 1 : data.likeness[pairIndex(columns[i], columns[j])]?.[p]?.[state.measure]);
    clear(holder).append(heatMatrix(data.measures[state.measure], names, at));
  };
  draw();
  return h(
    'div',
    null,
    h(
      'div',
      { class: 'controls' },
      numbered('Similarity of the maps of this picture', data.measures, state, 'measure', draw),
    ),
    holder,
  );
}

showPicture();
