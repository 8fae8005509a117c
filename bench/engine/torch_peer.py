"""The bench's network in PyTorch: answers one JSON line on stdout for each JSON line on stdin (see peers.ts)."""
import json, math, sys, time
import torch
import torch.nn.functional as F

job = json.loads(sys.stdin.readline())
torch.set_num_threads(job["threads"])
config, batch = job["config"], job["batch"]
theta = torch.frombuffer(bytearray(open(job["theta"], "rb").read()), dtype=torch.float32)
p = {}
for entry in job["parameters"]:
    start, shape = entry["offset"], entry["shape"]
    value = theta[start : start + torch.Size(shape).numel()].reshape(shape).clone()
    p[entry["name"]] = value if entry["frozen"] else torch.nn.Parameter(value)
decay = [p[e["name"]] for e in job["parameters"] if e["decay"]]
plain = [p[e["name"]] for e in job["parameters"] if not e["decay"] and not e["frozen"]]
del theta


RELU_GAIN = (2 / (1 - 1 / math.pi)) ** 0.5
BRANCH = 0.5
SPREAD = 0.4


def conv(x, channels, kernel, name, stride=1):
    raw = p[f"{name}.weight"]
    rows = raw if name == "backbone.stem" else raw - raw.mean(1, keepdim=True)
    scale = p[f"{name}.scale"][:, None] / (rows.square().sum(1, keepdim=True) + 1e-6).sqrt()
    w = (rows * scale).reshape(channels, x.shape[1], kernel, kernel, kernel)
    return F.conv3d(x, w, bias=p[f"{name}.bias"], stride=stride, padding=(kernel - 1) // 2)


def active(x, variance):
    return F.relu(x) * (RELU_GAIN / variance**0.5)


def block(x, variance, channels, stride, name):
    before = active(x, variance)
    inner = conv(before, channels, 3, f"{name}.convolution1", stride)
    outer = conv(active(inner, 1), channels, 3, f"{name}.convolution2")
    if stride == 1 and x.shape[1] == channels:
        return x + BRANCH * outer, variance + BRANCH**2
    coarse = before if stride == 1 else F.avg_pool3d(before, stride)
    return conv(coarse, channels, 1, f"{name}.shortcut") + BRANCH * outer, 1 + BRANCH**2


def dense(x, name):
    return x @ p[f"{name}.weight"] + p[f"{name}.bias"]


def ple(x):
    tasks, levels = config["tasks"], config["ple"]["levels"]
    own_n, shared_n = config["ple"]["expertsPerTask"], config["ple"]["sharedExperts"]
    inputs, shared_input = [x for _ in tasks], x
    for level in range(1, levels + 1):
        at = f"ple.level{level}"
        experts = lambda v, owner, n: [F.relu(dense(v, f"{at}.{owner}.expert{e + 1}")) for e in range(n)]

        def select(v, gate, among):
            weights = torch.softmax(dense(v, f"{at}.{gate}.gate"), -1)
            return (weights.unsqueeze(-1) * torch.stack(among, 1)).sum(1)

        own = [experts(v, task, own_n) for v, task in zip(inputs, tasks)]
        shared = experts(shared_input, "shared", shared_n)
        following = [select(v, task, own[t] + shared) for t, (v, task) in enumerate(zip(inputs, tasks))]
        if level < levels:
            shared_input = select(shared_input, "shared", sum(own, []) + shared)
        inputs = following
    return inputs


def middle(side):
    along = torch.exp(-((((torch.arange(side) + 0.5) / side - 0.5) * 8) ** 2) / 2)
    return along[:, None, None] * along[None, :, None] * along[None, None, :]


def network(image):
    backbone = config["backbone"]
    stem, width = backbone["stem"], backbone["width"]
    steps = torch.cat([image, 4 * (image[:, 1:] - image[:, :-1])], 1)
    x, variance = conv(steps, width, stem["kernel"], "backbone.stem", stem["stride"]), 1
    levels = []
    for stage in range(backbone["stages"]):
        for b in range(2):
            stride = 2 if stage > 0 and b == 0 else 1
            x, variance = block(x, variance, width * 2**stage, stride, f"backbone.stage{stage + 1}.block{b + 1}")
        features, weights = active(x, variance), middle(x.shape[2])
        levels += [features.mean((2, 3, 4)), (features * weights).sum((2, 3, 4)) / (weights.sum() + 1e-2)]
    deep = (torch.cat(levels, 1) - p["deep.mean"]) * p["deep.gain"]
    small = (2 / deep.shape[1]) ** 0.5 / SPREAD
    outputs = ple(F.relu(dense(deep * small, "embedding")))
    towers = [dense(F.relu(dense(o, f"tower.{t}.hidden")), f"tower.{t}.logit") for o, t in zip(outputs, config["tasks"])]
    return torch.cat(towers, 1)


def data(n):
    c, v = config["channels"], config["voxels"]
    values = torch.frombuffer(bytearray(open(job["data"], "rb").read()), dtype=torch.float32)
    image = values[: n * c * v**3].reshape(n, c, v, v, v).clone()
    labels = values[-n * len(config["tasks"]) :].reshape(n, -1).gt(0).float()
    return image, labels


averaged = [value.detach().clone() for value in decay + plain]
optimizer = torch.optim.AdamW([{"params": decay, "weight_decay": 0.05}, {"params": plain, "weight_decay": 0.0}])


def train(steps):
    image, labels = train.batch = getattr(train, "batch", None) or data(batch)
    losses = []
    for _ in range(steps):
        for group in optimizer.param_groups:
            group["lr"] = job["learningRate"]
        optimizer.zero_grad(set_to_none=True)
        loss = F.binary_cross_entropy_with_logits(network(image), labels, reduction="none").mean(0).sum()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(decay + plain, 5.0)
        optimizer.step()
        with torch.no_grad():
            torch._foreach_mul_(averaged, job["averaging"])
            torch._foreach_add_(averaged, decay + plain, alpha=1 - job["averaging"])
        losses.append(loss.item())
    return losses


def infer(n):
    with torch.inference_mode():
        if infer.cases.get(n) is None:
            infer.cases[n] = data(n)[0]
        return torch.sigmoid(network(infer.cases[n])).flatten().tolist()


infer.cases = {}

for line in sys.stdin:
    command = json.loads(line)
    start = time.perf_counter()
    values = train(command["steps"]) if "steps" in command else infer(command["cases"])
    seconds = time.perf_counter() - start
    status = dict(row.split(":", 1) for row in open("/proc/self/status"))
    peak = int(status["VmHWM"].split()[0]) * 1024
    print(json.dumps({"seconds": seconds, "values": values, "peakBytes": peak}), flush=True)
