#!/usr/bin/env python3
"""Computes the golden data of this folder, with PyTorch and none of the library's code.

    python3 generate.py MODELS OUT

MODELS has a folder for each network of NETWORKS with model.onnx and layer.npy, and input.npy and cases.json beside them.
The trained network is models/vit-cifar10 of the repository, on photos/chelsea.png.
The networks are run by a small interpreter of ONNX graphs on PyTorch tensors, below. It is held against the logits, the
activations and the gradients that the original PyTorch modules gave, so that an error of the interpreter shows here.
"""
import json, math, os, sys
import numpy as np, onnx, torch, torch.nn.functional as F
from onnx import numpy_helper
from PIL import Image

NETWORKS = ['vit_class_token', 'vit_torchvision', 'vit_opset14', 'vit_baked_batch', 'vit_registers', 'vit_distilled',
            'vit_mean_pool', 'vit_no_prefix', 'swin', 'convnext', 'convnext_opset14']
REPOSITORY = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', '..')
TRAINED = 'vit_cifar10'
TRAINED_CASE = dict(layer='/blocks.4/norm1/LayerNormalization_output_0', layout='tokens', prefix=1, layer_shape=[96, 8, 8], target=3)
CASTS = {1: torch.float32, 6: torch.int32, 7: torch.int64, 9: torch.bool, 11: torch.float64}


class Graph:
    """Runs an ONNX graph. A tensor given in `values` replaces what the graph would compute."""
    def __init__(self, path):
        graph = onnx.load(path).graph
        self.nodes, self.output, self.input = graph.node, graph.output[0].name, graph.input[0].name
        self.constants = {i.name: torch.from_numpy(numpy_helper.to_array(i).copy()) for i in graph.initializer}

    def run(self, values):
        values = {**self.constants, **values}
        for node in self.nodes:
            if node.output[0] in values:
                continue
            attributes = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
            out = apply(node.op_type, [values[i] if i else None for i in node.input], attributes, len(node.output))
            for name, value in zip(node.output, out if isinstance(out, (list, tuple)) else [out]):
                values[name] = value
        return values


def axes_of(x, a):
    return [int(i) for i in (x[1].tolist() if len(x) > 1 and x[1] is not None else a['axes'])]


def reshape(x, shape):
    return x.reshape([x.shape[i] if n == 0 else n for i, n in enumerate(shape.tolist())])


def slices(x, starts, ends, axes=None, steps=None):
    axes = range(len(starts)) if axes is None else axes.tolist()
    for start, end, axis, step in zip(starts.tolist(), ends.tolist(), axes, [1] * len(starts) if steps is None else steps.tolist()):
        index = torch.arange(x.shape[axis])[slice(start, end, step)] if step > 0 else \
            torch.tensor(range(x.shape[axis])[slice(start, None if end < -x.shape[axis] else end, step)])
        x = x.index_select(axis, index)
    return x


def gather(x, index, axis):
    index = torch.where(index < 0, index + x.shape[axis], index)
    out = x.index_select(axis, index.reshape(-1))
    axis %= x.dim()
    return out.reshape(list(x.shape[:axis]) + list(index.shape) + list(x.shape[axis + 1:]))


def conv(x, w, b, a):
    pads = a.get('pads', [0] * 4)
    assert pads[:2] == pads[2:]
    return F.conv2d(x, w, b, a.get('strides', 1), pads[:2], a.get('dilations', 1), a.get('group', 1))


def pad(x, pads, value=None):
    n = len(pads) // 2
    flat = [p for i in reversed(range(n)) for p in (int(pads[i]), int(pads[i + n]))]
    return F.pad(x, flat, value=0. if value is None else float(value))


def scatter_nd(x, index, updates):
    x = x.clone()
    x[tuple(index.reshape(-1, index.shape[-1]).T)] = updates.reshape([-1] + list(x.shape[index.shape[-1]:]))
    return x


