'use strict';
// The comparison of networks: the similarity of their maps, and accuracy by class.

const measureKeys = ['pearson', 'spearman', 'ssim', 'topIoU'];

/** The columns of a view: all networks by one method, or all methods on one network. */
function columnsOf(view) {
  const [kind, index] = [view[0], +view.slice(1)];
  return kind === 'm'
    ? names.map((name, i) => ({ name, network: i, method: index }))
    : methods.map((name, i) => ({ name, network: index, method: i }));
}

const isPair = (one, a, b) =>
  one.firstNetwork === names[a.network] &&
  one.firstMethod === methods[a.method] &&
  one.secondNetwork === names[b.network] &&
  one.secondMethod === methods[b.method];

/** Index of a pair of columns in the lists of similarities; −1 if there is none. */
function pairIndex(a, b) {
  return data.figures.similarity.findIndex(one => isPair(one, a, b) || isPair(one, b, a));
}

const viewOptions = () => [
  ...(names.length > 1 ? methods.map((method, i) => [`m${i}`, `networks, with ${method}`]) : []),
  ...(methods.length > 1 ? names.map((name, i) => [`n${i}`, `methods, on ${name}`]) : []),
];

function showLooks() {
  const target = place('looks');
  if (!target) return;
  const state = { view: viewOptions()[0][0], measure: 0 };
  const body = h('div', { class: 'columns' });
  const draw = () => {
    const columns = columnsOf(state.view),
      key = measureKeys[state.measure];
    const at = (i, j) => (i === j ? 1 : data.figures.similarity[pairIndex(columns[i], columns[j])]?.[key]);
    const matrix = h(
      'div',
      null,
      heatMatrix(
        `${data.measures[state.measure]}, mean over the pictures`,
        columns.map(column => column.name),
        at,
      ),
      h('p', null, h('small', null, data.measureTexts[state.measure])),
    );
    clear(body).append(matrix);
    if (state.view[0] !== 'm' || names.length < 3) return;
    const plane = data.figures.networkMaps.find(one => one.name === methods[+state.view.slice(1)]);
    if (!plane || plane.names.length < 3) return;
    const points = plane.names.map((name, i) => ({
      x: plane.points[i][0],
      y: plane.points[i][1],
      r: 8,
      label: name,
      title: name,
      color: color(names.indexOf(name)),
    }));
    body.append(
      planeChart(points, {
        label: `Networks by what they look at: ${plane.names.join(', ')}`,
        caption: [
          'Networks by what they look at. Networks with similar maps are close to each other ',
          `(distance 1 − r; stress ${number(plane.stress, 2)}).`,
        ],
      }),
    );
  };
  clear(target).append(
    h(
      'div',
      { class: 'controls' },
      choice('Compare', viewOptions(), value => {
        state.view = value;
        draw();
      }),
      numbered('by', data.measures, state, 'measure', draw),
    ),
    body,
  );
  draw();
}

function showClasses() {
  const target = place('classes');
  if (!target) return;
  const own = data.figures.networks;
  const classes = [...new Set(own.flatMap(network => Object.keys(network.classes)))].sort((a, b) => a.localeCompare(b));
  const parts = [];
  if (data.groupNames.length > 0) {
    const rows = data.groupNames
      .map(name => ({ name, shares: own.map(network => network.groups[name]) }))
      .filter(row => row.shares.some(share => share))
      .map(row => ({ ...row, name: `${row.name} (${Math.max(...row.shares.map(share => share?.total ?? 0))})` }));
    const inWords = row =>
      `${row.name}: ${row.shares.map((share, i) => `${names[i]} ${percent(share?.share)}`).join(', ')}`;
    parts.push(
      h('h3', null, 'Accuracy by group', h('small', null, ' with the number of pictures')),
      legend(names),
      dotRows(rows, names, `Accuracy by group. ${rows.map(inWords).join('; ')}`),
    );
  }
  const panel = h('div', { 'aria-live': 'polite' });
  const list = h('div', { class: 'class-list', tabindex: 0, role: 'region', 'aria-label': 'Accuracy by class' });
  const share = (i, name) => own[i].classes[name];
  const mark = answers => (answers.count === answers.total ? 'right' : answers.count === 0 ? 'wrong' : '');
  const choose = name => {
    list
      .querySelectorAll('tr')
      .forEach(row => row.classList.toggle('chosen', row.querySelector('button[data-class]')?.dataset.class === name));
    showClass(panel, name);
  };
  const columns = [
    {
      title: 'Class',
      text: true,
      value: name => name,
      cell: name => h('button', { type: 'button', 'data-class': name, click: () => choose(name) }, name),
    },
    ...(data.groupNames.length > 0
      ? [
          {
            title: 'Group',
            text: true,
            value: name => data.groupOf[name] ?? '',
            cell: name => data.groupOf[name] ?? '–',
          },
        ]
      : []),
    ...names.map((network, i) => ({
      title: network,
      value: name => share(i, name)?.share,
      cell: name =>
        share(i, name)
          ? h(
              'span',
              {
                class: `num ${mark(share(i, name))}`,
              },
              `${share(i, name).count} of ${share(i, name).total}`,
            )
          : '–',
    })),
  ];
  list.append(
    sortable(
      `Right answers by class: ${count(classes.length, 'class').replace('classs', 'classes')}`,
      columns,
      classes,
    ),
  );
  parts.push(h('h3', null, 'Accuracy by class'), h('div', { class: 'columns' }, list, panel));
  const plane = h('div');
  const drawPlane = n => clear(plane).append(...classPlane(n, choose));
  parts.push(
    h('h3', null, 'Classes that are confused'),
    h(
      'div',
      { class: 'controls' },
      choice(
        'Network',
        names.map((name, i) => [i, name]),
        value => drawPlane(+value),
      ),
    ),
    plane,
  );
  clear(target).append(...parts);
  drawPlane(0);
  choose(classes.slice().sort((a, b) => spread(b) - spread(a))[0]);
  function spread(name) {
    const shares = own.map((_, i) => share(i, name)?.share).filter(value => value !== undefined);
    return shares.length === 0
      ? -1
      : Math.max(...shares) - Math.min(...shares) + 0.001 * (own[0].classes[name]?.total ?? 0);
  }
}

