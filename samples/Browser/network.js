// A model that explains itself, run by onnxruntime-web. The folder `model` holds the exported model and the files
// beside it that say how a picture is prepared and what the classes are called.
import * as ort from "./node_modules/onnxruntime-web/dist/ort.wasm.bundle.min.mjs";
import { resize } from "./resize.js";

// More threads need response headers that a plain file server does not send.
ort.env.wasm.numThreads = 1;

export async function load() {
  const [preparation, config, session] = await Promise.all([
    json("model/preprocessor_config.json"), json("model/config.json"),
    ort.InferenceSession.create(new URL("model/explained.onnx", document.baseURI).href),
  ]);
  return new Network(session, preparation, config.id2label);
}

class Network {
  constructor(session, preparation, names) {
    this.session = session;
    this.names = names;
    this.preparation = preparation;
    this.input = session.inputNames.find(name => name !== "class_index");
    this.scores = session.outputNames.find(name => !name.startsWith("saliency_"));
  }

  /** Probabilities, the explained class, and its saliency map of 0…1. Class -1 is the predicted one. */
  async explain(picture, classIndex = -1) {
    const { width, height } = this.preparation.size;
    const results = await this.session.run({
      [this.input]: new ort.Tensor("float32", this.prepare(picture, width, height), [1, 3, height, width]),
      class_index: new ort.Tensor("int64", [BigInt(classIndex)], [1]),
    });
    const probabilities = softmax(results[this.scores].data);
    return {
      probabilities, width, height, map: results.saliency_map.data,
      classIndex: classIndex < 0 ? probabilities.indexOf(Math.max(...probabilities)) : classIndex,
    };
  }

  /** The planes of red, green and blue, scaled and normalised. */
  prepare(picture, width, height) {
    const { image_mean: mean, image_std: std, rescale_factor: scale } = this.preparation;
    const bytes = resize(picture.data, picture.width, picture.height, width, height);
    const planes = new Float32Array(bytes.length), size = width * height;
    for (let i = 0; i < size; i++)
      for (let c = 0; c < 3; c++) planes[c * size + i] = (bytes[3 * i + c] * scale - mean[c]) / std[c];
    return planes;
  }
}

async function json(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address} is not there`);
  return response.json();
}

/** Probabilities from logits. What are probabilities already stays as it is. */
function softmax(values) {
  const sum = values.reduce((a, b) => a + b, 0);
  if (Math.abs(sum - 1) < 1e-3 && values.every(value => value >= 0)) return Array.from(values);
  const most = Math.max(...values), powers = Array.from(values, value => Math.exp(value - most));
  const total = powers.reduce((a, b) => a + b, 0);
  return powers.map(power => power / total);
}
