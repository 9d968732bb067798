"""The numbers in an ONNX file, by name; of its format only the fields that hold them are known."""

from pathlib import Path
from typing import Any

import numpy as np
from google.protobuf.descriptor_pb2 import FieldDescriptorProto, FileDescriptorProto
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message import DecodeError
from google.protobuf.message_factory import GetMessageClass

from bot.rules.errors import Unavailable
from voice.audio import Floats

_FLOAT32 = 1
_FIELDS = (  # message, field, its number in onnx.proto, its type, whether there are many
    ("Model", "graph", 7, ".onnx.Graph", False),
    ("Graph", "initializer", 5, ".onnx.Tensor", True),
    ("Tensor", "dims", 1, FieldDescriptorProto.TYPE_INT64, True),
    ("Tensor", "data_type", 2, FieldDescriptorProto.TYPE_INT32, False),
    ("Tensor", "name", 8, FieldDescriptorProto.TYPE_STRING, False),
    ("Tensor", "raw_data", 9, FieldDescriptorProto.TYPE_BYTES, False),
)


def numbers(path: Path) -> dict[str, Floats]:
    """Its weights that are float32. Raises `Unavailable`."""
    model = _model()
    try:
        model.ParseFromString(path.read_bytes())
        return {
            tensor.name: np.frombuffer(tensor.raw_data, "<f4").reshape(tensor.dims)
            for tensor in model.graph.initializer
            if tensor.data_type == _FLOAT32
        }
    except (OSError, DecodeError, ValueError) as error:
        raise Unavailable(f"a model cannot be read: {path.name}") from error


def _model() -> Any:
    file = FileDescriptorProto(name="onnx.proto", package="onnx")
    messages = {name: file.message_type.add(name=name) for name in ("Model", "Graph", "Tensor")}
    for message, name, number, kind, many in _FIELDS:
        field = messages[message].field.add(name=name, number=number)
        field.label = field.LABEL_REPEATED if many else field.LABEL_OPTIONAL
        if isinstance(kind, str):
            field.type, field.type_name = field.TYPE_MESSAGE, kind
        else:
            field.type = kind
    pool = DescriptorPool()
    pool.Add(file)
    return GetMessageClass(pool.FindMessageTypeByName("onnx.Model"))()
