"""A small Whisper: its shape, and a forward pass that does not pay for silence.

Whisper hears windows of 30 s, most of which is padding in a call. Here only the utterance and
a few sampled positions of the padding are computed; the attention to each sampled one is
raised by log(n / k), as if all n were there. Early on, of the utterance too only every third
position is computed: the convolutions before have seen the ones between. The weights are those
of transformers' `WhisperForConditionalGeneration`, so that they export as they are.
"""

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from transformers import WhisperConfig, WhisperForConditionalGeneration

from voice.training.features import FINALS, INITIALS, syllables
from voice.training.vocabulary import TIMESTAMPS, numbers, tokens

POSITIONS = 1500  # of the encoder, 20 ms each
HEAD = 80  # width of a head
REACHES = (5, 3, 10)  # positions that the heads of each encoder layer begin by looking away
LOCAL = 1.3  # how sharply


def config(width: int, encoder_layers: int, decoder_layers: int) -> WhisperConfig:
    """The shape of the network."""
    heads = width // HEAD
    number = numbers()
    return WhisperConfig(
        vocab_size=len(tokens()) + len(TIMESTAMPS),
        num_mel_bins=80,
        d_model=width,
        encoder_layers=encoder_layers,
        decoder_layers=decoder_layers,
        encoder_attention_heads=heads,
        decoder_attention_heads=heads,
        encoder_ffn_dim=4 * width,
        decoder_ffn_dim=4 * width,
        max_source_positions=POSITIONS,
        max_target_positions=448,
        init_std=0.06,
        decoder_start_token_id=number["<|startoftranscript|>"],
        bos_token_id=number["<|endoftext|>"],
        eos_token_id=number["<|endoftext|>"],
        pad_token_id=number["<|endoftext|>"],
        suppress_tokens=[],
        begin_suppress_tokens=[],
    )


@dataclass
class Heard:
    """Encoder states [batch, positions, width] at ``places``; keys from ``length`` on are
    ``raised`` by that."""

    states: Tensor
    places: Tensor
    length: int
    raised: float


