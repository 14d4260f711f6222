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
  const state = { filter: anyKnown && data.pictures.some((_, p) => filters.split[1](p)) ? 'split' : 'all', picture: 0, method: 0, predicted: false, measure: 0 };
  const film = h('div', { class: 'film', role: 'group', 'aria-label': 'Pictures' }), body = h('div', { 'aria-live': 'polite' });
  const chosen = () => data.pictures.map((_, p) => p).filter(filters[state.filter][1]);
  const drawFilm = () => {
    clear(film).append(...chosen().map(p => h('button', { type: 'button', 'aria-pressed': String(p === state.picture), 'data-picture': p,
      'aria-label': `${data.pictures[p].name}${data.pictures[p].className ? `, ${data.pictures[p].className}` : ''}`, click: () => pick(p) },
    h('span', { class: `shot ${data.pictures[p].key}` }),
    h('span', { class: 'marks' }, rights(p).map(right => right === null ? null : h('span', { class: right ? 'right' : 'wrong' }, right ? '✓' : '✗'))))));
  };
  const pick = p => {
    state.picture = p;
    film.querySelectorAll('button').forEach(button => button.setAttribute('aria-pressed', String(+button.dataset.picture === p)));
    drawBody();
  };
  const step = by => {
    const list = chosen(), at = list.indexOf(state.picture);
    if (list.length > 0) {
      pick(list[(at + by + list.length) % list.length]);
      film.querySelector('[aria-pressed=true]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
    }
  };
  const filter = value => {
    state.filter = value;
    const list = chosen();
    drawFilm();
    if (list.length > 0)
      pick(list.includes(state.picture) ? state.picture : list[0]);
    else
      clear(body).append(h('p', { class: 'dim' }, 'No picture matches.'));
  };
  function drawBody() {
    const p = state.picture, picture = data.pictures[p];
    const similarity = names.length > 1 ? pictureLikeness(p, state) : null;
    clear(body).append(h('div', { class: 'picture' },
      h('div', { class: 'original' }, tile(picture, null, `${picture.name}, the photograph`,
        [h('b', null, picture.className ?? 'class not known'), h('br'), picture.name, picture.boxes.length > 0 ? ` · ${count(picture.boxes.length, 'box').replace('boxs', 'boxes')} of the class` : ''], { boxes: true })),
      h('div', null, similarity)), pictureTable(p, state));
  }
  clear(place('picture')).append(
    h('div', { class: 'controls' },
      anyKnown ? choice('Show', Object.entries(filters).map(([key, [text, matches]]) => [key, `${text} (${data.pictures.filter((_, p) => matches(p)).length})`]), filter, state.filter) : null,
      choice('Method', methods.map((method, i) => [i, method]), value => { state.method = +value; drawBody(); }),
      choice('Explain', [['truth', 'the class of the picture'], ['predicted', 'what each network predicts']], value => { state.predicted = value === 'predicted'; drawBody(); }),
      h('button', { type: 'button', click: () => step(-1) }, '← previous'), h('button', { type: 'button', click: () => step(1) }, 'next →')),
    film, body);
  filter(state.filter);
}

function answerCell(answer) {
  return h('ul', { class: 'tops' }, answer.top.slice(0, 3).map(([label, p], i) => h('li', null, h('i', { style: `width:${100 * p}%` }),
    h('span', null, i === 0 && answer.right !== null ? h('span', { class: answer.right ? 'right' : 'wrong' }, answer.right ? '✓ ' : '✗ ') : null, short(label)), h('span', { class: 'num' }, percent(p)))));
}

