const element = id => document.getElementById(id);
const percent = new Intl.NumberFormat("en", { style: "percent", maximumSignificantDigits: 2 });
const examples = ["chelsea.png", "coffee.png", "rocket.jpg"];

// Seventeen colours of Turbo, from low to high; the same as in the library.
const turbo = ("30123b 4040a2 466be3 4294ff 28bceb 18ddc2 32f298 6dfe62 a4fc3c cbed34 ecd13a fdae35 fb8122 ec530f "
  + "d23105 ac1701 7a0403").split(" ").map(hex => [0, 2, 4].map(i => parseInt(hex.slice(i, i + 2), 16)));

let network, picture;

start();

async function start() {
  try {
    network = await (await import("./network.js")).load();
    say("Ready.");
  } catch (error) {
    say(`The network could not be loaded: ${error.message}. README.md says how to set the folder up.`, true);
    return;
  }
  element("file").addEventListener("change", event => open(event.target.files[0]));
  element("strength").addEventListener("input", draw);
  document.addEventListener("paste", event => open(event.clipboardData.files[0]));
  document.addEventListener("dragover", event => {
    event.preventDefault();
    document.body.classList.add("dragging");
  });
  document.addEventListener("dragleave", event => {
    if (!event.relatedTarget) document.body.classList.remove("dragging");
  });
  document.addEventListener("drop", event => {
    event.preventDefault();
    document.body.classList.remove("dragging");
    open(event.dataTransfer.files[0]);
  });
  for (const name of examples) await offer(name);
}

/** Shows an example, if the folder has it. */
async function offer(name) {
  const response = await fetch(`model/${name}`);
  if (!response.ok) return;
  const blob = await response.blob();
  const button = make("button", { type: "button" });
  button.append(make("img", { src: URL.createObjectURL(blob), alt: `Example ${name}` }));
  button.addEventListener("click", () => open(blob));
  document.querySelector("#examples div").append(button);
}

async function open(file) {
  if (!file) return;
  try {
    const bitmap = await createImageBitmap(file, { colorSpaceConversion: "none" });
    picture = pixelsOf(bitmap);
  } catch {
    say("This file is no picture that the browser can read.", true);
    return;
  }
  await explain();
}

function pixelsOf(bitmap) {
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height), context = canvas.getContext("2d");
  // What is transparent is white.
  context.fillStyle = "#fff";
  context.fillRect(0, 0, bitmap.width, bitmap.height);
  context.drawImage(bitmap, 0, 0);
  return context.getImageData(0, 0, bitmap.width, bitmap.height);
}

async function explain(classIndex = -1) {
  say("Looking …");
  // The run keeps the page busy: let the line above appear first.
  await new Promise(done => setTimeout(done, 20));
  const before = performance.now();
  picture.explanation = await network.explain(picture, classIndex);
  const milliseconds = performance.now() - before;
  // For the console and for tests.
  window.explanation = picture.explanation;
  list();
  draw();
  say(`Class and map in ${milliseconds.toFixed(0)} ms, in this browser.`);
}

function list() {
  const { probabilities, classIndex } = picture.explanation;
  const order = probabilities.map((_, i) => i).sort((a, b) => probabilities[b] - probabilities[a]).slice(0, 5);
  const items = order.map(i => {
    const button = make("button", { type: "button", ariaPressed: i === classIndex });
    const bar = make("i");
    bar.style.width = `${100 * probabilities[i]}%`;
    button.append(nameOf(i), make("span", { className: "number", textContent: percent.format(probabilities[i]) }), bar);
    button.addEventListener("click", () => explain(i));
    const item = make("li");
    item.append(button);
    return item;
  });
  const hadFocus = element("classes").contains(document.activeElement);
  element("classes").replaceChildren(...items);
  if (hadFocus) element("classes").querySelector("[aria-pressed=true]")?.focus();
  element("name").textContent = nameOf(classIndex);
  element("answer").hidden = false;
  document.body.classList.add("has-picture");
}

/** Draws the picture with the map over it. A place without evidence keeps its colour. */
function draw() {
  const { map, width, height, classIndex } = picture.explanation, overlay = new ImageData(width, height);
  const strength = element("strength").value / 100;
  map.forEach((value, i) => {
    const place = value * (turbo.length - 1), low = Math.floor(place), high = Math.min(low + 1, turbo.length - 1);
    const x = Math.min(1, value / .7);
    for (let c = 0; c < 3; c++)
      overlay.data[4 * i + c] = turbo[low][c] + (place - low) * (turbo[high][c] - turbo[low][c]);
    overlay.data[4 * i + 3] = 255 * strength * x * x * (3 - 2 * x);
  });
  const small = new OffscreenCanvas(width, height);
  small.getContext("2d").putImageData(overlay, 0, 0);
  const canvas = element("picture"), context = canvas.getContext("2d");
  [canvas.width, canvas.height] = [picture.width, picture.height];
  context.putImageData(picture, 0, 0);
  context.imageSmoothingQuality = "high";
  context.drawImage(small, 0, 0, canvas.width, canvas.height);
  canvas.ariaLabel = `The picture, with what speaks for ${nameOf(classIndex)} coloured`;
}

function nameOf(index) {
  return (network.names?.[index] ?? `class ${index}`).split(",")[0];
}

function make(name, properties = {}) {
  return Object.assign(document.createElement(name), properties);
}

function say(text, isBad = false) {
  element("status").textContent = text;
  element("status").classList.toggle("bad", isBad);
}