class Network(nn.Module):
    """The Whisper, whose tokens share what they sound like while it is trained."""

    def __init__(self, shape: WhisperConfig) -> None:
        super().__init__()
        self.whisper = WhisperForConditionalGeneration(shape)
        self.heads = shape.encoder_attention_heads
        # What tokens of one sound share. Kept apart while training, so that a syllable learned
        # in one character is known in all of them.
        self.initial_part = nn.Embedding(len(INITIALS) + 1, shape.d_model)
        self.final_part = nn.Embedding(len(FINALS) + 1, shape.d_model)
        sound = torch.zeros(shape.vocab_size, 2, dtype=torch.long)
        sound[:, 0], sound[:, 1] = len(INITIALS), len(FINALS)
        for number, token in enumerate(tokens()):
            if len(token) == 1 and (known := syllables(token)[0])[0] >= 0:
                sound[number] = known
        self.register_buffer("sound", sound, persistent=False)
        for part in (self.initial_part, self.final_part):
            nn.init.normal_(part.weight, std=0.06)
        nn.init.normal_(self.own.weight, std=0.02)
        for layer in (self.whisper.model.encoder.conv1, self.whisper.model.encoder.conv2):
            nn.init.normal_(layer.weight, std=0.1)  # heard over the sinusoids of the positions
        self._begin_local()
        self._begin_as_a_pointer()

    @torch.no_grad()
    def _begin_local(self) -> None:
        """At first each head of the encoder hears what is some positions before or after: the
        sinusoids of the positions, turned by that offset, match there."""
        width = self.whisper.config.d_model
        half, pairs = width // 2, HEAD // 2
        speed = torch.exp(-math.log(10_000) / (half - 1) * torch.arange(pairs))
        index = torch.arange(pairs)
        for layer, reach in zip(self.whisper.model.encoder.layers, REACHES, strict=False):
            query = torch.randn(width, width) * 0.02
            key = torch.randn(width, width) * 0.02
            for head in range(width // HEAD):
                turn = speed * reach * (1 if head % 2 else -1)
                sine, cosine = head * HEAD + index, head * HEAD + pairs + index
                key[sine, index] = key[cosine, half + index] = LOCAL
                query[sine, index] = query[cosine, half + index] = LOCAL * turn.cos()
                query[sine, half + index] = LOCAL * turn.sin()
                query[cosine, index] = -LOCAL * turn.sin()
            layer.self_attn.q_proj.weight.copy_(query)
            layer.self_attn.k_proj.weight.copy_(key)

    @torch.no_grad()
    def _begin_as_a_pointer(self) -> None:
        """At first the decoder copies the sound it looks at, and finds the character before by
        its sound: both are then only refined, not discovered."""
        first, *_, last = self.whisper.model.decoder.layers
        one = torch.eye(self.whisper.config.d_model)
        last.encoder_attn.v_proj.weight.copy_(one)
        last.encoder_attn.out_proj.weight.copy_(one)
        first.encoder_attn.q_proj.weight[:HEAD] = one[:HEAD]
        first.encoder_attn.k_proj.weight[:HEAD] = one[:HEAD]

    def syllable(self, states: Tensor) -> tuple[Tensor, Tensor]:
        """Scores of the initial and of the final at each position, by the tokens' own parts."""
        initial = F.linear(states, self.initial_part.weight[: len(INITIALS)])
        return initial, F.linear(states, self.final_part.weight[: len(FINALS)])

    @property
    def own(self) -> nn.Embedding:
        """What each token has for itself alone."""
        return self.whisper.model.decoder.embed_tokens

    def embedding(self) -> Tensor:
        """The vectors of all tokens: their own and their sound's."""
        initial, final = self.sound.unbind(-1)
        return self.own.weight + self.initial_part(initial) + self.final_part(final)

    def encode(self, mel: Tensor, window: int, sampled: int, stride: int = 1) -> Heard:
        """``mel`` [batch, 80, frames] in a window of ``window`` positions, of whose padding
        ``sampled`` positions are computed; of the utterance every ``stride``-th."""
        encoder = self.whisper.model.encoder
        padding = mel.shape[2] // 2
        rest = window - padding
        places = torch.arange(int(torch.randint(stride, ())), padding, stride)
        states = self._convolve_at(mel, places) if stride > 1 else self._convolve(mel)
        length = len(places)
        raised = 0.0
        if rest > 0:
            count = min(sampled, rest)
            empty = torch.zeros(1, mel.shape[1], 8, dtype=mel.dtype)
            empty = self._convolve(empty)[:, 2:3]
            states = torch.cat((states, empty.expand(len(mel), count, -1)), 1)
            chosen = torch.randperm(rest)[:count].sort().values + padding
            places = torch.cat((places, chosen))
            raised = math.log(rest / count / stride)
        states = states + encoder.embed_positions.weight[places]
        for layer in encoder.layers:
            inner = layer.self_attn_layer_norm(states)
            states = states + self._hear(layer.self_attn, inner, length, raised)
            inner = layer.final_layer_norm(states)
            states = states + layer.fc2(F.gelu(layer.fc1(inner)))
        return Heard(encoder.layer_norm(states), places, length, raised)

    def _convolve(self, mel: Tensor) -> Tensor:
        encoder = self.whisper.model.encoder
        return F.gelu(encoder.conv2(F.gelu(encoder.conv1(mel)))).transpose(1, 2)

    def _convolve_at(self, mel: Tensor, places: Tensor) -> Tensor:
        """The same at evenly spaced places only, as matrix products: each sees five frames.
        (The very first place sees two of silence where the real one sees none.)"""
        encoder = self.whisper.model.encoder
        frames = F.pad(mel, (2, 2)).transpose(1, 2).contiguous()
        first = encoder.conv1.weight.permute(2, 1, 0).flatten(0, 1)
        second = encoder.conv2.weight.permute(2, 1, 0).flatten(0, 1)
        begin, step = 2 * int(places[0]), 2 * int(places[1] - places[0])
        bands = mel.shape[1]
        seen = frames.as_strided(
            (len(mel), len(places), 3, 3 * bands),
            (frames.stride(0), step * bands, bands, 1),
            begin * bands,
        )
        inner = F.gelu(seen @ first + encoder.conv1.bias)
        return F.gelu(inner.flatten(2) @ second + encoder.conv2.bias)

    def decode(self, ids: Tensor, heard: Heard) -> tuple[Tensor, list[Tensor], Tensor]:
        """States [batch, tokens, width] before the output, the weights of each layer's heads
        [batch, heads, tokens, positions], and the vectors of all tokens."""
        decoder = self.whisper.model.decoder
        embedding = self.embedding()
        states = F.embedding(ids, embedding) + decoder.embed_positions.weight[: ids.shape[1]]
        causal = torch.full((ids.shape[1], ids.shape[1]), -1e4, dtype=states.dtype).triu(1)
        looks = []
        for layer in decoder.layers:
            inner = layer.self_attn_layer_norm(states)
            states = states + self._recall(layer.self_attn, inner, causal)
            inner = layer.encoder_attn_layer_norm(states)
            found, look = self._look(layer.encoder_attn, inner, heard)
            looks.append(look)
            states = states + found
            inner = layer.final_layer_norm(states)
            states = states + layer.fc2(F.gelu(layer.fc1(inner)))
        return decoder.layer_norm(states), looks, embedding

    def _split(self, states: Tensor) -> Tensor:
        return states.unflatten(-1, (self.heads, -1)).transpose(1, 2)

    def _scores(self, attention: nn.Module, query: Tensor, key: Tensor) -> Tensor:
        queries = self._split(attention.q_proj(query))
        keys = self._split(attention.k_proj(key)) / math.sqrt(HEAD)
        return queries @ keys.transpose(-1, -2)

    def _found(self, attention: nn.Module, weights: Tensor, key: Tensor) -> Tensor:
        found = weights @ self._split(attention.v_proj(key))
        return attention.out_proj(found.transpose(1, 2).flatten(2))

    def _hear(self, attention: nn.Module, states: Tensor, length: int, raised: float) -> Tensor:
        scores = self._scores(attention, states, states)
        if raised:
            scores[..., length:] += raised
        return self._found(attention, scores.softmax(-1), states)

    def _recall(self, attention: nn.Module, states: Tensor, causal: Tensor) -> Tensor:
        scores = self._scores(attention, states, states) + causal
        return self._found(attention, scores.softmax(-1), states)

    def _look(self, attention: nn.Module, query: Tensor, heard: Heard) -> tuple[Tensor, Tensor]:
        scores = self._scores(attention, query, heard.states)
        if heard.raised:
            scores[..., heard.length :] += heard.raised
        weights = scores.float().softmax(-1)
        found = self._found(attention, weights.to(query.dtype), heard.states)
        return found, weights
