#!/usr/bin/env python3
"""Computes the golden data of the operator Attention (opset 23) in ops/, with PyTorch in float64 and none of the library's code.

    python3 attention.py ops

The input x of each network is split into query, key and value. y is the output of the operator, v the gradient of y, and
dx that of x by torch's autograd. The cases are added to ops/cases.json.
"""
import json, os, sys
import numpy as np, onnx, torch
from onnx import TensorProto, helper, numpy_helper

CASES = {
    'attention': dict(shape=(2, 5, 12), note='[batch, tokens, heads * size]', q_num_heads=2, kv_num_heads=2),
    'attention_scale': dict(shape=(2, 5, 12), note='with its own scale', q_num_heads=2, kv_num_heads=2, scale=.75),
    'attention_heads': dict(shape=(2, 2, 5, 9), note='[batch, heads, tokens, size], with a bias for each head', mask='bias'),
    'attention_bool_mask': dict(shape=(1, 5, 12), note='true where a token may be read', q_num_heads=2, kv_num_heads=2, mask='bool'),
}


def attention(q, k, v, heads, scale, mask):
    flat = q.dim() == 3
    if flat: q, k, v = (t.reshape(*t.shape[:2], heads, -1).transpose(1, 2) for t in (q, k, v))
    scores = q @ k.transpose(2, 3) * (q.shape[-1] ** -.5 if scale is None else scale)
    if mask is not None:
        scores = scores.masked_fill(~mask, float('-inf')) if mask.dtype == torch.bool else scores + mask
    y = scores.softmax(-1) @ v
    return y.transpose(1, 2).flatten(2) if flat else y


def main():
    out = sys.argv[1]
    random = np.random.default_rng(23)
    def values(shape): return (random.integers(-64, 65, shape) / 32).astype(np.float32)   # short binary fractions
    path = os.path.join(out, 'cases.json')
    with open(path) as file:
        cases = json.load(file)
    cases['cases'] = [c for c in cases['cases'] if c['name'] not in CASES]
    for name, case in CASES.items():
        shape, rank, tokens = case['shape'], len(case['shape']), case['shape'][-2]
        x = values(shape)
        attributes = {k: case[k] for k in ('q_num_heads', 'kv_num_heads', 'scale') if k in case}
        part = np.full(3, shape[-1] // 3, np.int64)
        constants, inputs, mask = [numpy_helper.from_array(part, 'parts')], ['q', 'k', 'value'], None
        if 'mask' in case:
            mask = values((2, tokens, tokens)) if case['mask'] == 'bias' else np.tri(tokens, k=2, dtype=bool)
            constants, inputs = constants + [numpy_helper.from_array(mask, 'mask')], inputs + ['mask']
        nodes = [helper.make_node('Split', ['x', 'parts'], ['q', 'k', 'value'], axis=rank - 1),
                 helper.make_node('Attention', inputs, ['y'], **attributes)]
        graph = helper.make_graph(nodes, name, [helper.make_tensor_value_info('x', TensorProto.FLOAT, shape)],
                                  [helper.make_tensor_value_info('y', TensorProto.FLOAT, (*shape[:-1], shape[-1] // 3))], constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid('', 23)], ir_version=10)

        leaf = torch.tensor(x, dtype=torch.float64, requires_grad=True)
        given = None if mask is None else torch.from_numpy(mask) if mask.dtype == bool else torch.from_numpy(mask).double()
        y = attention(*leaf.chunk(3, -1), case.get('q_num_heads'), case.get('scale'), given)
        v = values(tuple(y.shape))
        y.backward(torch.from_numpy(v).double())
        os.makedirs(os.path.join(out, name), exist_ok=True)
        onnx.save(model, os.path.join(out, name, 'model.onnx'))
        for key, value in dict(x=x, y=y.detach().numpy(), v=v, dx=leaf.grad.numpy()).items():
            np.save(os.path.join(out, name, key + '.npy'), value.astype(np.float32))
        cases['cases'].append(dict(name=name, ops=['Split', 'Attention'], opset=23, note=case['note']))
    with open(path, 'w') as file:
        json.dump(cases, file, indent=1)


if __name__ == '__main__':
    main()