/** One class: the accuracy of each network, and its prediction for every picture of the class. */
function showClass(panel, name) {
  const own = data.pictures
    .map((picture, p) => ({ picture, p }))
    .filter(one => one.picture.className?.toLowerCase() === name.toLowerCase());
  clear(panel).append(
    h('h3', null, name),
    h(
      'ul',
      { class: 'tops' },
      names.map((network, i) => {
        const share = data.figures.networks[i].classes[name];
        return h(
          'li',
          null,
          h('i', { style: `width:${100 * (share?.share ?? 0)}%` }),
          h('span', null, named(i)),
          h('span', { class: 'num' }, share ? `${share.count} of ${share.total}` : '–'),
        );
      }),
    ),
    h(
      'div',
      { class: 'thumbs', style: 'margin-top:.8rem' },
      own.slice(0, 12).map(({ picture, p }) =>
        tile(
          picture,
          null,
          picture.name,
          names.map((network, i) => {
            const answer = data.answers[i][p];
            return answer
              ? h(
                  'div',
                  { class: answer.right ? 'right' : 'wrong' },
                  answer.right ? '✓ ' : '✗ ',
                  h('span', { style: 'color:var(--dim)' }, `${network}: ${answer.top[0][0].split(',')[0]}`),
                )
              : null;
          }),
        ),
      ),
    ),
  );
}

function classPlane(n, choose) {
  const plane = data.figures.classMaps[n];
  if (plane.names.length < 3) return [h('p', { class: 'dim' }, 'There are too few classes for a map.')];
  const own = data.figures.networks[n].classes;
  const points = plane.names.map((name, i) => {
    const share = own[name];
    return {
      x: plane.points[i][0],
      y: plane.points[i][1],
      r: 4 + 2 * Math.sqrt(share.total),
      label: name.split(',')[0],
      click: () => choose(name),
      title: `${name}: ${share.count} of ${share.total} right`,
      color: `color-mix(in oklab, var(--c0) ${(100 * share.share).toFixed(0)}%, var(--c1))`,
    };
  });
  const pairs = plane.nearest.map(pair =>
    h(
      'li',
      null,
      h('i', { style: `width:${100 * (1 - pair.distance)}%` }),
      h('span', null, `${pair.first.split(',')[0]} – ${pair.second.split(',')[0]}`),
      h('span', { class: 'num' }, percent(1 - pair.distance)),
    ),
  );
  return [
    h(
      'div',
      { class: 'columns swapped' },
      planeChart(points, {
        must: false,
        ratio: 0.62,
        label: `Classes of ${names[n]}: classes that are confused are close to each other`,
        caption: [
          `Classes that ${names[n]} confuses are close to each other. Blue: always right, orange: never right. `,
          'Select a point to see the class above. ',
          `Stress ${number(plane.stress, 2)}: `,
          plane.stress > 0.2
            ? 'most classes are equally far apart, and a plane cannot show that.'
            : 'the plane shows the distances well.',
        ],
      }),
      h(
        'div',
        null,
        h('h4', null, 'Most confused'),
        pairs.length > 0 ? h('ul', { class: 'tops' }, pairs) : h('p', { class: 'dim' }, 'none'),
        h('small', null, 'Mean probability of one class on pictures of the other.'),
      ),
    ),
  ];
}

showLooks();
showClasses();
