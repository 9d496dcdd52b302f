"""Models of torchaudio, and a recurrent net that torch itself provides. They are smaller than the published ones, but
of the same architecture."""
from registry import model


@model("torchaudio", "float32[1,4000]")
def wav2vec2():
    """wav2vec 2.0, two layers"""
    from torchaudio.models import wav2vec2_model

    return wav2vec2_model(
        extractor_mode="group_norm", extractor_conv_layer_config=[(32, 10, 5), (32, 3, 2), (32, 3, 2)],
        extractor_conv_bias=False, encoder_embed_dim=64, encoder_projection_dropout=0.1, encoder_pos_conv_kernel=16,
        encoder_pos_conv_groups=4, encoder_num_layers=2, encoder_num_heads=4, encoder_attention_dropout=0.1,
        encoder_ff_interm_features=128, encoder_ff_interm_dropout=0.1, encoder_dropout=0.1,
        encoder_layer_norm_first=False, encoder_layer_drop=0.05, aux_num_out=16)


@model("torchaudio", "float32[2,17,32]", "int64[2]=[16,12]")
def emformer():
    """Emformer, two layers, segments of 4 frames"""
    from torchaudio.models import Emformer

    return Emformer(input_dim=32, num_heads=4, ffn_dim=64, num_layers=2, segment_length=4, left_context_length=4,
                    right_context_length=1)


@model("torchaudio", "float32[1,1,2000]")
def conv_tasnet():
    """ConvTasNet, two stacks of three layers"""
    from torchaudio.models import ConvTasNet

    return ConvTasNet(num_sources=2, enc_kernel_size=16, enc_num_feats=64, msk_kernel_size=3, msk_num_feats=32,
                      msk_num_hidden_feats=64, msk_num_layers=3, msk_num_stacks=2)


@model("torchaudio", "int64[2,12]=randint(0,38)", "int64[2]=[12,9]", "float32[2,8,15]", "int64[2]=[15,11]")
def tacotron2():
    """Tacotron 2; its prenet drops out in evaluation mode too"""
    from torchaudio.models import Tacotron2

    return Tacotron2(n_mels=8, n_symbol=38, symbol_embedding_dim=32, encoder_embedding_dim=32, decoder_rnn_dim=48,
                     attention_rnn_dim=48, attention_hidden_dim=16, attention_location_n_filter=4,
                     prenet_dim=16, postnet_embedding_dim=32)


@model("torchaudio", "float32[2,20,32]", "int64[2]=[20,14]")
def conformer():
    """Conformer, two layers"""
    from torchaudio.models import Conformer

    return Conformer(input_dim=32, num_heads=4, ffn_dim=64, num_layers=2, depthwise_conv_kernel_size=7)


@model("torch", "float32[200,1,8]", traced=True)
def lstm_200():
    """LSTM cell, unrolled over 200 steps by tracing"""
    import torch

    class Unrolled(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.cell = torch.nn.LSTMCell(8, 16)

        def forward(self, x):
            h = torch.zeros(x.size(1), 16)
            c = torch.zeros(x.size(1), 16)
            for step in range(200):
                h, c = self.cell(x[step], (h, c))
            return h

    return Unrolled()