function pictureTable(p, state) {
  const picture = data.pictures[p];
  const map = n => mapOf(n, state.method, p);
  const values = n => state.predicted && map(n)?.predicted ? map(n).predicted : map(n)?.map;
  const explains = n => state.predicted ? answerOf(n, p)?.top[0][0] : map(n)?.label;
  const shotOf = (n, options, what) => values(n) ? tile(picture, values(n), `${what} of ${names[n]} by ${methods[state.method]} for ${explains(n)}`, `for ${short(explains(n))}`, options) : '–';
  const columns = [
    { title: 'Network', text: true, value: n => names[n], cell: n => [named(n), h('br'), h('small', null, data.figures.networks[n].accuracy.total > 0 ? `accuracy ${percent(data.figures.networks[n].accuracy.share)}` : '')] },
    { title: 'Contour', text: true, cell: n => shotOf(n, { overlay: false, line: true }, 'Contour of the map') },
    { title: 'Overlay', text: true, cell: n => shotOf(n, {}, 'Map') },
    { title: 'Prediction', text: true, wide: true, value: n => answerOf(n, p) ? `${answerOf(n, p).right ? 0 : 1}${answerOf(n, p).top[0][0]}` : '', cell: n => answerOf(n, p) ? answerCell(answerOf(n, p)) : '–' },
    { title: 'Confidence', value: n => answerOf(n, p)?.top[0][1], cell: n => percent(answerOf(n, p)?.top[0][1], 1) },
    ...(picture.className ? [{ title: 'Probability of the truth', value: n => answerOf(n, p)?.truth, cell: n => percent(answerOf(n, p)?.truth, 1) }] : []),
    ...(state.predicted ? [] : data.metrics.map((metric, i) => ({ title: `${metric.title} ${direction(metric)}`, value: n => map(n)?.values[i], cell: n => showMetric(metric, map(n)?.values[i]) }))),
  ];
  return h('div', { class: 'scroll' }, sortable(`${picture.className ?? picture.name}, by ${methods[state.method]}`, columns, names.map((_, n) => n), { className: 'task' }));
}

function pictureLikeness(p, state) {
  const holder = h('div');
  const draw = () => {
    const columns = columnsOf(`m${state.method}`);
    const at = (i, j) => i === j ? 1 : data.likeness[pairIndex(columns[i], columns[j])]?.[p]?.[state.measure];
    clear(holder).append(heatMatrix(data.measures[state.measure], names, at));
  };
  draw();
  return h('div', null, h('div', { class: 'controls' }, choice('Similarity of the maps of this picture', data.measures.map((measure, i) => [i, measure]), value => { state.measure = +value; draw(); }, state.measure)), holder);
}

/** One network: right answers, wrong answers within the group of the class, and wrong answers outside it. */
function showAnswers() {
  const target = place('answers');
  if (!target)
    return;
  const state = { network: 0, method: 0 }, body = h('div', { class: 'three' });
  const kinds = data.groupNames.length > 0
    ? [['Right', answer => answer.right], ['Wrong, within the group', answer => answer.right === false && answer.sameGroup === true], ['Wrong, outside the group', answer => answer.right === false && answer.sameGroup !== true]]
    : [['Right', answer => answer.right], ['Wrong', answer => answer.right === false]];
  const card = p => {
    const picture = data.pictures[p], answer = answerOf(state.network, p), map = mapOf(state.network, state.method, p);
    const caption = (name, value) => [h('b', null, short(name)), ` ${percent(value)}`];
    return h('div', { class: 'answer' }, h('div', { class: 'pairs' },
      tile(picture, map?.map, `Map for the truth, ${picture.className}`, ['truth: ', caption(picture.className, answer.truth)]),
      answer.right ? tile(picture, null, picture.name, 'photograph') : tile(picture, map?.predicted, `Map for the prediction, ${answer.top[0][0]}`, ['predicted: ', caption(answer.top[0][0], answer.top[0][1])])),
    h('small', null, picture.name, picture.group ? ` · ${picture.group}` : ''));
  };
  const draw = () => clear(body).append(...kinds.map(([title, matches]) => {
    const own = data.pictures.map((_, p) => p).filter(p => answerOf(state.network, p) && answerOf(state.network, p).right !== null && matches(answerOf(state.network, p)));
    own.sort((a, b) => answerOf(state.network, b).top[0][1] - answerOf(state.network, a).top[0][1]);
    const list = h('div', null, own.slice(0, 3).map(card));
    const more = own.length > 3 ? h('button', { type: 'button', click: () => { list.append(...own.slice(3).map(card)); more.remove(); } }, `${own.length - 3} more`) : null;
    return h('section', { 'aria-label': title }, h('h3', null, `${title} `, h('small', null, `${own.length}`)), own.length === 0 ? h('p', { class: 'dim' }, 'none') : null, list, more);
  }));
  clear(target).append(h('div', { class: 'controls' },
    choice('Network', names.map((name, i) => [i, name]), value => { state.network = +value; draw(); }),
    choice('Method', methods.map((method, i) => [i, method]), value => { state.method = +value; draw(); })), body);
  draw();
}

