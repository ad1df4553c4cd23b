"""Makes the golden checkpoints and transformers' logits for them. Run by `scripts/regenerate_golden` in its
own environment.

The checkpoints are saved by transformers itself, so that reading what it writes is tested as well.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import torch
import transformers

sys.path.insert(0, str(Path(__file__).parent.parent))
from tiny_checkpoint import tiny_config, tiny_weights

HERE = Path(__file__).parent
CASES = {
    "qwen2-tied": (
        "qwen2",
        torch.float32,
        {"head_dim": 16, "num_attention_heads": 2, "num_key_value_heads": 1},
    ),
    "qwen2-untied": ("qwen2", torch.bfloat16, {"tie_word_embeddings": False, "rope_theta": 1000000.0}),
    "qwen3-tied": ("qwen3", torch.float32, {"head_dim": 32, "num_key_value_heads": 1}),
    "qwen3-untied": ("qwen3", torch.float16, {"tie_word_embeddings": False, "rms_norm_eps": 1e-5}),
}
TOKENS = [3, 7, 65, 300, 301, 1, 0, 88, 250, 12, 12, 383, 9, 140]


def make(name: str) -> None:
    family, dtype, changes = CASES[name]
    config = tiny_config(family, hidden_size=32, intermediate_size=48, head_dim=16, vocab_size=384) | changes
    folder = HERE / name
    folder.mkdir(exist_ok=True)
    made = transformers.AutoModelForCausalLM.from_config(transformers.AutoConfig.for_model(**config)).eval()
    weights = {k: torch.from_numpy(v) for k, v in tiny_weights(config, seed=len(name)).items()}
    missing, unexpected = made.load_state_dict(weights, strict=False)
    assert not unexpected and set(missing) <= {"lm_head.weight"}, (missing, unexpected)
    made.tie_weights()
    made.to(dtype).save_pretrained(folder)
    # The saved weights, rounded to their type, computed in float32.
    model = transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    with torch.no_grad():
        logits = model(torch.tensor([TOKENS])).logits[0].numpy()
    np.savez_compressed(folder / "expected.npz", tokens=np.array(TOKENS), logits=logits.astype(np.float32))
    (folder / "generation_config.json").unlink(missing_ok=True)


for case in CASES:
    make(case)
versions = {"torch": torch.__version__, "transformers": transformers.__version__, "numpy": np.__version__}
(HERE / "versions.json").write_text(json.dumps(versions, indent=2) + "\n")
