"""What pages share: the frame, the language, checked links, the transport and the pictures' element."""

from rnn_core import environment

environment.compute_with_one_thread()