/** Pictures by methods on one network, with the consensus of the methods. */
function showMatrix() {
  const state = { network: 0, metric: 0, sort: 'name', shown: 12 }, body = h('div', { class: 'matrix' }), more = h('div');
  const value = (m, p) => mapOf(state.network, m, p)?.values[state.metric] ?? null;
  const orders = [['name', 'name of the picture'], ['spread', 'how much the methods disagree'], ...(data.metrics.length > 0 ? methods.flatMap((method, m) => [[`worst${m}`, `worst of ${method} first`]]) : [])];
  const deviation = p => data.consensus[state.network]?.[p]?.spread ?? -1;
  const order = () => {
    const pictures = data.pictures.map((_, p) => p);
    if (state.sort === 'spread')
      return pictures.sort((a, b) => deviation(b) - deviation(a));
    if (state.sort !== 'name') {
      const m = +state.sort.slice(5), sign = data.metrics[state.metric].higherIsBetter ? 1 : -1;
      return pictures.sort((a, b) => (value(m, a) === null) - (value(m, b) === null) || sign * (value(m, a) - value(m, b)));
    }
    return pictures;
  };
  const line = p => {
    const picture = data.pictures[p], answer = answerOf(state.network, p), consensus = data.consensus[state.network]?.[p];
    const metric = data.metrics[state.metric];
    return h('div', { class: 'line' }, h('div', { class: 'text' }, h('b', null, picture.className ?? picture.name), h('small', null, ` ${picture.name}`),
      answer ? h('small', null, ` · ${names[state.network]} predicts ${short(answer.top[0][0])} ${percent(answer.top[0][1])}`) : null),
    tile(picture, null, picture.name, 'photograph', { boxes: true }),
    methods.map((method, m) => mapOf(state.network, m, p) ? tile(picture, mapOf(state.network, m, p).map, `Map by ${method}`,
      [method, metric ? [h('br'), `${metric.title} `, h('b', null, showMetric(metric, value(m, p)))] : null,
        mapOf(state.network, m, p).warnings.map(warning => h('div', { class: 'note' }, warning))]) : h('p', { class: 'dim' }, `${method}: no map`)),
    consensus ? [tile(picture, consensus.mean, 'Mean of the maps of all methods', [h('b', null, 'consensus'), h('br'), 'mean of the methods']),
      tile(picture, consensus.deviation, 'Where the methods disagree', [h('b', null, 'disagreement'), h('br'), `deviation, at most ${number(consensus.most, 2)}`])] : null);
  };
  const draw = () => {
    const pictures = order();
    clear(body).append(...pictures.slice(0, state.shown).map(line));
    clear(more).append(pictures.length > state.shown ? h('button', { type: 'button', click: () => { state.shown += 24; draw(); } }, `${pictures.length - state.shown} more pictures`) : '');
  };
  clear(place('matrix')).append(h('div', { class: 'controls' },
    choice('Network', names.map((name, i) => [i, name]), value => { state.network = +value; draw(); }),
    data.metrics.length > 0 ? choice('Under each map', data.metrics.map((metric, i) => [i, `${metric.title} ${direction(metric)}`]), value => { state.metric = +value; draw(); }) : null,
    choice('Order', orders, value => { state.sort = value; draw(); })), body, more);
  draw();
}

find('#map-controls').append(
  slider('Overlay', 'overlay', 55, value => document.documentElement.style.setProperty('--overlay', value)),
  slider('Contour at', 'level', 50, setLevel), colorScale('0 ', ' 1'), h('small', null, 'of the largest value'));
showPicture();
showAnswers();
showMatrix();
