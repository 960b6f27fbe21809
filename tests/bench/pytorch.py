"""The pocket model in PyTorch on one CPU thread: an imitation pass and decoding, timed like heldout's own.

Reads a JSON file {config, parameters, specs, batches, decode}; prints {loss, trainSeconds, decodeTokensPerSecond}.
"""

import json
import math
import sys
import time

import torch
import torch.nn.functional as F

torch.set_num_threads(1)
with open(sys.argv[1]) as file:
    job = json.load(file)
c = job["config"]
heads, size = c["heads"], c["headSize"]
group = heads // c["keyHeads"]
flat = torch.frombuffer(bytearray(open(job["parameters"], "rb").read()), dtype=torch.float32)
P = {}
for spec in job["specs"]:
    start, count = spec["offset"], spec["size"]
    P[spec["name"]] = flat[start : start + count].view(spec["shape"]).clone().requires_grad_()

half = size // 2
angle = torch.arange(c["context"])[:, None] * 10000 ** (-torch.arange(half) / half)
COS, SIN = angle.cos(), angle.sin()


def rotate(x, cos, sin):
    a, b = x[..., :half], x[..., half:]
    return torch.cat([a * cos - b * sin, b * cos + a * sin], -1)


def norm(x):
    return F.layer_norm(x, (c["width"],))


def blocks(tokens, before, cos, sin, attend):
    x = P["embedding"][tokens] + P["embedding"][before] @ P["smear"]
    batch, length = tokens.shape
    for l in range(c["layers"]):
        h = norm(x)
        q, k, v = (
            (h @ P[f"{name}{l}"]).view(batch, length, -1, size).transpose(1, 2) for name in ("query", "key", "value")
        )
        mixed = attend(l, rotate(q, cos, sin), rotate(k, cos, sin), v)
        x = x + mixed.transpose(1, 2).reshape(batch, length, -1) @ P[f"attended{l}"]
        x = x + F.relu(norm(x) @ P[f"expand{l}"]).square() @ P[f"contract{l}"]
    return norm(x)


def shifted(tokens):
    return F.pad(tokens, (1, 0))[:, :-1]


def causal(_, q, k, v):
    return F.scaled_dot_product_attention(q, k.repeat_interleave(group, 1), v.repeat_interleave(group, 1), is_causal=True)


def imitation_loss(tokens, rows, target, weight):
    length = tokens.shape[1]
    hidden = blocks(tokens, shifted(tokens), COS[:length], SIN[:length], causal)
    at = hidden.gather(1, rows[..., None].expand(-1, -1, c["width"]))
    written = (at @ P["embedding"].T).log_softmax(-1).gather(2, target[..., None])[..., 0].exp()
    scores = (at @ P["pointerQuery"]) @ (hidden @ P["pointerKey"]).transpose(1, 2) / math.sqrt(c["pointer"])
    readable = torch.arange(length) < rows[..., None]
    following = F.pad(tokens, (0, 1))[:, 1:]
    matches = readable & (following[:, None] == target[..., None])
    copied = (scores.masked_fill(~readable, -1e9).softmax(-1) * matches).sum(-1)
    gate = (at @ P["gate"]).sigmoid()[..., 0]
    return -(((1 - gate) * written + gate * copied + 1e-9).log() * weight).sum()


batches = [[torch.tensor(column) for column in batch] for batch in job["batches"]]


def train():
    total = 0.0
    for tokens, rows, target, weight in batches:
        loss = imitation_loss(tokens, rows, target, weight)
        loss.backward()
        total += loss.item()
    return total


@torch.inference_mode()
def decode(prompts, attempts, written):
    """Every prompt is read once and answered `attempts` times, with cached keys and values."""
    prompts = torch.tensor(prompts)
    length = prompts.shape[1]
    count, total = prompts.shape[0] * attempts, length + written
    keys = [torch.empty(count, c["keyHeads"], total, size) for _ in range(c["layers"])]
    values = [torch.empty(count, c["keyHeads"], total, size) for _ in range(c["layers"])]
    pointer = torch.empty(count, total, c["pointer"])

    def read(l, q, k, v):
        keys[l][:, :, :length] = k.repeat_interleave(attempts, 0)
        values[l][:, :, :length] = v.repeat_interleave(attempts, 0)
        return causal(l, q, k, v)

    hidden = blocks(prompts, shifted(prompts), COS[:length], SIN[:length], read)
    pointer[:, :length] = (hidden @ P["pointerKey"]).repeat_interleave(attempts, 0)
    known = torch.zeros(count, total + 1, dtype=torch.long)
    known[:, :length] = prompts.repeat_interleave(attempts, 0)
    last = hidden[:, -1].repeat_interleave(attempts, 0)
    for t in range(length, total):
        vocabulary = (last @ P["embedding"].T).softmax(-1)
        scores = torch.einsum("bd,btd->bt", last @ P["pointerQuery"], pointer[:, : t - 1]) / math.sqrt(c["pointer"])
        gate = (last @ P["gate"]).sigmoid()
        mixture = ((1 - gate) * vocabulary).scatter_add_(1, known[:, 1:t], gate * scores.softmax(-1))
        token = torch.multinomial(mixture, 1)
        mixture.gather(1, token).log()
        known[:, t] = token[:, 0]

        def step(l, q, k, v, t=t):
            keys[l][:, :, t : t + 1], values[l][:, :, t : t + 1] = k, v
            q = q.view(count, c["keyHeads"], group, size)
            mixed = F.scaled_dot_product_attention(q, keys[l][:, :, : t + 1], values[l][:, :, : t + 1])
            return mixed.view(count, heads, 1, size)

        hidden = blocks(token, known[:, t - 1 : t], COS[t : t + 1], SIN[t : t + 1], step)
        pointer[:, t : t + 1] = hidden @ P["pointerKey"]
        last = hidden[:, 0]
    return count * written


loss = train()
start, passes = time.process_time(), 0
while passes < 2 or time.process_time() - start < 2:
    train()
    passes += 1
train_seconds = (time.process_time() - start) / passes
decode(**{**job["decode"], "written": 4})
start = time.process_time()
tokens = decode(**job["decode"])
print(json.dumps({"loss": loss, "trainSeconds": train_seconds, "decodeTokensPerSecond": tokens / (time.process_time() - start)}))
