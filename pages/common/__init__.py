"""What pages share: the frame, the language, checked links, the transport and the pictures' element."""