def gemm(x, a):
    left = x[0].T if a.get('transA') else x[0]
    right = x[1].T if a.get('transB') else x[1]
    return a.get('alpha', 1.) * (left @ right) + (a.get('beta', 1.) * x[2] if len(x) > 2 else 0)


def divide(x, y):
    return x / y if x.is_floating_point() else torch.div(x, y, rounding_mode='trunc')


def constant_of_shape(shape, a):
    value = torch.from_numpy(numpy_helper.to_array(a['value']).copy()) if 'value' in a else torch.zeros(1)
    return torch.full(shape.tolist(), value.item(), dtype=value.dtype)


def apply(op, x, a, outputs):
    if op == 'Constant': return torch.from_numpy(numpy_helper.to_array(a['value']).copy())
    if op in ('Identity', 'Dropout'): return x[0]
    if op == 'Shape': return torch.tensor(x[0].shape)
    if op == 'Conv': return conv(x[0], x[1], x[2] if len(x) > 2 else None, a)
    if op == 'Gemm': return gemm(x, a)
    if op == 'MatMul': return x[0] @ x[1]
    if op == 'Add': return x[0] + x[1]
    if op == 'Sub': return x[0] - x[1]
    if op == 'Mul': return x[0] * x[1]
    if op == 'Div': return divide(x[0], x[1])
    if op == 'Mod': return x[0] % x[1]
    if op == 'Pow': return x[0] ** x[1]
    if op == 'Sqrt': return x[0].sqrt()
    if op == 'Erf': return torch.erf(x[0])
    if op == 'Not': return ~x[0]
    if op == 'Equal': return x[0] == x[1]
    if op == 'Where': return torch.where(x[0], x[1], x[2])
    if op == 'Softmax': return x[0].softmax(a.get('axis', -1))
    if op == 'Relu': return x[0].relu()
    if op == 'LayerNormalization': return F.layer_norm(x[0], x[1].shape, x[1], x[2], a.get('epsilon', 1e-5))
    if op == 'ReduceMean': return x[0].mean(axes_of(x, a), keepdim=bool(a.get('keepdims', 1)))
    if op == 'GlobalAveragePool': return x[0].mean((2, 3), keepdim=True)
    if op == 'Flatten': return x[0].flatten(a.get('axis', 1))
    if op == 'Reshape': return reshape(x[0], x[1])
    if op == 'Transpose': return x[0].permute(a['perm'])
    if op == 'Concat': return torch.cat(x, a['axis'])
    if op == 'Split': return x[0].split(x[1].tolist() if len(x) > 1 else a.get('split', x[0].shape[a.get('axis', 0)] // outputs), a.get('axis', 0))
    if op == 'Slice': return slices(*x)
    if op == 'Gather': return gather(x[0], x[1], a.get('axis', 0))
    if op == 'Cast': return x[0].to(CASTS[a['to']])
    if op == 'ConstantOfShape': return constant_of_shape(x[0], a)
    if op == 'Range': return torch.arange(x[0].item(), x[1].item(), x[2].item())
    if op == 'Pad': return pad(*x[:3])
    if op == 'ScatterND': return scatter_nd(*x)
    if op == 'Expand': return x[0] * torch.ones(x[1].tolist(), dtype=x[0].dtype) if x[0].dtype != torch.bool else x[0].expand(x[1].tolist())
    if op == 'Squeeze':
        for axis in sorted(axes_of(x, a), reverse=True): x[0] = x[0].squeeze(axis)
        return x[0]
    if op == 'Unsqueeze':
        for axis in sorted(axes_of(x, a)): x[0] = x[0].unsqueeze(axis)
        return x[0]
    raise NotImplementedError(op)


class Random:
    """SplitMix64, as the library's SeededRandom documents it."""
    MASK = (1 << 64) - 1

    def __init__(self, seed, stream):
        self.state = self.mix((self.mix((seed + 0x9E3779B97F4A7C15) & self.MASK) + stream) & self.MASK)

    def mix(self, z):
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & self.MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & self.MASK
        return z ^ (z >> 31)

    def uniform(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & self.MASK
        return (self.mix(self.state) >> 11) * (1. / (1 << 53))

    def normal(self):
        u = self.uniform()
        return math.sqrt(-2 * math.log(1 - u)) * math.cos(2 * math.pi * self.uniform())


class Tokens:
    """A layer in its own layout, and as K x h x w maps without the prefix."""
    def __init__(self, case):
        self.layout, self.prefix, (self.k, self.h, self.w) = case['layout'], case['prefix'], case['layer_shape']

    def maps(self, value):   # N x K x h x w
        if self.layout == 'nchw': return value
        if self.layout == 'nhwc': return value.permute(0, 3, 1, 2)
        return value[:, self.prefix:].transpose(1, 2).reshape(len(value), self.k, self.h, self.w)

    def back(self, maps, value):   # the prefix of value is kept
        if self.layout == 'nchw': return maps
        if self.layout == 'nhwc': return maps.permute(0, 2, 3, 1)
        prefix = value[:, :self.prefix].expand(len(maps), -1, -1)
        return torch.cat([prefix, maps.reshape(len(maps), self.k, -1).transpose(1, 2)], 1)


def find_layer(values, tokens, layer):
    """The first tensor that holds the reference activations in this layout."""
    shape = {'nchw': (1, tokens.k, tokens.h, tokens.w), 'nhwc': (1, tokens.h, tokens.w, tokens.k),
             'tokens': (1, tokens.prefix + tokens.h * tokens.w, tokens.k)}[tokens.layout]
    for name, value in values.items():
        if tuple(value.shape) == shape and (tokens.maps(value)[0] - layer).abs().max() < 1e-4 * layer.abs().max():
            return name
    raise LookupError('no tensor holds the reference activations')


def min_max(x, dims):
    low, high = x.amin(dims, keepdim=True), x.amax(dims, keepdim=True)
    return torch.where(high > low, (x - low) / (high - low).clamp(min=1e-30), torch.zeros_like(x))


def up(x, size):   # ... x h x w, half-pixel centres
    return F.interpolate(x[None], size=size, mode='bilinear', align_corners=False)[0]


def gradient_maps(a, g):
    """The raw maps, before ReLU, of the methods that read activations and gradients; spec in docs/methods.md."""
    positive = g.clamp(min=0)
    sums = a.sum((1, 2), keepdim=True)
    alpha = torch.where(g > 0, 1 / (2 + g * sums), torch.zeros_like(g))
    x_weights = torch.where(sums == 0, torch.zeros_like(sums), (g * a).sum((1, 2), keepdim=True) / sums)
    return dict(gradcam=(g.mean((1, 2), keepdim=True) * a).sum(0), hirescam=(g * a).sum(0), layercam=(positive * a).sum(0),
                gradcamplusplus=((alpha * g * (g > 0)).sum((1, 2), keepdim=True) * a).sum(0), xgradcam=(x_weights * a).sum(0))


def eigen(a):
    matrix = a.reshape(len(a), -1).T.double()            # places x channels, not centred
    u, s, _ = torch.linalg.svd(matrix, full_matrices=False)
    projection = u[:, 0] * s[0]
    if projection.sum() < 0: projection = -projection
    return projection.reshape(a.shape[1:])


def eigen_grad(products):
    matrix = products.reshape(len(products), -1).T.double()
    matrix = matrix - matrix.mean(0)                     # every channel less its mean
    u, s, _ = torch.linalg.svd(matrix, full_matrices=False)
    projection = u[:, 0] * s[0]
    return (projection * projection[projection.abs().argmax()].sign()).reshape(products.shape[1:])


def score_cam(graph, x, a, target):
    """Preset Paper: the softmax over channels of the logits of the masked pictures."""
    masks = min_max(up(a, x.shape[2:]), (1, 2))
    weights = run_batch(graph, x * masks[:, None])[:, target].softmax(0)
    return (weights[:, None, None] * a).sum(0)


def drawn(raw, size):
    return min_max(up(raw.clamp(min=0)[None], size), (1, 2))[0]


def recipro_masks(h, w, gaussian):
    masks = torch.zeros(h * w, 1, h, w)
    for i in range(h):
        for j in range(w):
            for y in range(h):
                for x in range(w):
                    distance = abs(y - i), abs(x - j)
                    if max(distance) <= (1 if gaussian else 0):
                        masks[i * w + j, 0, y, x] = .25 / 2 ** sum(distance) if gaussian else 1
    return masks


def clusters(masks, cut=.1):
    """Complete linkage on cosine distances: the two nearest clusters merge while they are nearer than the cut."""
    flat = masks.reshape(len(masks), -1).double()
    flat = flat / flat.norm(dim=1, keepdim=True)
    d = (1 - flat @ flat.T).numpy()
    groups = [[i] for i in range(len(masks))]
    d = d + np.diag(np.full(len(d), np.inf))
    while len(groups) > 1:
        i, j = sorted(np.unravel_index(np.argmin(d), d.shape))
        if d[i, j] >= cut: break
        groups[i] += groups.pop(j)
        d[i] = np.maximum(d[i], d[j]); d[:, i] = d[i]; d[i, i] = np.inf
        d = np.delete(np.delete(d, j, 0), j, 1)
    return sorted(sorted(g) for g in groups)


def vit_cx(graph, picture, a, target, seed=0):
    """Xie et al. 2023, with the noise of mask i from Random(seed, i), colour plane after colour plane."""
    n, h, w = picture.shape[1:]
    live = [k for k in range(len(a)) if a[k].max() > a[k].min()]
    masks = min_max(up(a[live], (h, w)), (1, 2))
    groups = clusters(masks)
    merged = min_max(torch.stack([masks[g].sum(0) for g in groups]), (1, 2))
    def p(x): return run_batch(graph, x).softmax(1)[:, target].double()
    scores = []
    for i, mask in enumerate(merged):
        random = Random(seed, i)
        noise = torch.tensor([.1 * random.normal() for _ in range(n * h * w)]).reshape(n, h, w).float() * (1 - mask)
        both = p(torch.stack([picture[0] * mask + noise, picture[0] + noise]))
        scores.append(both[0] - both[1] + p(picture)[0])
    scores = torch.stack(scores)
    total = merged.double().sum(0)
    raw = torch.where(total > 0, (scores[:, None, None] * merged.double()).sum(0) / total.clamp(min=1e-30), torch.zeros_like(total))
    labels = np.full(len(a), -1)
    for i, g in enumerate(groups): labels[np.array(live)[g]] = i
    return raw, scores, labels


def run_batch(graph, x, **values):
    """One picture at a time: some networks bake the batch of one."""
    return torch.cat([graph.run({graph.input: x[i:i + 1], **{k: v[i:i + 1] for k, v in values.items()}})[graph.output] for i in range(len(x))])


def save(folder, name, value):
    np.save(os.path.join(folder, name + '.npy'), np.asarray(value.detach() if hasattr(value, 'detach') else value).astype(np.float32))


def photograph():
    """photos/chelsea.png as models/vit-cifar10/preprocessor_config.json says."""
    with open(os.path.join(REPOSITORY, 'models', 'vit-cifar10', 'preprocessor_config.json')) as file:
        steps = json.load(file)
    size = steps['size']['width'], steps['size']['height']
    picture = Image.open(os.path.join(REPOSITORY, 'photos', 'chelsea.png')).convert('RGB').resize(size, Image.BILINEAR)
    values = (np.asarray(picture) / 255 - steps['image_mean']) / steps['image_std']
    return torch.from_numpy(values.transpose(2, 0, 1)[None].astype(np.float32))


def main():
    models, out = sys.argv[1:3]
    torch.set_num_threads(1)
    cases = {c['name']: c for c in json.load(open(os.path.join(models, 'cases.json')))}
    chosen = {}
    for name in sys.argv[3:] or NETWORKS + [TRAINED]:
        trained = name == TRAINED
        folder = os.path.join(REPOSITORY, 'models', 'vit-cifar10') if trained else os.path.join(models, name)
        x = photograph() if trained else torch.from_numpy(np.load(os.path.join(models, 'input.npy')))
        case = TRAINED_CASE if trained else cases[name]
        def reference(what): return torch.from_numpy(np.load(os.path.join(folder, what + '.npy')))
        graph, tokens, target = Graph(os.path.join(folder, 'model.onnx')), Tokens(case), case['target']
        values = graph.run({graph.input: x})
        layer = case['layer'] if trained else find_layer(values, tokens, reference('layer'))
        a = tokens.maps(values[layer])[0]
        # The whole gradient at the layer: every way from it to the logits.
        leaf = values[layer].detach().requires_grad_()
        logits = graph.run({graph.input: x, layer: leaf})[graph.output]
        logits[0, target].backward()
        g = tokens.maps(leaf.grad)[0]
        gradcam, scorecam = (g.mean((1, 2), keepdim=True) * a).sum(0), score_cam(graph, x, a, target)
        own = dict(logits=logits[0], layer=a, layer_gradient=g, gradcam_raw=gradcam, gradcam_map=drawn(gradcam, x.shape[2:]),
                   scorecam_raw=scorecam, scorecam_map=drawn(scorecam, x.shape[2:]))
        os.makedirs(os.path.join(out, name), exist_ok=True)
        if trained:
            for what, value in {**own, 'input': x}.items(): save(os.path.join(out, name), what, value)
        else:
            for what, mine in own.items():
                bound = 1e-4 if what == 'logits' else 1e-3 * mine.abs().max()
                assert (reference(what).reshape(mine.shape) - mine).abs().max() <= bound, (name, what)
        with torch.no_grad():
            for key, raw in gradient_maps(a, g).items(): save(os.path.join(out, name), key + '.raw', raw)
            save(os.path.join(out, name), 'eigencam.raw', eigen(a))
            save(os.path.join(out, name), 'eigengradcam.raw', eigen_grad(g * a))
            for key, gaussian in (('recipro.gaussian', True), ('recipro.single', False)):
                masks = recipro_masks(tokens.h, tokens.w, gaussian)
                changed = tokens.back(a[None] * masks, values[layer])
                p = run_batch(graph, x.expand(len(masks), -1, -1, -1), **{layer: changed}).softmax(1)[:, target]
                save(os.path.join(out, name), key + '.raw', p.reshape(tokens.h, tokens.w))
            without = a[None].repeat(tokens.k, 1, 1, 1)
            without[range(tokens.k), range(tokens.k)] = 0
            scores = run_batch(graph, x.expand(tokens.k, -1, -1, -1), **{layer: tokens.back(without, values[layer])}).softmax(1)[:, target]
            whole = logits.softmax(1)[0, target]
            save(os.path.join(out, name), 'ablation.raw', (((whole - scores) / whole.abs())[:, None, None] * a).sum(0))
            raw, cx_scores, labels = vit_cx(graph, x, a, target)
            save(os.path.join(out, name), 'vitcx.raw', raw)
            save(os.path.join(out, name), 'vitcx.scores', cx_scores)
            save(os.path.join(out, name), 'vitcx.clusters', labels)
        chosen[name] = dict(layer=layer, layout=tokens.layout, prefix=tokens.prefix, shape=case['layer_shape'], target=target, masks=len(cx_scores))
        print(name, chosen[name], flush=True)
    with open(os.path.join(out, 'cases.json'), 'w') as file:
        json.dump(chosen, file, indent=1)


if __name__ == '__main__':
    main()
