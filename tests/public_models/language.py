"""Models of transformers, traced, as its manual says to. Two layers each, and small vocabularies."""
import torch

from registry import model

TOKENS = "int64[2,16]=randint(1,100)"
MASK = "int64[2,16]=ones"
SMALL = dict(vocab_size=100, hidden_size=64, num_hidden_layers=2, num_attention_heads=4, intermediate_size=128)


class Named(torch.nn.Module):
    """Calls a model with arguments by name, and returns its first output."""

    def __init__(self, model, *names, **others):
        super().__init__()
        self.model = model
        self.names = names
        self.others = others

    def forward(self, *arguments):
        return self.model(**dict(zip(self.names, arguments)), return_dict=False, **self.others)[0]


class WithMask(Named):
    def forward(self, tokens, mask):
        return super().forward(tokens, mask)


class WithTarget(Named):
    def forward(self, tokens, mask, target):
        return super().forward(tokens, mask, target)


def with_mask(model):
    return WithMask(model, "input_ids", "attention_mask")


def without_cache(model):
    return WithMask(model, "input_ids", "attention_mask", use_cache=False)


@model("transformers", TOKENS, MASK, traced=True)
def bert():
    """BERT"""
    from transformers import BertConfig, BertModel

    return with_mask(BertModel(BertConfig(**SMALL)))


@model("transformers", TOKENS, MASK, traced=True)
def gpt2():
    """GPT-2, eager attention"""
    from transformers import GPT2Config, GPT2LMHeadModel

    return without_cache(GPT2LMHeadModel(GPT2Config(vocab_size=100, n_positions=64, n_embd=64, n_layer=2, n_head=4,
                                                    attn_implementation="eager")))


@model("transformers", TOKENS, MASK, "int64[2,8]=randint(1,100)", traced=True)
def t5():
    """T5, encoder and decoder"""
    from transformers import T5Config, T5ForConditionalGeneration

    config = T5Config(vocab_size=100, d_model=64, d_kv=16, d_ff=128, num_layers=2, num_heads=4)
    return WithTarget(T5ForConditionalGeneration(config), "input_ids", "attention_mask", "decoder_input_ids",
                      use_cache=False)


@model("transformers", TOKENS, MASK, traced=True)
def distilbert():
    """DistilBERT, classification"""
    from transformers import DistilBertConfig, DistilBertForSequenceClassification

    return with_mask(DistilBertForSequenceClassification(DistilBertConfig(vocab_size=100, dim=64, n_layers=2, n_heads=4,
                                                                          hidden_dim=128)))


@model("transformers", TOKENS, MASK, traced=True)
def llama():
    """Llama, two groups of key and value heads"""
    from transformers import LlamaConfig, LlamaForCausalLM

    return without_cache(LlamaForCausalLM(LlamaConfig(**SMALL, num_key_value_heads=2, attn_implementation="eager")))
