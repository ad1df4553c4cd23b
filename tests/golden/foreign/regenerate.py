"""Makes model directories with other people's tools, and transformers' logits for them. Run by
`scripts/regenerate_foreign`, each stage in its own environment: the tools want different releases.

checkpoint   this package: a tiny checkpoint with a tokenizer, in build/foreign
optimum      optimum-onnx: `optimum`, and of its graph the layout and formats of onnx-community: `community`
genai        onnxruntime-genai's builder: `genai`
"""

from __future__ import annotations

import json
import logging
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).parent
CHECKPOINT = HERE.parents[2] / "build" / "foreign" / "tiny-qwen"
TOKENS = [3, 7, 65, 300, 301, 1, 0, 88, 250, 12, 12, 383, 9, 140]
SMALL = {"hidden_size": 16, "intermediate_size": 32, "num_attention_heads": 2, "num_key_value_heads": 1}
# What is read of the tokenizer; the rest of what the tools save says the same again.
TEXTS = ("config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json")


def checkpoint() -> None:
    from tests.tiny import ADDED, tiny_tables, write_checkpoint
    from tests.tiny_checkpoint import tiny_config, tiny_weights

    first = len(tiny_tables()[0])
    ids = {text: first + i for i, (text, _) in enumerate(ADDED)}
    ends = {"bos_token_id": ids["<|endoftext|>"], "eos_token_id": ids["<|im_end|>"]}
    config = tiny_config("qwen2", **SMALL, **ends, tie_word_embeddings=False)
    folder = write_checkpoint(CHECKPOINT, config, tiny_weights(config, seed=2))
    eos = [ends["eos_token_id"], ends["bos_token_id"]]
    (folder / "generation_config.json").write_text(json.dumps(ends | {"eos_token_id": eos}))


def optimum() -> None:
    from optimum.exporters.onnx import main_export

    target = HERE / "optimum"
    shutil.rmtree(target, ignore_errors=True)
    main_export(str(CHECKPOINT), target, task="text-generation-with-past", library_name="transformers")
    keep(target, *TEXTS, "chat_template.jinja", "model.onnx")
    community()
    expect()
    note("optimum-onnx", "optimum", "transformers", "torch", "onnx", "onnxruntime-gpu")


def community() -> None:
    """The layout of the hub's onnx-community: variants in `onnx/`, the template in tokenizer_config.json."""
    import onnx
    from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer
    from onnxruntime.transformers.float16 import convert_float_to_float16

    source, target = HERE / "optimum", HERE / "community"
    shutil.rmtree(target, ignore_errors=True)
    (target / "onnx").mkdir(parents=True)
    for name in ("config.json", "generation_config.json", "tokenizer.json"):
        shutil.copy(source / name, target / name)
    texts = json.loads((source / "tokenizer_config.json").read_text())
    template = (CHECKPOINT / "tokenizer_config.json").read_text()
    texts["chat_template"] = json.loads(template)["chat_template"]
    (target / "tokenizer_config.json").write_text(json.dumps(texts, indent=2))
    quantizer = MatMulNBitsQuantizer(
        onnx.load(source / "model.onnx"), block_size=32, is_symmetric=True, bits=4
    )
    logging.disable()
    quantizer.process()
    onnx.save(quantizer.model.model, target / "onnx" / "model_q4.onnx")
    half = convert_float_to_float16(onnx.load(source / "model.onnx"))
    onnx.save(half, target / "onnx" / "model_fp16.onnx")


def genai() -> None:
    from onnxruntime_genai.models import builder

    target = HERE / "genai"
    shutil.rmtree(target, ignore_errors=True)
    command = [sys.executable, builder.__file__, "-m", "", "-i", str(CHECKPOINT), "-o", str(target)]
    subprocess.run([*command, "-p", "fp32", "-e", "cpu", "-c", str(CHECKPOINT / "cache")], check=True)
    keep(target, *TEXTS, "chat_template.jinja", "genai_config.json", "model.onnx", "model.onnx.data")
    note("onnxruntime-genai", "transformers", "torch", "onnx_ir", into="genai: ")


def expect() -> None:
    """Stores what transformers computes in float32."""
    import torch
    import transformers

    model = transformers.AutoModelForCausalLM.from_pretrained(CHECKPOINT, dtype=torch.float32)
    with torch.no_grad():
        logits = model.eval()(torch.tensor([TOKENS])).logits[0].numpy()
    np.savez_compressed(HERE / "expected.npz", tokens=np.array(TOKENS), logits=logits)


def keep(folder: Path, *names: str) -> None:
    for file in folder.iterdir():
        if file.name not in names:
            file.unlink()


def note(*packages: str, into: str = "") -> None:
    """Stores the versions of the tools."""
    file = HERE / "versions.json"
    known: dict[str, Any] = json.loads(file.read_text()) if file.exists() else {}
    known |= {into + package: version(package) for package in packages}
    file.write_text(json.dumps(known, indent=2, sort_keys=True) + "\n")


{"checkpoint": checkpoint, "optimum": optimum, "genai": genai}[sys.argv[1]]()
