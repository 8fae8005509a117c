"""PyTorch's forward, gradients and ten AdamW steps of the residual block that residualBlock.test.ts describes."""
import json, math, sys
import torch
import torch.nn.functional as F

job = json.load(sys.stdin)
tensor = lambda x: torch.tensor(x["data"], dtype=torch.float64).reshape(x["shape"])
x, w = tensor(job["x"]), tensor(job["weights"])
p = {name: torch.nn.Parameter(tensor(v)) for name, v in job["parameters"].items()}


def conv(y, name, kernel, **options):
    raw = p[f"{name}.weight"]
    centered = raw - raw.mean(1, keepdim=True)
    weights = centered * p[f"{name}.scale"][:, None] / (centered.square().sum(1, keepdim=True) + 1e-6).sqrt()
    shape = (weights.shape[0], y.shape[1], kernel, kernel, kernel)
    return F.conv3d(y, weights.reshape(shape), bias=p[f"{name}.bias"], **options)


def relu(y):
    return F.relu(y) * (2 / (1 - 1 / math.pi)) ** 0.5


def block():
    before = relu(x)
    inner = conv(before, "b.convolution1", 3, stride=2, padding=1)
    outer = conv(relu(inner), "b.convolution2", 3, padding=1)
    return conv(F.avg_pool3d(before, 2), "b.shortcut", 1) + 0.5 * outer


# No weight decays: standardised weights have none, scales and biases never do.
optimizer = torch.optim.AdamW(p.values(), weight_decay=0, lr=1e-2)
losses, gradients = [], None
for step in range(10):
    optimizer.zero_grad()
    loss = (block() * w).sum()
    loss.backward()
    if step == 0:
        gradients = {name: v.grad.flatten().tolist() for name, v in p.items()}
    torch.nn.utils.clip_grad_norm_(p.values(), 5.0)
    optimizer.step()
    losses.append(loss.item())
json.dump({"losses": losses, "gradients": gradients}, sys.stdout)
