"""The segmentation network in PyTorch: a job on the first line of stdin, then one JSON answer on stdout for each command."""
import json, math, sys, time
import torch
import torch.nn.functional as F

job = json.loads(sys.stdin.readline())
torch.set_num_threads(job["threads"])
kind = getattr(torch, job["type"])
tensor = lambda x: torch.tensor(x["data"], dtype=kind).reshape(x["shape"])
image, labels = tensor(job["image"]), tensor(job["labels"]).long()[:, 0]
p = {name: torch.nn.Parameter(tensor(v)) for name, v in job["parameters"].items()}
WIDTH, STAGES, CLASSES = job["width"], job["stages"], job["classes"]


def conv(x, channels, kernel, name, stride=1):
    raw = p[f"{name}.weight"]
    rows = raw if name == "backbone.stem" else raw - raw.mean(1, keepdim=True)
    w = rows * p[f"{name}.scale"][:, None] / (rows.square().sum(1, keepdim=True) + 1e-6).sqrt()
    w = w.reshape(channels, x.shape[1], kernel, kernel, kernel)
    return F.conv3d(x, w, bias=p[f"{name}.bias"], stride=stride, padding=kernel // 2)


def active(x, variance):
    return F.relu(x) * (2 / (1 - 1 / math.pi) / variance) ** 0.5


def block(x, variance, channels, stride, name):
    before = active(x, variance)
    inner = conv(before, channels, 3, f"{name}.convolution1", stride)
    outer = conv(active(inner, 1), channels, 3, f"{name}.convolution2")
    if stride == 1 and x.shape[1] == channels:
        return x + 0.5 * outer, variance + 0.25
    coarse = before if stride == 1 else F.avg_pool3d(before, stride)
    return conv(coarse, channels, 1, f"{name}.shortcut") + 0.5 * outer, 1.25


def network(x, upsample_first):
    x, variance, stages = conv(x, WIDTH, 3, "backbone.stem"), 1, []
    for s in range(STAGES):
        x, variance = block(x, variance, WIDTH * 2**s, 1 if s == 0 else 2, f"backbone.stage{s + 1}.block1")
        stages.append((x, variance))
    logits = []
    larger = lambda y: F.interpolate(y, scale_factor=2, mode="nearest")
    for s in reversed(range(STAGES - 1)):
        name, channels = f"decoder.stage{s + 1}", WIDTH * 2**s
        before = active(x, variance)
        # The same either way; the oracle has the order of the paper, the peer the quick one.
        if upsample_first:
            up = conv(larger(before), channels, 1, f"{name}.up")
        else:
            up = larger(conv(before, channels, 1, f"{name}.up"))
        x, variance = block(stages[s][0] + up, stages[s][1] + 1, channels, 1, f"{name}.block1")
        w = p[f"{name}.logits.weight"][:, :, None, None, None]
        logits.insert(0, F.conv3d(active(x, variance), w, bias=p[f"{name}.logits.bias"]))
    return logits


def loss_of(logits, truth):
    logs = F.log_softmax(logits, 1)
    cross_entropy = -(logs * truth).sum(1).mean((1, 2, 3))
    probabilities = logs.exp()[:, 1:]
    both = (probabilities * truth[:, 1:]).sum((2, 3, 4))
    sums = probabilities.sum((2, 3, 4)) + truth[:, 1:].sum((2, 3, 4))
    present = truth[:, 1:].sum((2, 3, 4)) > 0
    missed = (1 - (2 * both + 1) / (sums + 1)) * present
    return (cross_entropy + missed.sum(1) / present.sum(1).clamp(min=1)).mean()


def whole_loss(levels):
    truth = F.one_hot(labels, CLASSES).permute(0, 4, 1, 2, 3).to(kind)
    factors = [2.0**-level for level in range(len(levels))]
    return sum(
        f / sum(factors) * loss_of(logits, F.avg_pool3d(truth, 2**level) if level else truth)
        for level, (f, logits) in enumerate(zip(factors, levels))
    )


averaged = [value.detach().clone() for value in p.values()]
optimizer = torch.optim.AdamW(p.values(), weight_decay=0, lr=job.get("learningRate", 1e-3))


def gradients():
    levels = network(image, True)
    loss = whole_loss(levels)
    loss.backward()
    found = {name: value.grad.flatten().tolist() for name, value in p.items()}
    return {"loss": loss.item(), "logits": levels[0].flatten().tolist(), "gradients": found}


def steps(count):
    start, losses = time.perf_counter(), []
    for _ in range(count):
        optimizer.zero_grad(set_to_none=True)
        loss = whole_loss(network(image, False))
        loss.backward()
        torch.nn.utils.clip_grad_norm_(p.values(), 5.0)
        optimizer.step()
        with torch.no_grad():
            torch._foreach_mul_(averaged, 0.99)
            torch._foreach_add_(averaged, list(p.values()), alpha=0.01)
        losses.append(loss.item())
    return {"seconds": time.perf_counter() - start, "losses": losses}


@torch.inference_mode()
def forwards(count):
    patch, start = image[:1], time.perf_counter()
    for _ in range(count):
        logits = network(patch, False)[0]
    return {"seconds": time.perf_counter() - start, "logits": logits.flatten()[:1000].tolist()}


for line in sys.stdin:
    command = json.loads(line)
    if "steps" in command:
        answer = steps(command["steps"])
    elif "forwards" in command:
        answer = forwards(command["forwards"])
    else:
        answer = gradients()
    print(json.dumps(answer), flush=True)
