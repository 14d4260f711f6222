'use strict';

// Maps over photographs: colours, contours, and drawing when they come near the screen.

const bytesOf = text => Uint8Array.from(atob(text), c => c.charCodeAt(0));

/** The colours of the maps: 256 times red, green, blue. */
let colormap = new Uint8Array(768);

/** Draws a small map in colours; the browser smooths it when it enlarges the canvas. */
function paint(canvas, values) {
  const context = canvas.getContext('2d'),
    image = context.createImageData(canvas.width, canvas.height);
  values.forEach((value, i) => {
    image.data.set(colormap.subarray(3 * value, 3 * value + 3), 4 * i);
    image.data[4 * i + 3] = 255;
  });
  context.putImageData(image, 0, 0);
}

/** A bar that shows which colour stands for which value. */
function colorScale(low = '0', high = '1') {
  const canvas = h('canvas', {
    width: 256,
    height: 1,
    role: 'img',
    'aria-label': `Colours from ${low} (blue) to ${high} (red)`,
  });
  paint(
    canvas,
    Uint8Array.from({ length: 256 }, (_, i) => i),
  );
  return h('span', { class: 'scale' }, low, canvas, high);
}

/** The line along which a map crosses a level, as a path in cells of the map: marching squares. */
function contour(values, width, height, level) {
  const at = (x, y) => values[y * width + x] / 255,
    parts = [];
  const between = (a, b) => (level - a) / (b - a);
  // A value stands in the middle of its cell.
  const point = ([x, y]) => `${(x + 0.5).toFixed(2)} ${(y + 0.5).toFixed(2)}`;
  for (let y = 0; y + 1 < height; y++)
    for (let x = 0; x + 1 < width; x++) {
      const a = at(x, y),
        b = at(x + 1, y),
        c = at(x + 1, y + 1),
        d = at(x, y + 1);
      const kind = (a >= level) | ((b >= level) << 1) | ((c >= level) << 2) | ((d >= level) << 3);
      if (kind === 0 || kind === 15) continue;
      const top = [x + between(a, b), y],
        right = [x + 1, y + between(b, c)],
        bottom = [x + between(d, c), y + 1],
        left = [x, y + between(a, d)];
      // At a saddle the mean decides which corners belong together.
      const high = (a + b + c + d) / 4 >= level;
      const lines = {
        1: [[left, top]],
        2: [[top, right]],
        3: [[left, right]],
        4: [[right, bottom]],
        6: [[top, bottom]],
        7: [[left, bottom]],
        8: [[bottom, left]],
        9: [[top, bottom]],
        11: [[right, bottom]],
        12: [[left, right]],
        13: [[top, right]],
        14: [[left, top]],
        5: high
          ? [
              [top, right],
              [bottom, left],
            ]
          : [
              [left, top],
              [right, bottom],
            ],
        10: high
          ? [
              [left, top],
              [right, bottom],
            ]
          : [
              [top, right],
              [bottom, left],
            ],
      }[kind];
      for (const [from, to] of lines) parts.push(`M${point(from)}L${point(to)}`);
    }
  return parts.join('');
}

const view = { level: 0.5 };
const waiting = new Set();
const seen = new IntersectionObserver(
  entries =>
    entries
      .filter(entry => entry.isIntersecting)
      .forEach(entry => {
        seen.unobserve(entry.target);
        drawOnce(entry.target);
      }),
  { rootMargin: '400px' },
);

function drawOnce(shot) {
  if (waiting.delete(shot)) shot.draw();
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
 * picture: { key, width, height, gridWidth, gridHeight, boxes }.
 * map: base64 of one byte per cell, or null for the photograph alone.
 */
function shot(picture, map, label, { overlay = true, line = false, boxes = false, bare = false } = {}) {
  const element = h('span', {
    class: `shot ${bare ? 'bare' : picture.key}`,
    role: 'img',
    'aria-label': label,
    style: `aspect-ratio:${picture.width}/${picture.height}`,
  });
  if (boxes && picture.boxes.length > 0)
    element.append(
      s(
        'svg',
        { viewBox: `0 0 ${picture.width} ${picture.height}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' },
        picture.boxes.map(box => s('rect', { x: box[0], y: box[1], width: box[2] - box[0], height: box[3] - box[1] })),
      ),
    );
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
        element.append(
          s(
            'svg',
            {
              viewBox: `0 0 ${picture.gridWidth} ${picture.gridHeight}`,
              preserveAspectRatio: 'none',
              'aria-hidden': 'true',
            },
            paths,
          ),
        );
        element.dataset.contour = '';
        element.redraw = () => {
          const path = contour(values, picture.gridWidth, picture.gridHeight, view.level);
          paths.forEach(line => line.setAttribute('d', path));
        };
        element.redraw();
      }
      if (values.every(value => value === 0)) element.append(h('span', { class: 'blank' }, 'blank map'));
    };
    waiting.add(element);
    seen.observe(element);
  }
  return element;
}

/** A shot with a caption. */
const tile = (picture, map, label, caption, options) =>
  h('figure', { class: 'tile' }, shot(picture, map, label, options), h('figcaption', null, caption));
