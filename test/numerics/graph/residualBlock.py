"""PyTorch's forward, gradients and ten AdamW steps of the residual block that residualBlock.test.ts describes."""
import json, sys
import torch
import torch.nn.functional as F

job = json.load(sys.stdin)
tensor = lambda x: torch.tensor(x["data"], dtype=torch.float64).reshape(x["shape"])
x, w = tensor(job["x"]), tensor(job["weights"])
p = {name: torch.nn.Parameter(tensor(v)) for name, v in job["parameters"].items()}


def norm(y, name):
    return F.group_norm(y, job["groups"], p[f"{name}.scale"], p[f"{name}.shift"])


def block():
    y = F.conv3d(x, p["b.convolution1.weight"], stride=2, padding=1)
    y = F.relu(norm(y, "b.norm1"))
    y = norm(F.conv3d(y, p["b.convolution2.weight"], padding=1), "b.norm2")
    s = norm(F.conv3d(F.avg_pool3d(x, 2), p["b.shortcut.weight"]), "b.shortcutNorm")
    return F.relu(y + s)


decay = [v for v in p.values() if v.dim() > 1]
plain = [v for v in p.values() if v.dim() == 1]
optimizer = torch.optim.AdamW(
    [{"params": decay, "weight_decay": 0.01}, {"params": plain, "weight_decay": 0.0}], lr=1e-2
)
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
